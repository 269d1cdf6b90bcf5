"""A `defaultTimeout` that cannot be meant.

It counts seconds, and is how long the connection, the first byte and each pause may take. No agent answers in less than
a tenth of one, and nobody waits for more than an hour: milliseconds were meant most likely.

Example: `{"name": "docs", "url": "http://127.0.0.1:8765/", "defaultTimeout": 30000}`
Instead: `{"name": "docs", "url": "http://127.0.0.1:8765/", "defaultTimeout": 30}`
"""

from __future__ import annotations

from collections.abc import Iterator

from dragoman.lint.diagnostic import Diagnostic, Fix, Severity, TextEdit
from dragoman.lint.subject import Subject
from dragoman.syntax.jsonc import NumberNode, find

SHORTEST, LONGEST = 0.1, 3600.0
"""Seconds."""


def check_cell(subject: Subject) -> Iterator[Diagnostic]:
    """One warning at such a number."""
    node = find(subject.node, ("defaultTimeout",))
    if not isinstance(node, NumberNode) or node.value <= 0 or is_sensible(node.value):
        return
    fixes = ()
    if node.value < SHORTEST:
        message = f'"defaultTimeout" counts seconds: no agent answers within {node.value:g} of one.'
    else:
        message = '"defaultTimeout" counts seconds, and this is more than an hour: are milliseconds meant?'
        if node.value <= LONGEST * 1000:
            meant = f"{node.value / 1000:g}"
            fixes = (Fix(f"Change to {meant}", (TextEdit(node.span, meant),), needs_user=True),)
    yield Diagnostic("bad-timeout", message, node.span, Severity.WARNING, fixes)


def is_sensible(seconds: float) -> bool:
    """Whether somebody may mean that."""
    return SHORTEST <= seconds <= LONGEST
