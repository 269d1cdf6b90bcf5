r"""AutoDev would paste the prompt as it is into the text of the request.

It fills `$content` in properly at the top of `customFields` or `fields` and one level below; deeper, or in an array, a
prompt with a quote or a line end in it makes the request no JSON.

Example: `[{"connector": {"requestFormat": "{\"fields\": {\"input\": [\"$content\"]}}"}}]`
Instead: `[{"connector": {"requestFormat": "{\"fields\": {\"input\": \"$content\"}}"}}]`
"""

from __future__ import annotations

from collections.abc import Iterator

from dragoman.agents.placeholders import PLACEHOLDER
from dragoman.lint.diagnostic import Diagnostic, Severity
from dragoman.lint.subject import Subject
from dragoman.syntax.jsonc import Node, ObjectNode, StringNode, find

_PARTS, _LEVELS = ("fields", "customFields"), 2


def check_cell(subject: Subject) -> Iterator[Diagnostic]:
    """One diagnostic at each such placeholder."""
    template = subject.request_template
    if template is None:
        return
    reached = {node.span for part in _PARTS for node in _within_reach(find(template.node, (part,)), _LEVELS)}
    for found in subject.template_strings(*_PARTS):
        for match in PLACEHOLDER.finditer(found.value):
            if match[1] == "content" and found.node.span not in reached:
                message = "AutoDev would paste the prompt here as it is: a quote in it would break the request."
                yield Diagnostic("autodev-placeholder", message, found.place(*match.span()), Severity.WARNING)


def _within_reach(node: Node | None, levels: int) -> Iterator[StringNode]:
    """The strings that stand so many levels deep at most, and in no array."""
    for entry in node.properties if isinstance(node, ObjectNode) and levels else ():
        if isinstance(entry.value, StringNode):
            yield entry.value
        else:
            yield from _within_reach(entry.value, levels - 1)
