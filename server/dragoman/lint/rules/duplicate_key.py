"""A key occurs twice in one object.

Only the last one counts; the others are silently lost.

Example: `{"name": "docs", "url": "http://127.0.0.1:8765/", "name": "help"}`
Instead: `{"name": "help", "url": "http://127.0.0.1:8765/"}`
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from dragoman.lint.diagnostic import Diagnostic, Related, Severity
from dragoman.lint.subject import Subject
from dragoman.syntax.jsonc import Node, ObjectNode, PropertyNode, walk
from dragoman.syntax.text import Span


def check_cell(subject: Subject) -> Iterator[Diagnostic]:
    """One warning for each key that another one of the same object overrides."""
    if subject.node is None:
        return
    yield from _check(subject.node, lambda span: span)
    if subject.request_format and subject.request_format.tree.root:
        yield from _check(subject.request_format.tree.root, subject.request_format.span)


def _check(root: Node, to_outer: Callable[[Span], Span]) -> Iterator[Diagnostic]:
    for node in walk(root):
        if isinstance(node, ObjectNode):
            yield from _check_object(node, to_outer)


def _check_object(node: ObjectNode, to_outer: Callable[[Span], Span]) -> Iterator[Diagnostic]:
    seen: dict[str, PropertyNode] = {}
    for entry in reversed(node.properties):
        key = entry.key
        if key.value in seen and key.quote:
            related = Related(to_outer(seen[key.value].key.span), "This is the one that counts.")
            message = f'"{key.value}" occurs again below, and only the last one counts.'
            yield Diagnostic("duplicate-key", message, to_outer(key.span), Severity.WARNING, related=(related,))
        else:
            seen[key.value] = entry
