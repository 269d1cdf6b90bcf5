"""Hover: what a key does, what a value does, what a piece of a string stands for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from dragoman.agents.catalog import ProviderCatalog, built_in_catalog
from dragoman.agents.placeholders import MEANINGS, PLACEHOLDER
from dragoman.features.answer_shape import Shape, answer_shape
from dragoman.features.cursor import KeyPlace, StringContent, ValuePlace, place_at
from dragoman.features.describe import describe_key, describe_pair, describe_reference, describe_value
from dragoman.features.describe_path import describe_path
from dragoman.features.strings import StringKind, kinds_of
from dragoman.project.agent_file import AgentFile
from dragoman.schema.lookup import keys_at, value_at
from dragoman.schema.store import Form, provider_form
from dragoman.secrets.reference import find_references
from dragoman.syntax.text import Span

_HEADERS = ("connector", "requestFormat", "customHeaders")


@dataclass(frozen=True, slots=True)
class Hover:
    """Markdown about what stands at `span`. Never holds a value that may be secret."""

    span: Span
    markdown: str


def hover(file: AgentFile, offset: int, catalog: ProviderCatalog | None = None) -> Hover | None:
    """What there is to say at `offset`. `catalog`: the providers that its agents can name."""
    catalog = catalog or built_in_catalog()
    place = place_at(file, offset)
    if isinstance(place, ValuePlace) and place.content is not None:
        found = _in_string(place, place.content, catalog)
        if found is not None:
            return found
    return _whole(place, catalog.form)


def hover_definition(file: AgentFile, offset: int) -> Hover | None:
    """The same in the file that defines a provider."""
    return _whole(place_at(file, offset), provider_form())


def _whole(place: object, form: Form) -> Hover | None:
    """A key or a value as a whole."""
    match place:
        case KeyPlace(entry=entry, span=span) if entry is not None and span.start < span.end:
            return _key(place, entry.key.value, form)
        case ValuePlace(node=node, path=(*_, str()), span=span) if node is not None and span.start < span.end:
            return _value(place, getattr(node, "value", None), form)
        case _:
            return None


def _key(place: KeyPlace, key: str, form: Form) -> Hover | None:
    schema = keys_at(place.agent, place.path, form).get(key)
    if schema is None and place.path == _HEADERS:
        return Hover(place.span, f"**{key}**: A header of the request.")
    return Hover(place.span, describe_key(key, schema)) if schema else None


def _value(place: ValuePlace, value: object, form: Form) -> Hover | None:
    schema = value_at(place.agent, place.path, form)
    if schema is None:
        return None
    told = describe_value(value, schema) if isinstance(value, str) else ""
    pair = _pair(place.agent) if told and place.path in (("responseAction",), ("interactive",)) else ""
    key = place.path[-1]
    return Hover(place.span, "\n\n".join(filter(None, [told or describe_key(str(key), schema), pair])))


def _pair(agent: Any) -> str:
    known = cast("Mapping[str, Any]", agent)
    return describe_pair(known.get("responseAction", "Direct"), known.get("interactive", "ChatPanel"))


def _in_string(place: ValuePlace, content: StringContent, catalog: ProviderCatalog) -> Hover | None:
    """The piece of a string around the caret."""
    kinds = kinds_of(place.path)
    if StringKind.REFERENCES in kinds:
        for reference in find_references(content.text):
            if reference.start <= content.caret <= reference.end:
                span = content.span(reference.start, reference.end)
                return Hover(span, describe_reference(reference.source, reference.name))
    if StringKind.TEMPLATE in kinds:
        return _placeholder(content)
    if StringKind.JSON_PATH in kinds:
        found = describe_path(content.text, content.caret, _shape(place, catalog))
        return Hover(content.span(found[0].start, found[0].end), found[1]) if found else None
    return None


def _shape(place: ValuePlace, catalog: ProviderCatalog) -> Shape:
    """What the path is about: an answer, or an object that is being built."""
    provider = cast("Mapping[str, Any]", place.agent).get("provider", "custom")
    return Shape() if place.path[-1] == "target" else answer_shape(str(provider), catalog)


def _placeholder(content: StringContent) -> Hover | None:
    for match in PLACEHOLDER.finditer(content.text):
        if match.start() <= content.caret <= match.end():
            meaning = MEANINGS.get(match[1], "No placeholder has this name: it is sent as it stands.")
            return Hover(content.span(*match.span()), f"**{match[0]}**: {meaning}")
    return None
