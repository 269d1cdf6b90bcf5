"""A `url` that no prompt can be sent to.

It must begin with `http://` or `https://` and name a host that can be; it may hold `${env:NAME}`.

Example: `{"name": "docs", "url": "127.0.0.1:8765/chat"}`
Instead: `{"name": "docs", "url": "http://127.0.0.1:8765/chat"}`
"""

from __future__ import annotations

from collections.abc import Iterator

from dragoman.lint.address import host_of
from dragoman.lint.diagnostic import Diagnostic
from dragoman.lint.subject import Subject
from dragoman.syntax.jsonc import StringNode, find


def check_cell(subject: Subject) -> Iterator[Diagnostic]:
    """One error for a url that is none."""
    url = find(subject.node, ("url",))
    if not isinstance(url, StringNode):
        return
    if any(breach.violation.path == ("url",) for breach in subject.breaches_of("pattern")):
        clause = "must begin with http:// or https:// and name a host" if url.value else "must not be empty"
        yield Diagnostic("bad-url", f'"url" {clause}.', url.span)
        return
    try:
        host_of(url.value)
    except ValueError as error:
        yield Diagnostic("bad-url", f'"url" {error}.', url.span)
