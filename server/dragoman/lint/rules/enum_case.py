"""A value that is right but for its letter case.

The format's words are exact. AutoDev drops every agent of a file with one wrong letter here.

Example: `{"name": "docs", "url": "http://127.0.0.1:8765/", "responseAction": "direct"}`
Instead: `{"name": "docs", "url": "http://127.0.0.1:8765/", "responseAction": "Direct"}`
"""

from __future__ import annotations

from collections.abc import Iterator

from dragoman.lint.diagnostic import Diagnostic
from dragoman.lint.subject import Subject
from dragoman.lint.suggest import replacement
from dragoman.schema.violation import Violation
from dragoman.syntax.jsonc import encode_string


def check_cell(subject: Subject) -> Iterator[Diagnostic]:
    """One error for each such value."""
    for breach in subject.breaches_of("enum"):
        right = other_case_of(breach.violation)
        if right is not None and breach.value is not None:
            fix = replacement(f"Change to “{right}”", breach.value, encode_string(right))
            message = f'"{breach.violation.found}" must be written "{right}".'
            yield Diagnostic("enum-case", message, breach.value, fixes=(fix,))


def other_case_of(violation: Violation) -> str | None:
    """The allowed value that differs from the one found in its letter case only."""
    if not isinstance(violation.found, str):
        return None
    wanted = violation.found.strip().lower()
    return next((value for value in violation.expected if value.lower() == wanted), None)
