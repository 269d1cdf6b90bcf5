"""`transition` or `flow` without `"responseAction": "Flow"`.

Only `Flow` builds an object from the answer and hands it on; with any other action both have no effect.

Example: `{"name": "docs", "url": "http://h/", "flow": {"next": "help"}}`
Instead: `{"name": "docs", "url": "http://h/", "flow": {"next": "help"}, "responseAction": "Flow"}`
"""

from __future__ import annotations

from collections.abc import Iterator

from dragoman.agents.model import ResponseAction
from dragoman.lint.diagnostic import Diagnostic, Related, Severity
from dragoman.lint.subject import Subject
from dragoman.syntax.jsonc import ArrayNode, Node, ObjectNode, StringNode, find, find_property


def check_cell(subject: Subject) -> Iterator[Diagnostic]:
    """One warning for each of the two keys that says something."""
    action = find(subject.node, ("responseAction",))
    name = action.value if isinstance(action, StringNode) else "Direct"
    if name not in set(ResponseAction) or name == ResponseAction.FLOW:
        return
    related = (Related(action.span, "This decides what is done with the answer."),) if action else ()
    for key in ("transition", "flow"):
        entry = find_property(subject.node, (key,))
        if entry is not None and _says_something(entry.value):
            message = f'"{key}" has no effect with "responseAction": "{name}", only with "Flow".'
            yield Diagnostic("unused-flow", message, entry.key.span, Severity.WARNING, related=related)


def _says_something(value: Node | None) -> bool:
    match value:
        case ArrayNode():
            return bool(value.items)
        case ObjectNode():
            return bool(value.properties)
        case _:
            return False
