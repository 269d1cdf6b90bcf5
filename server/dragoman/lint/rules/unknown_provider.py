"""A provider that is not known, or whose definition cannot be used.

A provider says how requests are built and answers are read; without it nothing can be sent. There are those of
[providers.md](providers.md), and those that you or the workspace define.

Example: `{"name": "docs", "url": "http://127.0.0.1:8765/", "provider": "chain-desk"}`
Instead: `{"name": "docs", "url": "http://127.0.0.1:8765/", "provider": "chaindesk"}`
"""

from __future__ import annotations

from collections.abc import Iterator

from dragoman.lint.diagnostic import Diagnostic
from dragoman.lint.subject import Subject
from dragoman.lint.suggest import closest, correction
from dragoman.syntax.jsonc import StringNode, encode_string, find


def check_cell(subject: Subject) -> Iterator[Diagnostic]:
    """One error for a provider that has no definition, or a broken one."""
    node = find(subject.node, ("provider",))
    if not isinstance(node, StringNode) or subject.providers.definition(node.value):
        return
    known = subject.providers.names
    if node.value in known:
        yield Diagnostic("unknown-provider", subject.providers.why_not(node.value), node.span)
        return
    meant = closest(node.value, known)
    hint = f'did you mean "{meant}"?' if meant else f"known are {', '.join(known)}."
    fixes = (correction(node.value, meant, node.span, encode_string(meant)),) if meant else ()
    yield Diagnostic("unknown-provider", f'There is no provider "{node.value}": {hint}', node.span, fixes=fixes)
