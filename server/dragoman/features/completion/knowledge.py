"""What the proposals are made of: what is known about the agent around the caret, and what the client can take."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeAlias

from dragoman.agents.catalog import ProviderCatalog
from dragoman.agents.provider import ProviderDefinition
from dragoman.schema.store import Form

NameAgents: TypeAlias = Callable[[], Iterable[str]]
"""Gives the names of all agents; called only where one can stand."""


@dataclass(frozen=True, slots=True)
class Knowledge:
    """For one place. `definition` is that of the agent's provider; None where it names none that can be used."""

    with_snippets: bool
    form: Form
    catalog: ProviderCatalog
    definition: ProviderDefinition | None = None
    name_agents: NameAgents = tuple
    is_definition: bool = False
    """Whether it is no agent but the definition of a provider."""

    @property
    def provider(self) -> str:
        """The name of the agent's provider."""
        return self.definition.name if self.definition else "custom"
