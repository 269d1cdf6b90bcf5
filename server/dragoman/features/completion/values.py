"""Whole values: those that the schema lists, those that others of the project name, and empty ones to write on in."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from dragoman.agents.placeholders import MEANINGS
from dragoman.agents.starter import EXAMPLE_URL
from dragoman.features.completion.item import CompletionItem
from dragoman.features.completion.json_paths import common_paths
from dragoman.features.completion.knowledge import Knowledge
from dragoman.features.completion.whole_values import whole_value
from dragoman.features.cursor import StringContent, ValuePlace
from dragoman.features.describe import describe_value
from dragoman.features.strings import StringKind, kinds_of
from dragoman.schema.lookup import ValueSchema, value_at
from dragoman.syntax.jsonc import StringNode, encode_string

_EMPTY = {"string": '"{}"', "object": "{{{}}}", "array": "[{}]"}

_TEMPLATES = (
    '{"customFields": {"model": "", "stream": true}}',
    '{"fields": {"query": "$content", "conversation_id": "$conversationId", "stream": true}}',
)
"""What request formats begin as."""


def values(place: ValuePlace, known: Knowledge) -> Iterator[CompletionItem]:
    """What can stand in place of the whole value."""
    schema = value_at(place.agent, place.path, known.form)
    for value in _known_values(schema) if schema else ():
        text = json.dumps(value, ensure_ascii=False)
        label = value if isinstance(value, str) else text
        yield _item(place, label, text, describe_value(label, schema) if schema else "")
    for label, text, told in _suggested(place, known):
        yield _item(place, label, text, told)
    if place.node is not None:
        return
    if schema is not None and not schema.values:
        written = whole_value(known.definition, place.path, known.with_snippets)
        if written:
            shown = whole_value(known.definition, place.path, with_snippets=False)
            yield _item(place, shown, written, schema.description, is_snippet=known.with_snippets)
        yield from _empty_values(place, schema, known.with_snippets)


def _item(place: ValuePlace, label: str, text: str, told: str, *, is_snippet: bool = False) -> CompletionItem:
    content = _content_of_closed_string(place)
    if content is not None and text.startswith('"') and not is_snippet:
        # Some clients leave alone what stands behind the caret, and so would leave a second quote.
        span, inside = content.span(0, len(content.text)), text[1:-1]
        return CompletionItem(label, "value", span, inside, False, inside, told, before=place.before)
    new_text, typed = text + ("," if place.needs_comma else ""), label if is_snippet else text
    return CompletionItem(label, "value", place.span, new_text, is_snippet, typed, told, before=place.before)


def _content_of_closed_string(place: ValuePlace) -> StringContent | None:
    """What a string holds that has both its quotes, and behind which nothing is missing."""
    is_closed = isinstance(place.node, StringNode) and place.node.closed and not place.needs_comma
    return place.content if is_closed else None


def _known_values(schema: ValueSchema) -> list[Any]:
    if schema.values:
        return list(schema.values)
    return [True, False] if "boolean" in schema.types else []


def _suggested(place: ValuePlace, known: Knowledge) -> Iterator[tuple[str, str, str]]:
    """Label, text and documentation of values that are known from elsewhere than the schema."""
    match place.path:
        case ("url",):
            yield from _addresses(place, known)
        case ("flow", "next"):
            own = place.agent.get("name")
            for name in dict.fromkeys(known.name_agents()):
                if name != own:
                    yield name, encode_string(name), "An agent of these files."
        case ("connector", "requestFormat") if place.node is None or place.content is not None:
            for template in _TEMPLATES:
                yield template, template, "The template as an object."
                yield encode_string(template), encode_string(template), "The template in a string, as AutoDev reads it."
        case path if place.node is None and known.definition is not None:
            yield from _in_quotes(path, place, known)
        case _:
            pass


def _addresses(place: ValuePlace, known: Knowledge) -> Iterator[tuple[str, str, str]]:
    """Where agents of this kind are, or of any kind where none is named; those that begin as the one that is there."""
    of_any_kind = known.definition is None or known.definition.name == "custom"
    found = {EXAMPLE_URL: "Where `dragoman example-agent` listens."} if of_any_kind else {}
    for definition in known.catalog.definitions if of_any_kind else [known.definition]:
        if definition and definition.url:
            found.setdefault(definition.url, f"**{definition.title}**")
    for url, told in found.items():
        if place.content is None or url.startswith(place.content.before):
            yield url, encode_string(url), told


def _in_quotes(path: tuple[str | int, ...], place: ValuePlace, known: Knowledge) -> Iterator[tuple[str, str, str]]:
    """Strings, where none has been begun."""
    kinds = kinds_of(path)
    if StringKind.JSON_PATH in kinds:
        for json_path, told in common_paths(place, known):
            yield json_path, encode_string(json_path), told
    if StringKind.TEMPLATE in kinds:
        for name, told in MEANINGS.items():
            yield f"${name}", encode_string(f"${name}"), told


def _empty_values(place: ValuePlace, schema: ValueSchema, with_snippets: bool) -> Iterator[CompletionItem]:
    """Brackets and quotes to write on in, for values that no list can name."""
    for kind in schema.types:
        if kind in _EMPTY:
            text = _EMPTY[kind].format("$1" if with_snippets else "")
            yield _item(place, _EMPTY[kind].format(""), text, schema.description, is_snippet=with_snippets)
