"""Code lenses of an agent file: to chat with an agent, and how often it is named elsewhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from dragoman.features.agents import agent_statuses
from dragoman.paths import canonical_uri
from dragoman.project.project import Project
from dragoman.syntax.text import Span


@dataclass(frozen=True, slots=True)
class AgentLens:
    """What is shown above an agent. Without a `chat_with`, it only tells something."""

    span: Span
    title: str
    chat_with: str = ""


def agent_lenses(project: Project, uri: str) -> Iterator[AgentLens]:
    """The lenses of one file: *Chat* above each agent that can be asked, and references by the flows of others."""
    here = canonical_uri(uri)
    named = Counter(known.agent.flow_next for known in project.all_agents() if known.agent.flow_next)
    for status in agent_statuses(project):
        if canonical_uri(status.known.uri) != here:
            continue
        name, span = status.known.agent.name, status.known.entry.name_span
        if status.is_usable:
            yield AgentLens(span, "Chat", name)
        if count := named[name]:
            yield AgentLens(span, f"{count} reference{'s' if count > 1 else ''}")
