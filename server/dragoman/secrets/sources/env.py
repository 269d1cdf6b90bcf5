"""`${env:NAME}`: a variable of this process's environment."""

from __future__ import annotations

import os


def read(name: str) -> str:
    """The value of the variable `name`, read now. Raises `LookupError` with a clause for a sentence."""
    value = os.environ.get(name)
    if value is None:
        raise LookupError(f"the environment variable {name} is not set")
    return value


def names() -> list[str]:
    """The names of all variables, sorted; never a value."""
    return sorted(os.environ)


def is_set(name: str) -> bool:
    """Whether there is a variable `name`."""
    return name in os.environ
