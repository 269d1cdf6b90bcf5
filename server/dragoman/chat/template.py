"""Filling a request template: JSON whose strings hold `$placeholders` and `${env:…}` references. The structure stays.

Replacement is structural and happens once: a prompt with quotes, backslashes, `$1` or `$content` stays as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from dragoman.agents.model import JsonValue
from dragoman.agents.placeholders import PLACEHOLDER
from dragoman.secrets.reference import Reference, find_references


class Unknown:
    """The value of a placeholder that is not known yet. The key or item that holds only it is left out."""


UNKNOWN = Unknown()

Values: TypeAlias = Mapping[str, "JsonValue | Unknown"]
"""Placeholder without its `$` → what stands there. A list or object can stand only where the string is nothing else."""


def fill(template: JsonValue, values: Values, value_of: Callable[[Reference], str]) -> JsonValue | Unknown:
    """`template` with its placeholders and references replaced; names that `values` does not hold stay as they are."""
    match template:
        case str():
            return _fill_text(template, values, value_of)
        case list():
            items = [fill(item, values, value_of) for item in template]
            return [item for item in items if not isinstance(item, Unknown)]
        case dict():
            return fill_object(template, values, value_of)
        case _:
            return template


def fill_object(
    template: Mapping[str, JsonValue], values: Values, value_of: Callable[[Reference], str]
) -> dict[str, JsonValue]:
    """The same for an object."""
    filled = {key: fill(value, values, value_of) for key, value in template.items()}
    return {key: value for key, value in filled.items() if not isinstance(value, Unknown)}


def _fill_text(text: str, values: Values, value_of: Callable[[Reference], str]) -> JsonValue | Unknown:
    whole = PLACEHOLDER.fullmatch(text)
    if whole and whole[1] in values:
        return values[whole[1]]
    pieces: list[str] = []
    end = 0
    for reference in find_references(text):
        pieces += [_fill_placeholders(text[end : reference.start], values), value_of(reference)]
        end = reference.end
    return "".join([*pieces, _fill_placeholders(text[end:], values)])


def _fill_placeholders(text: str, values: Values) -> str:
    return PLACEHOLDER.sub(lambda match: _as_text(values.get(match[1], match[0]), match[0]), text)


def _as_text(value: JsonValue | Unknown, placeholder: str) -> str:
    match value:
        case str():
            return value
        case Unknown():
            return ""
        case list() | dict():
            return placeholder
        case _:
            return str(value)
