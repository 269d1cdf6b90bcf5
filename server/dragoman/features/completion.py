"""Completion of keys and values, from the schema, in valid and in broken text."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from dragoman.features.cursor import AgentPlace, KeyPlace, ValuePlace, place_at
from dragoman.features.describe import describe_key, describe_value
from dragoman.lint.diagnostic import TextEdit
from dragoman.project.agent_file import AgentFile
from dragoman.schema.lookup import ValueSchema, keys_at, value_at
from dragoman.syntax.jsonc import encode_string
from dragoman.syntax.text import Span


@dataclass(frozen=True, slots=True)
class CompletionItem:
    """One proposal: `new_text` goes in place of `span`. With `is_snippet` it holds tab stops (LSP 3.17, snippets)."""

    label: str
    kind: Literal["key", "value", "agent"]
    span: Span
    new_text: str
    is_snippet: bool
    filter_text: str
    documentation: str = ""
    deprecated: bool = False
    before: TextEdit | None = None
    """What else is to be put in: a comma or colon that is missing before `span`."""


_KINDS_WITH_PLACEHOLDER = {"string": '"{}"', "object": "{{{}}}", "array": "[{}]", "number": "{}", "boolean": "{}"}


def complete(file: AgentFile, offset: int, *, with_snippets: bool) -> list[CompletionItem]:
    """What can stand at `offset`, in the schema's order, what is needed first."""
    match place_at(file, offset):
        case KeyPlace() as place:
            return list(_keys(place, with_snippets))
        case ValuePlace() as place:
            return list(_values(place, with_snippets))
        case AgentPlace() as place:
            return [_agent(place, with_snippets)]
        case None:
            return []


def _keys(place: KeyPlace, with_snippets: bool) -> Iterator[CompletionItem]:
    known = keys_at(place.agent, place.path)
    for key, schema in sorted(known.items(), key=lambda item: (not item[1].required, item[1].deprecated)):
        if key in place.present:
            continue
        quoted = encode_string(key)
        new_text, is_snippet = quoted, False
        if not place.has_colon:
            is_snippet = with_snippets
            label = _escaped(quoted) if is_snippet else quoted
            new_text = f"{label}: {_placeholder(schema, is_snippet)}{',' if place.needs_comma else ''}"
        documentation = describe_key(key, schema)
        yield CompletionItem(
            key, "key", place.span, new_text, is_snippet, quoted, documentation, schema.deprecated, place.before
        )


def _values(place: ValuePlace, with_snippets: bool) -> Iterator[CompletionItem]:
    schema = value_at(place.agent, place.path)
    if schema is None:
        return
    comma = "," if place.needs_comma else ""
    for value in _known_values(schema):
        text = json.dumps(value, ensure_ascii=False)
        label = value if isinstance(value, str) else text
        documentation = describe_value(label, schema)
        yield CompletionItem(label, "value", place.span, text + comma, False, text, documentation, before=place.before)
    if not schema.values and place.node is None:
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


def _agent(place: AgentPlace, with_snippets: bool) -> CompletionItem:
    name, url = ("${1:my agent}", "${2:http://127.0.0.1:8765/}") if with_snippets else ("", "")
    comma = "," if place.needs_comma else ""
    new_text = f'{{\n  "name": "{name}",\n  "url": "{url}"\n}}{comma}'
    documentation = describe_key("agent", ValueSchema(description="A new agent: its name, and where prompts are sent."))
    return CompletionItem(
        "new agent", "agent", place.span, new_text, with_snippets, "{", documentation, before=place.before
    )


def _placeholder(schema: ValueSchema, is_snippet: bool) -> str:
    kind = schema.types[0] if schema.types else "string"
    if is_snippet and schema.values:
        return f'"${{1|{",".join(schema.values)}|}}"'
    if kind == "boolean":
        default = json.dumps(not schema.default)
        return f"${{1:{default}}}" if is_snippet else default
    return _KINDS_WITH_PLACEHOLDER[kind].format("$1" if is_snippet else "")


def _escaped(text: str) -> str:
    """Plain text inside a snippet."""
    return text.replace("\\", "\\\\").replace("$", "\\$").replace("}", "\\}")
