"""A key occurs twice in one object.

Only the last one counts; the others are silently lost.

Example: `{"name": "docs", "url": "http://127.0.0.1:8765/", "name": "help"}`
Instead: `{"name": "help", "url": "http://127.0.0.1:8765/"}`
"""

from __future__ import annotations

from collections.abc import Iterator

from dragoman.lint.diagnostic import Diagnostic, Related, Severity
from dragoman.lint.subject import Subject
from dragoman.syntax.jsonc import ObjectNode, PropertyNode, walk


def check_cell(subject: Subject) -> Iterator[Diagnostic]:
    """One warning for each key that another one of the same object overrides."""
    if subject.node is None:
        return
    for node in walk(subject.node):
        if isinstance(node, ObjectNode):
            yield from _check_object(node)


def _check_object(node: ObjectNode) -> Iterator[Diagnostic]:
    seen: dict[str, PropertyNode] = {}
    for entry in reversed(node.properties):
        key = entry.key
        if key.value in seen and key.quote:
            related = Related(seen[key.value].key.span, "This is the one that counts.")
            message = f'"{key.value}" occurs again below, and only the last one counts.'
            yield Diagnostic("duplicate-key", message, key.span, Severity.WARNING, related=(related,))
        else:
            seen[key.value] = entry
