"""What can stand at a place: who proposes where."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

from dragoman.agents.catalog import ProviderCatalog, built_in_catalog
from dragoman.agents.provider import ProviderDefinition
from dragoman.features.completion.agents import whole_agents
from dragoman.features.completion.item import CompletionItem, in_string
from dragoman.features.completion.json_paths import json_paths
from dragoman.features.completion.keys import keys
from dragoman.features.completion.knowledge import Knowledge, NameAgents
from dragoman.features.completion.templates import placeholders, references
from dragoman.features.completion.values import values
from dragoman.features.cursor import AgentPlace, KeyPlace, StringContent, ValuePlace, place_at
from dragoman.features.strings import StringKind, kinds_of
from dragoman.project.agent_file import AgentFile
from dragoman.schema.store import provider_form


def complete(
    file: AgentFile,
    offset: int,
    *,
    with_snippets: bool,
    catalog: ProviderCatalog | None = None,
    name_agents: NameAgents = tuple,
) -> list[CompletionItem]:
    """What can stand at `offset`, in the schema's order, what is needed first.

    `catalog` holds the providers that the file's agents can name; if not given, those that everybody has. `name_agents`
    is called where the name of another agent can stand, and gives those of all files.
    """
    catalog = catalog or built_in_catalog()
    place = place_at(file, offset)
    match place:
        case KeyPlace() | ValuePlace():
            definition = _definition_of(place.agent, catalog)
            return _written(place, Knowledge(with_snippets, catalog.form, catalog, definition, name_agents))
        case AgentPlace():
            return list(whole_agents(file, place, with_snippets, catalog))
        case None:
            return []


def complete_definition(file: AgentFile, offset: int, *, with_snippets: bool) -> list[CompletionItem]:
    """The same in the file that defines a provider."""
    place = place_at(file, offset)
    if not isinstance(place, KeyPlace | ValuePlace):
        return []
    return _written(place, Knowledge(with_snippets, provider_form(), built_in_catalog(), is_definition=True))


def _written(place: KeyPlace | ValuePlace, known: Knowledge) -> list[CompletionItem]:
    """The proposals, as they are written where the place is."""
    found = keys(place, known) if isinstance(place, KeyPlace) else _at_value(place, known)
    return [in_string(item) for item in found] if place.is_embedded else list(found)


def _at_value(place: ValuePlace, known: Knowledge) -> Iterator[CompletionItem]:
    """Values for the whole place, and pieces of the string that is there."""
    yield from values(place, known)
    if place.content is not None and not known.is_definition:
        for item in _in_content(place, place.content, known):
            yield in_string(item)


def _in_content(place: ValuePlace, content: StringContent, known: Knowledge) -> Iterator[CompletionItem]:
    kinds = kinds_of(place.path)
    if StringKind.TEMPLATE in kinds:
        yield from placeholders(content)
    if StringKind.REFERENCES in kinds:
        yield from references(place, content, known)
    if StringKind.JSON_PATH in kinds:
        yield from json_paths(place, content, known)


def _definition_of(agent: Any, catalog: ProviderCatalog) -> ProviderDefinition | None:
    """What is known about agents of this kind; an agent that names none is `custom`."""
    provider = cast("dict[str, Any]", agent).get("provider", "custom") if isinstance(agent, dict) else "custom"
    return catalog.definition(provider) if isinstance(provider, str) else None
