"""A key that its provider has replaced by others.

It works still, and may stop to.

Example: `{"provider": "chaindesk", "parameters": {"promptTemplate": "Be brief."}}`
Instead: `{"provider": "chaindesk", "parameters": {"systemPrompt": "Be brief."}}`
"""

from __future__ import annotations

from collections.abc import Iterator

from dragoman.lint.diagnostic import Diagnostic, Severity
from dragoman.lint.subject import Subject
from dragoman.schema.lookup import keys_at
from dragoman.syntax.jsonc import ObjectNode, find


def check_cell(subject: Subject) -> Iterator[Diagnostic]:
    """One warning for each deprecated key of `parameters`."""
    parameters = find(subject.node, ("parameters",))
    if not isinstance(parameters, ObjectNode):
        return
    known = keys_at(subject.value, ("parameters",), subject.providers.form)
    for entry in parameters.properties:
        schema = known.get(entry.key.value)
        if schema and schema.deprecated:
            message = f'"{entry.key.value}" is deprecated. {schema.description}'
            yield Diagnostic("deprecated-key", message, entry.key.span, Severity.WARNING, deprecated=True)
