"""Document links: addresses that a browser can open, and what is documented of a provider."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from dragoman.agents.catalog import ProviderCatalog
from dragoman.project.agent_file import AgentFile
from dragoman.syntax.text import Span

_OPENABLE = re.compile(r"https?://[^\s/?#{}]+[^\s{}]*", re.IGNORECASE)
"""An address as it is: one with `${…}` or `{…}` in it leads nowhere."""


@dataclass(frozen=True, slots=True)
class DocumentLink:
    """What opens `target`, an address of the web or of a file."""

    span: Span
    target: str
    tooltip: str = ""


def document_links(file: AgentFile, providers: ProviderCatalog) -> Iterator[DocumentLink]:
    """The links of an agent file, in the order of its agents."""
    for entry in file.entries():
        definition = providers.definition(entry.agent.provider)
        links = (
            ("url", entry.agent.url, ""),
            ("icon", entry.agent.icon, ""),
            ("provider", definition.documentation, f"What {definition.title} documents")
            if definition
            else ("", "", ""),
        )
        for key, target, tooltip in links:
            span = entry.inside_string(key) if _OPENABLE.fullmatch(target) else None
            if span is not None:
                yield DocumentLink(span, target, tooltip)
