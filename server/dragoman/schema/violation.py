"""One way in which a value breaks its schema."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

Path: TypeAlias = tuple[str | int, ...]
"""Keys and indexes that lead to a value."""


@dataclass(frozen=True, slots=True)
class Violation:
    """One keyword of the schema that a value breaks.

    `path` leads to the value; for `required` and `additionalProperties` it ends with the missing or unknown key,
    for `propertyNames` with the key that may not be.
    `expected` is the keyword's own value: the list of an `enum`, the bound of a `minimum`; for `additionalProperties`
    the known keys. `found` is the value; for `required` and `additionalProperties`, the object.
    """

    keyword: str
    path: Path
    expected: Any
    found: Any
