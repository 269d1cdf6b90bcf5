"""A value is of the wrong kind: a number where text is needed, text where an object is.

It cannot be used, so the agent is not offered.

Example: `{"name": "docs", "url": "http://127.0.0.1:8765/", "enabled": "yes"}`
Instead: `{"name": "docs", "url": "http://127.0.0.1:8765/", "enabled": true}`
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dragoman.lint.diagnostic import Diagnostic
from dragoman.lint.subject import Subject

_NAMES = {
    "string": "text in double quotes",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "object": "an object { }",
    "array": "an array [ ]",
}


def check_cell(subject: Subject) -> Iterator[Diagnostic]:
    """One error for each value of the wrong kind."""
    for breach in subject.breaches_of("type"):
        wanted = _wanted(breach.violation.expected)
        path = breach.violation.path
        if not path:
            message = f"An agent is {wanted}."
        else:
            message = f'"{path[-1]}" must be {wanted}.' if isinstance(path[-1], str) else f"This must be {wanted}."
        yield Diagnostic("wrong-type", message, breach.value or breach.owner)


def _wanted(expected: str | Sequence[str]) -> str:
    kinds = [expected] if isinstance(expected, str) else expected
    return " or ".join(_NAMES[kind] for kind in kinds)
