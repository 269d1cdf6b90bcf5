"""Completion of keys and values, from the schema, in valid and in broken text; of whole agents, from the providers."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal, cast

from dragoman.agents.catalog import ProviderCatalog, built_in_catalog
from dragoman.agents.model import JsonValue
from dragoman.agents.provider import ProviderDefinition
from dragoman.agents.starter import start_agent, token_reference
from dragoman.agents.writing import Layout, Path, escape_snippet, leaves, write_agent, write_inline
from dragoman.features.cursor import AgentPlace, KeyPlace, ValuePlace, place_at
from dragoman.features.describe import describe_key, describe_value
from dragoman.lint.diagnostic import TextEdit
from dragoman.project.agent_file import AgentFile
from dragoman.schema.lookup import ValueSchema, keys_at, value_at
from dragoman.schema.store import Form, provider_form
from dragoman.syntax.jsonc import encode_string
from dragoman.syntax.text import Span


@dataclass(frozen=True, slots=True)
class CompletionItem:
    """One proposal: `new_text` goes in place of `span`. With `is_snippet` it holds tab stops (LSP 3.17, snippets)."""

    label: str
    kind: Literal["key", "value", "agent", "name", "file", "lines"]
    span: Span
    new_text: str
    is_snippet: bool
    filter_text: str
    documentation: str = ""
    deprecated: bool = False
    before: TextEdit | None = None
    """What else is to be put in: a comma or colon that is missing before `span`."""


_KINDS_WITH_PLACEHOLDER = {"string": '"{}"', "object": "{{{}}}", "array": "[{}]"}
"""Of the others nothing can be written before the value is known."""


def complete(
    file: AgentFile, offset: int, *, with_snippets: bool, catalog: ProviderCatalog | None = None
) -> list[CompletionItem]:
    """What can stand at `offset`, in the schema's order, what is needed first.

    `catalog` holds the providers that the file's agents can name; if not given, those that everybody has.
    """
    catalog = catalog or built_in_catalog()
    match place_at(file, offset):
        case KeyPlace() as place:
            return list(_keys(place, with_snippets, catalog.form, _definition_of(place.agent, catalog)))
        case ValuePlace() as place:
            return list(_values(place, with_snippets, catalog.form, _definition_of(place.agent, catalog)))
        case AgentPlace() as place:
            return list(_agents(file, place, with_snippets, catalog))
        case None:
            return []


def complete_definition(file: AgentFile, offset: int, *, with_snippets: bool) -> list[CompletionItem]:
    """The same in the file that defines a provider."""
    match place_at(file, offset):
        case KeyPlace() as place:
            return list(_keys(place, with_snippets, provider_form(), None))
        case ValuePlace() as place:
            return list(_values(place, with_snippets, provider_form(), None))
        case _:
            return []


def _keys(
    place: KeyPlace, with_snippets: bool, form: Form, definition: ProviderDefinition | None
) -> Iterator[CompletionItem]:
    needed = definition.needs if definition and place.path == ("parameters",) else ()
    known = keys_at(place.agent, place.path, form)
    for key, schema in sorted(known.items(), key=lambda item: _rank(*item, needed)):
        if key in place.present:
            continue
        quoted = encode_string(key)
        new_text, is_snippet = quoted, False
        if not place.has_colon:
            is_snippet = with_snippets
            label = escape_snippet(quoted) if is_snippet else quoted
            value = _whole_value(definition, (*place.path, key), is_snippet) or _placeholder(schema, is_snippet)
            new_text = f"{label}: {value}{',' if place.needs_comma else ''}"
        documentation = describe_key(key, schema)
        yield CompletionItem(
            key, "key", place.span, new_text, is_snippet, quoted, documentation, schema.deprecated, place.before
        )


def _rank(key: str, schema: ValueSchema, needed: Sequence[str]) -> tuple[bool, bool]:
    return key not in needed and not schema.required, schema.deprecated


def _values(
    place: ValuePlace, with_snippets: bool, form: Form, definition: ProviderDefinition | None
) -> Iterator[CompletionItem]:
    schema = value_at(place.agent, place.path, form)
    if schema is None:
        return
    comma = "," if place.needs_comma else ""
    for value in _known_values(schema):
        text = json.dumps(value, ensure_ascii=False)
        label = value if isinstance(value, str) else text
        documentation = describe_value(label, schema)
        yield CompletionItem(label, "value", place.span, text + comma, False, text, documentation, before=place.before)
    if not schema.values and place.node is None:
        written = _whole_value(definition, place.path, with_snippets)
        if written:
            shown, told = _whole_value(definition, place.path, with_snippets=False), schema.description
            yield CompletionItem(
                shown, "value", place.span, written + comma, with_snippets, shown, told, before=place.before
            )
        yield from _empty_values(place, schema, with_snippets, comma)


def _known_values(schema: ValueSchema) -> list[Any]:
    if schema.values:
        return list(schema.values)
    return [True, False] if "boolean" in schema.types else []


def _empty_values(place: ValuePlace, schema: ValueSchema, with_snippets: bool, comma: str) -> Iterator[CompletionItem]:
    """Brackets and quotes to write on in, for values that no list can name."""
    for kind in schema.types:
        if kind in ("object", "array", "string"):
            empty = _KINDS_WITH_PLACEHOLDER[kind].format("")
            new_text = _KINDS_WITH_PLACEHOLDER[kind].format("$1") if with_snippets else empty
            text, told = new_text + comma, schema.description
            yield CompletionItem(empty, "value", place.span, text, with_snippets, empty, told, before=place.before)


def _whole_value(definition: ProviderDefinition | None, path: Path, with_snippets: bool) -> str:
    """`auth` or `parameters` as a new agent of this kind begins with, to be written at `path`; "" elsewhere."""
    if definition is None or path not in (("auth",), ("parameters",)):
        return ""
    agent = start_agent(definition, token=token_reference("agent" if definition.name == "custom" else definition.name))
    value = agent.get(str(path[0]))
    return "" if value is None else write_inline(value, _layout(value, path, with_snippets), path)


def _definition_of(agent: Any, catalog: ProviderCatalog) -> ProviderDefinition | None:
    """What is known about agents of this kind; an agent that names none is `custom`."""
    provider = cast("dict[str, Any]", agent).get("provider", "custom") if isinstance(agent, dict) else "custom"
    return catalog.definition(provider) if isinstance(provider, str) else None


def _agents(
    file: AgentFile, place: AgentPlace, with_snippets: bool, catalog: ProviderCatalog
) -> Iterator[CompletionItem]:
    """One agent of each kind, with a name that no other agent of the file has."""
    taken = {entry.agent.name for entry in file.entries()}
    comma = "," if place.needs_comma else ""
    for definition in catalog.definitions:
        agent = start_agent(definition, taken=taken)
        label = definition.title if definition.title.endswith(" agent") else f"{definition.title} agent"
        text, told = write_agent(agent, _layout(agent, (), with_snippets)) + comma, _describe(definition)
        # Some clients compare what was typed with the beginning only, letter by letter.
        typed = f"{definition.name} {definition.title}"
        yield CompletionItem(label, "agent", place.span, text, with_snippets, typed, told, before=place.before)


def _layout(value: JsonValue, path: Path, with_snippets: bool) -> Layout:
    """With tab stops where one agent of a kind differs from the next."""
    return Layout(tab_stops=[leaf for leaf in leaves(value, path) if _is_own(leaf)] if with_snippets else ())


def _is_own(path: Path) -> bool:
    return path[0] in ("name", "url", "parameters") or path[-1] in ("token", "responseFormat")


def _describe(definition: ProviderDefinition) -> str:
    lines = [f"**{definition.title}**", definition.description, definition.documentation]
    return "\n\n".join(line for line in lines if line)


def _placeholder(schema: ValueSchema, is_snippet: bool) -> str:
    kind = schema.types[0] if schema.types else "string"
    if is_snippet and schema.values:
        return f'"${{1|{",".join(schema.values)}|}}"'
    if kind == "boolean":
        default = json.dumps(not schema.default)
        return f"${{1:{default}}}" if is_snippet else default
    return _KINDS_WITH_PLACEHOLDER.get(kind, "{}").format("$1" if is_snippet else "")
