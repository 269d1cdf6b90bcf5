"""A key that has no effect, since another part of the request overrides it or has no place for it.

`fields` is the whole body, so nothing is added beside it. `messages` always holds the conversation, whatever
`customFields` says; its keys are renamed by `messageKeys`. A `system` prompt goes with the messages, or where the
provider or your own template has a place for it: `$system`. Some providers have none, since their agents are given one
where they are made. Headers such as `Host` belong to the connection.

Example: `{"connector": {"requestFormat": {"customFields": {"model": "m", "messages": []}}}}`
Instead: `{"connector": {"requestFormat": {"customFields": {"model": "m"}}}}`
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import cast

from dragoman.agents.headers import OURS_ALWAYS
from dragoman.agents.model import JsonValue
from dragoman.agents.placeholders import placeholders_in
from dragoman.lint.diagnostic import Diagnostic, Related, Severity
from dragoman.lint.subject import RequestTemplate, Subject
from dragoman.syntax.jsonc import ObjectNode, find, find_property, to_value


def check_cell(subject: Subject) -> Iterator[Diagnostic]:
    """One warning for `system`, and one for all of `customFields` or for `messages` inside it."""
    yield from _check_system(subject)
    template = subject.request_template
    if template is None:
        return
    custom_fields = find_property(template.node, ("customFields",))
    messages = find_property(template.node, ("customFields", "messages"))
    fields = find(template.node, ("fields",))
    if custom_fields and isinstance(fields, ObjectNode):
        message = '"customFields" has no effect beside "fields", which is the whole body.'
        related = (Related(template.span(fields.span), "This is the whole body."),)
        span = template.span(custom_fields.key.span)
        yield Diagnostic("ignored-key", message, span, Severity.WARNING, related=related)
    elif messages:
        message = '"messages" is ignored here: it always holds the conversation.'
        yield Diagnostic("ignored-key", message, template.span(messages.key.span), Severity.WARNING)
    yield from _check_headers(template)


def _check_headers(template: RequestTemplate) -> Iterator[Diagnostic]:
    headers = find(template.node, ("customHeaders",))
    for entry in headers.properties if isinstance(headers, ObjectNode) else ():
        if entry.key.value.lower() in OURS_ALWAYS:
            message = f'"{entry.key.value}" is never taken from here: it belongs to the connection.'
            yield Diagnostic("ignored-key", message, template.span(entry.key.span), Severity.WARNING)


def _check_system(subject: Subject) -> Iterator[Diagnostic]:
    system = find_property(subject.node, ("system",))
    definition = subject.definition
    if system is None or definition is None or getattr(system.value, "value", "") == "":
        return
    template = subject.request_template if subject.uses_connector else None
    if template is None:
        places, where = _names_in(definition.request.body, definition.request.query), f'provider "{subject.provider}"'
    else:
        fields = find(template.node, ("fields",))
        if not isinstance(fields, ObjectNode):
            return  # it is among the messages
        places, where = _names_in(cast("JsonValue", to_value(fields))), '"fields", which has no "$system" in it'
    if not places & {"system", "history"}:
        message = f'"system" has no effect with {where}.'
        yield Diagnostic("ignored-key", message, system.key.span, Severity.WARNING)


def _names_in(*templates: JsonValue | Mapping[str, JsonValue]) -> frozenset[str]:
    return frozenset[str]().union(*map(placeholders_in, templates))
