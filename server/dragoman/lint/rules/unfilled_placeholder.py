"""A placeholder that nothing is put in place of.

`$content`, `$selection` and the others are filled in `fields` and `customFields` alone, and `$history`, a list, only as
a whole value. What has no meaning is sent as it stands.

Example: `{"connector": {"requestFormat": {"fields": {"question": "$contents"}}}}`
Instead: `{"connector": {"requestFormat": {"fields": {"question": "$content"}}}}`
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from dragoman.agents.placeholders import PLACEHOLDER
from dragoman.lint.diagnostic import Diagnostic, Severity
from dragoman.lint.subject import Subject
from dragoman.lint.suggest import proposal
from dragoman.lint.unfilled import known_placeholders, unfilled
from dragoman.syntax.jsonc import ObjectNode, find


def check_cell(subject: Subject) -> Iterator[Diagnostic]:
    """One diagnostic for each such place: a warning, or information where a placeholder may not be meant."""
    known = known_placeholders(subject.definition)
    of_agent = (found for key in ("url", "system") for found in subject.strings(key))
    for found in (*of_agent, *subject.template_strings("customHeaders")):
        for match in PLACEHOLDER.finditer(found.value):
            if match[1] in known:
                message = f'"{match[0]}" is filled in "fields" and "customFields" alone: here it is sent as it stands.'
                yield Diagnostic("unfilled-placeholder", message, found.place(*match.span()), Severity.WARNING)
    if subject.uses_connector:
        yield from _check_body(subject, known)


def _check_body(subject: Subject, known: Collection[str]) -> Iterator[Diagnostic]:
    template = subject.request_template
    if template is None:
        return
    is_whole = isinstance(find(template.node, ("fields",)), ObjectNode)  # then the other part has no effect
    messages = find(template.node, ("customFields", "messages"))
    for found in template.strings("fields" if is_whole else "customFields"):
        if messages and messages.span.start <= found.node.span.start < messages.span.end:
            continue  # ignored, and told of as that
        for one in unfilled(found.value, known):
            span = found.place(one.start, one.end)
            fixes = (proposal(f"${one.meant}", span, f"${one.meant}"),) if one.meant else ()
            yield Diagnostic("unfilled-placeholder", one.message, span, one.severity, fixes)
