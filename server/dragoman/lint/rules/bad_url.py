"""A `url` that no prompt can be sent to.

It must begin with `http://` or `https://` and name a host; it may hold `${env:NAME}`.

Example: `{"name": "docs", "url": "127.0.0.1:8765/chat"}`
Instead: `{"name": "docs", "url": "http://127.0.0.1:8765/chat"}`
"""

from __future__ import annotations

from collections.abc import Iterator

from dragoman.lint.diagnostic import Diagnostic
from dragoman.lint.subject import Subject


def check_cell(subject: Subject) -> Iterator[Diagnostic]:
    """One error for a url that is none."""
    for breach in subject.breaches_of("pattern"):
        if breach.violation.path == ("url",) and breach.value is not None:
            empty = breach.violation.found == ""
            message = (
                '"url" must not be empty.' if empty else '"url" must begin with http:// or https:// and name a host.'
            )
            yield Diagnostic("bad-url", message, breach.value)
