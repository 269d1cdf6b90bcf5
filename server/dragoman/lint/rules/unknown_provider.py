"""A provider that Dragoman does not know.

A provider says how requests are built and answers are read; without it nothing can be sent.

Example: `{"name": "docs", "url": "http://127.0.0.1:8765/", "provider": "chain-desk"}`
Instead: `{"name": "docs", "url": "http://127.0.0.1:8765/", "provider": "chaindesk"}`
"""

from __future__ import annotations

from collections.abc import Iterator

from dragoman.agents.provider import provider_names
from dragoman.lint.diagnostic import Diagnostic
from dragoman.lint.subject import Subject
from dragoman.lint.suggest import closest, replacement
from dragoman.syntax.jsonc import StringNode, encode_string, find


def check_cell(subject: Subject) -> Iterator[Diagnostic]:
    """One error for a provider that has no definition."""
    node = find(subject.node, ("provider",))
    known = provider_names()
    if not isinstance(node, StringNode) or node.value in known:
        return
    meant = closest(node.value, known)
    hint = f'did you mean "{meant}"?' if meant else f"known are {', '.join(known)}."
    fixes = (replacement(f"Change to “{meant}”", node.span, encode_string(meant)),) if meant else ()
    yield Diagnostic("unknown-provider", f'There is no provider "{node.value}": {hint}', node.span, fixes=fixes)
