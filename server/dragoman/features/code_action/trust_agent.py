"""Trusting an agent at its name in its file, and taking that back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from dragoman.paths import canonical_uri
from dragoman.project.project import Project


@dataclass(frozen=True, slots=True)
class TrustAction:
    """Allows the agent of a name in one file to be asked, or takes that back."""

    agent: str
    allow: bool

    @property
    def title(self) -> str:
        """What the user chooses."""
        return "Trust this agent" if self.allow else "Do not trust this agent any more"


def trust_actions(project: Project, uri: str, offset: int) -> Iterator[TrustAction]:
    """The actions at the name of an agent of the workspace."""
    if project.settings.trust == "userOnly":
        return
    for known in project.all_agents():
        is_here = known.entry.name_span.covers(offset) and canonical_uri(known.uri) == canonical_uri(uri)
        if is_here and known.origin == "workspace" and known.agent.name and known.agent.url:
            yield TrustAction(known.agent.name, allow=not known.is_trusted)
