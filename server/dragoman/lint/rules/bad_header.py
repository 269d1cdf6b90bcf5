"""A name in `customHeaders` that no header can have.

A name is made of letters, digits and a few signs such as `-` (RFC 9110, 5.6.2). No request with another one can be
sent.

Example: `{"connector": {"requestFormat": {"customHeaders": {"X Team": "docs"}}}}`
Instead: `{"connector": {"requestFormat": {"customHeaders": {"X-Team": "docs"}}}}`
"""

from __future__ import annotations

from collections.abc import Iterator

from dragoman.lint.diagnostic import Diagnostic
from dragoman.lint.subject import Subject


def check_cell(subject: Subject) -> Iterator[Diagnostic]:
    """One error for each such name."""
    for breach in subject.breaches_of("propertyNames"):
        message = "This is no name of a header: only letters, digits and signs such as - may be in it."
        yield Diagnostic("bad-header", message, breach.key or breach.owner)
