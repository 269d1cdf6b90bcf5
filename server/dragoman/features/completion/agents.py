"""Whole agents, one of each kind."""

from __future__ import annotations

from collections.abc import Iterator

from dragoman.agents.catalog import ProviderCatalog
from dragoman.agents.provider import ProviderDefinition
from dragoman.agents.starter import start_agent
from dragoman.agents.writing import write_agent
from dragoman.features.completion.item import CompletionItem
from dragoman.features.completion.whole_values import layout
from dragoman.features.cursor import AgentPlace
from dragoman.project.agent_file import AgentFile


def whole_agents(
    file: AgentFile, place: AgentPlace, with_snippets: bool, catalog: ProviderCatalog
) -> Iterator[CompletionItem]:
    """One agent of each kind, with a name that no other agent of the file has."""
    taken = {entry.agent.name for entry in file.entries()}
    comma = "," if place.needs_comma else ""
    for definition in catalog.definitions:
        agent = start_agent(definition, taken=taken)
        label = definition.title if definition.title.endswith(" agent") else f"{definition.title} agent"
        text, told = write_agent(agent, layout(agent, (), with_snippets)) + comma, describe_provider(definition)
        typed = _typed(definition, file.text[place.span.start : place.span.end])
        yield CompletionItem(label, "agent", place.span, text, with_snippets, typed, told, before=place.before)


def _typed(definition: ProviderDefinition, so_far: str) -> str:
    """What may be typed for a kind of agent. Some clients look at its beginning alone, letter by letter."""
    if definition.title.startswith(so_far) and not definition.name.startswith(so_far):
        return f"{definition.title} {definition.name}"
    return f"{definition.name} {definition.title}"


def describe_provider(definition: ProviderDefinition) -> str:
    """A kind of agent in words."""
    lines = [f"**{definition.title}**", definition.description, definition.documentation]
    return "\n\n".join(line for line in lines if line)
