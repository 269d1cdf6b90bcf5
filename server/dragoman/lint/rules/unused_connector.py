"""A connector beside a provider that does not look at it.

Such a provider knows how its agents are asked and read; what the connector says has no effect.

Example: `{"name": "docs", "url": "http://h/", "provider": "chaindesk", "connector": {"responseFormat": "$.answer"}}`
Instead: `{"name": "docs", "url": "http://h/", "provider": "chaindesk"}`
"""

from __future__ import annotations

from collections.abc import Iterator

from dragoman.lint.diagnostic import Diagnostic, Related, Severity
from dragoman.lint.subject import Subject
from dragoman.syntax.jsonc import StringNode, find, find_property


def check_cell(subject: Subject) -> Iterator[Diagnostic]:
    """One warning at such a connector."""
    connector = find_property(subject.node, ("connector",))
    provider = find(subject.node, ("provider",))
    if connector is None or not isinstance(provider, StringNode):
        return
    if not subject.uses_connector:
        related = (Related(provider.span, "This provider does not look at it."),)
        message = f'"connector" has no effect with provider "{provider.value}".'
        yield Diagnostic("unused-connector", message, connector.key.span, Severity.WARNING, related=related)
