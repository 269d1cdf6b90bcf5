"""A key of `requestFormat` that another part of the request overrides.

`fields` is the whole body, so nothing is added beside it. `messages` always holds the conversation, whatever
`customFields` says; its keys are renamed by `messageKeys`.

Example: `{"connector": {"requestFormat": {"customFields": {"model": "m", "messages": []}}}}`
Instead: `{"connector": {"requestFormat": {"customFields": {"model": "m"}}}}`
"""

from __future__ import annotations

from collections.abc import Iterator

from dragoman.lint.diagnostic import Diagnostic, Severity
from dragoman.lint.subject import Subject
from dragoman.syntax.jsonc import ObjectNode, find, find_property


def check_cell(subject: Subject) -> Iterator[Diagnostic]:
    """At most one warning: for all of `customFields`, or for `messages` inside it."""
    template = subject.request_template
    if template is None:
        return
    custom_fields = find_property(template.node, ("customFields",))
    messages = find_property(template.node, ("customFields", "messages"))
    if custom_fields and isinstance(find(template.node, ("fields",)), ObjectNode):
        message = '"customFields" has no effect beside "fields", which is the whole body.'
        yield Diagnostic("ignored-key", message, template.span(custom_fields.key.span), Severity.WARNING)
    elif messages:
        message = '"messages" is ignored here: it always holds the conversation.'
        yield Diagnostic("ignored-key", message, template.span(messages.key.span), Severity.WARNING)
