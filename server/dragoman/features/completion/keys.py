"""Keys of an object that it does not have yet, each with the beginning of its value."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from dragoman.agents.writing import escape_snippet
from dragoman.features.completion.item import CompletionItem
from dragoman.features.completion.knowledge import Knowledge
from dragoman.features.completion.whole_values import whole_value
from dragoman.features.cursor import KeyPlace
from dragoman.features.describe import describe_key
from dragoman.schema.lookup import ValueSchema, keys_at
from dragoman.syntax.jsonc import encode_string

_EMPTY = {"string": '"{}"', "object": "{{{}}}", "array": "[{}]"}
"""Of the others nothing can be written before the value is known."""


def keys(place: KeyPlace, known: Knowledge) -> Iterator[CompletionItem]:
    """The keys of the schema, what is needed first; in place of one that has its value, the key alone."""
    needed = known.definition.needs if known.definition and place.path == ("parameters",) else ()
    found = keys_at(place.agent, place.path, known.form)
    for key, schema in sorted(found.items(), key=lambda item: _rank(*item, needed)):
        if key not in place.present:
            yield _key(place, key, schema, known)


def _key(place: KeyPlace, key: str, schema: ValueSchema, known: Knowledge) -> CompletionItem:
    quoted = encode_string(key)
    new_text, is_snippet = quoted, False
    if not place.has_colon:
        is_snippet = known.with_snippets
        label = escape_snippet(quoted) if is_snippet else quoted
        value = whole_value(known.definition, (*place.path, key), is_snippet) or _placeholder(schema, is_snippet)
        new_text = f"{label}: {value}{',' if place.needs_comma else ''}"
    documentation = describe_key(key, schema)
    return CompletionItem(
        key, "key", place.span, new_text, is_snippet, quoted, documentation, schema.deprecated, place.before
    )


def _rank(key: str, schema: ValueSchema, needed: Sequence[str]) -> tuple[bool, bool]:
    return key not in needed and not schema.required, schema.deprecated


def _placeholder(schema: ValueSchema, is_snippet: bool) -> str:
    """A value to begin with: the choice between those that are allowed, else what its kind is written in."""
    kind = schema.types[0] if schema.types else "" if schema.values else "string"
    if kind == "":
        return _first_of(schema, is_snippet)
    if is_snippet and schema.values and all(isinstance(value, str) for value in schema.values):
        return f'"${{1|{",".join(map(_escape_choice, schema.values))}|}}"'
    if kind == "boolean":
        default = json.dumps(not schema.default)
        return f"${{1:{default}}}" if is_snippet else default
    return _EMPTY.get(kind, "{}").format("$1" if is_snippet else "")


def _first_of(schema: ValueSchema, is_snippet: bool) -> str:
    """The first of the examples, where the schema says of what kind values are by these alone."""
    text = json.dumps(schema.values[0], ensure_ascii=False)
    return f"${{1:{escape_snippet(text)}}}" if is_snippet else text


def _escape_choice(value: str) -> str:
    return value.replace("\\", "\\\\").replace(",", "\\,").replace("|", "\\|")
