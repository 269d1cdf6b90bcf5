"""`fields` is the whole body of the request, and has no place for the prompt.

Then the agent is asked the same thing whatever is typed. `$content` is the prompt, `$history` all messages.

Example: `{"connector": {"requestFormat": {"fields": {"model": "m", "stream": true}}}}`
Instead: `{"connector": {"requestFormat": {"fields": {"model": "m", "stream": true, "input": "$content"}}}}`
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from dragoman.agents.model import JsonValue
from dragoman.agents.placeholders import placeholders_in
from dragoman.lint.diagnostic import Diagnostic, Severity
from dragoman.lint.subject import Subject
from dragoman.syntax.jsonc import ObjectNode, find_property, to_value

PROMPT = frozenset({"content", "history"})
"""Placeholders that carry it."""


def check_cell(subject: Subject) -> Iterator[Diagnostic]:
    """One warning at such `fields`."""
    template = subject.request_template if subject.uses_connector else None
    fields = find_property(template.node, ("fields",)) if template else None
    if template is None or fields is None or not isinstance(fields.value, ObjectNode) or not fields.value.properties:
        return
    if PROMPT.isdisjoint(placeholders_in(cast("JsonValue", to_value(fields.value)))):
        message = 'The prompt is not sent: "fields" is the whole body, and neither "$content" nor "$history" is in it.'
        yield Diagnostic("unsent-prompt", message, template.span(fields.key.span), Severity.WARNING)
