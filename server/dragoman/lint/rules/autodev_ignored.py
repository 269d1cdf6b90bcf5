"""AutoDev reads this and does nothing with it.

The answer always goes to its chat, nothing is handed on, no icon is shown, `customHeaders` are not sent, and a token
always travels as `Bearer`.

Example: `[{"name": "docs", "url": "http://127.0.0.1:8765/", "interactive": "ReplaceSelection"}]`
Instead: `[{"name": "docs", "url": "http://127.0.0.1:8765/"}]`
"""

from __future__ import annotations

from collections.abc import Iterator

from dragoman.lint.diagnostic import Diagnostic, Severity
from dragoman.lint.subject import Subject
from dragoman.syntax.jsonc import ArrayNode, Node, ObjectNode, StringNode, find
from dragoman.syntax.text import Span

_WITHOUT_EFFECT = {"interactive": "ChatPanel", "icon": ""}
"""Key → the value that says what AutoDev does anyway."""


def check_cell(subject: Subject) -> Iterator[Diagnostic]:
    """One diagnostic for each thing of that kind."""
    for key, usual in _WITHOUT_EFFECT.items():
        value = find(subject.node, (key,))
        if isinstance(value, StringNode) and value.value != usual:
            yield _diagnose(f'"{key}" does nothing in AutoDev.', value.span)
    transition = find(subject.node, ("transition",))
    if isinstance(transition, ArrayNode) and transition.items:
        yield _diagnose('"transition" does nothing in AutoDev.', _start(transition))
    action, kind = find(subject.node, ("responseAction",)), find(subject.node, ("auth", "type"))
    if isinstance(action, StringNode) and action.value == "Flow":
        yield _diagnose('"Flow" does nothing in AutoDev.', action.span)
    if isinstance(kind, StringNode) and kind.value in ("ApiKey", "Basic"):
        yield _diagnose("AutoDev sends tokens as Bearer only.", kind.span)
    template = subject.request_template
    headers = find(template.node, ("customHeaders",)) if template else None
    if template and isinstance(headers, ObjectNode) and headers.properties:
        yield _diagnose('"customHeaders" are not sent by AutoDev.', template.span(_start(headers)))


def _start(node: Node) -> Span:
    return Span(node.span.start, node.span.start + 1)


def _diagnose(message: str, span: Span) -> Diagnostic:
    return Diagnostic("autodev-ignored", message, span, Severity.WARNING)
