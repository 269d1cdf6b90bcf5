"""A header that cannot be sent: its name is none, or its value holds a line end.

A name is made of letters, digits and a few signs such as `-` (RFC 9110, 5.6.2). A line end in a value would begin
another header. No request with either can be sent. The same holds for a token, which travels in a header.

Example: `{"connector": {"requestFormat": {"customHeaders": {"X Team": "docs"}}}}`
Instead: `{"connector": {"requestFormat": {"customHeaders": {"X-Team": "docs"}}}}`
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dragoman.lint.diagnostic import Diagnostic
from dragoman.lint.subject import Subject


def check_cell(subject: Subject) -> Iterator[Diagnostic]:
    """One error for each such name and value."""
    for breach in subject.breaches_of("propertyNames"):
        message = "This is no name of a header: only letters, digits and signs such as - may be in it."
        yield Diagnostic("bad-header", message, breach.key or breach.owner)
    for breach in subject.breaches_of("pattern"):
        if is_value(breach.violation.path):
            message = "This travels in a header, where no line end may be: it would begin another one."
            yield Diagnostic("bad-header", message, breach.value or breach.owner)


def is_value(path: Sequence[str | int]) -> bool:
    """Whether the value at `path` becomes that of a header."""
    return tuple(path) == ("auth", "token") or "customHeaders" in path[-2:-1]
