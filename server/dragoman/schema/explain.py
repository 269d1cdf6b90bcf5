"""What exactly a value breaks, looked for only where it does not `conform`: quick for the one wrong key of an agent.

It tells of the keywords that our own schemas have. A form with any other is left to a validator
(`validate.violations`), which says the same of these, twenty times as slowly; a test holds that.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any, TypeAlias, cast

from dragoman.schema.conform import SAYING_NOTHING, check_of, is_decided
from dragoman.schema.store import Form, Schema
from dragoman.schema.violation import Path, Violation

Explain: TypeAlias = Callable[[Any, Schema, Path, Form], Iterator[Violation]]


def explain(value: Any, schema: Schema | bool, path: Path, form: Form) -> Iterator[Violation]:
    """Everything in `value`, which stands at `path`, that a part of `form` forbids. That part `is_explained`."""
    if isinstance(schema, dict) and not check_of(schema, form)(value):
        for keyword, one in _EXPLAINED.items():
            if keyword in schema:
                yield from one(value, schema, path, form)


@lru_cache(maxsize=64)
def is_explained(definition: str, form: Form) -> bool:
    """Whether all that a definition and those that it leads to forbid can be told here."""
    return _is_explained(form.definitions[definition], form, (definition,))


def _is_explained(schema: Schema | bool, form: Form, above: tuple[str, ...]) -> bool:
    if not isinstance(schema, dict):
        return schema
    if schema.keys() - _EXPLAINED.keys() - SAYING_NOTHING - {"then"}:
        return False
    if not all(isinstance(word, str) for word in schema.get("enum", ())) or not is_decided(schema.get("if", {})):
        return False
    if schema.get("propertyNames", {}).keys() - {"pattern"} or set(_kinds(schema)) - _KINDS.keys():
        return False
    name = schema.get("$ref", "").removeprefix("#/$defs/")
    inner = [*schema.get("properties", {}).values(), *schema.get("allOf", ())]
    inner += [schema[keyword] for keyword in ("items", "then") if keyword in schema]
    if schema.get("additionalProperties", False):
        inner.append(schema["additionalProperties"])
    if name and name not in above:
        inner.append(form.definitions[name])
    return all(_is_explained(part, form, (*above, name)) for part in inner)


_KINDS: Mapping[str, Callable[[Any], bool]] = {
    "string": lambda value: isinstance(value, str),
    "number": lambda value: _is_number(value),
    "integer": lambda value: _is_number(value) and value == value // 1,
    "boolean": lambda value: isinstance(value, bool),
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "null": lambda value: value is None,
}


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _object(value: Any) -> dict[str, Any]:
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}


def _kinds(schema: Schema) -> list[str]:
    wanted = schema.get("type", [])
    return [wanted] if isinstance(wanted, str) else wanted


def _type(value: Any, schema: Schema, path: Path, _form: Form) -> Iterator[Violation]:
    if not any(_KINDS[kind](value) for kind in _kinds(schema)):
        yield Violation("type", path, schema["type"], value)


def _required(value: Any, schema: Schema, path: Path, _form: Form) -> Iterator[Violation]:
    if isinstance(value, dict):
        for key in schema["required"]:
            if key not in value:
                yield Violation("required", (*path, key), schema["required"], value)


def _properties(value: Any, schema: Schema, path: Path, form: Form) -> Iterator[Violation]:
    if isinstance(value, dict):
        for key, inner in schema["properties"].items():
            if key in value:
                yield from explain(value[key], inner, (*path, key), form)


def _additional(value: Any, schema: Schema, path: Path, form: Form) -> Iterator[Violation]:
    known, other = schema.get("properties", {}), schema["additionalProperties"]
    for key in _object(value):
        if key not in known:
            if other is False:
                yield Violation("additionalProperties", (*path, key), list(known), value)
            yield from explain(value[key], other, (*path, key), form)


def _property_names(value: Any, schema: Schema, path: Path, _form: Form) -> Iterator[Violation]:
    pattern = schema["propertyNames"].get("pattern", "")
    for key in _object(value):
        if not re.search(pattern, key):
            yield Violation("propertyNames", (*path, key), pattern, key)


def _items(value: Any, schema: Schema, path: Path, form: Form) -> Iterator[Violation]:
    for index, item in enumerate(cast("list[Any]", value) if isinstance(value, list) else ()):
        yield from explain(item, schema["items"], (*path, index), form)


def _reference(value: Any, schema: Schema, path: Path, form: Form) -> Iterator[Violation]:
    return explain(value, form.definitions[schema["$ref"].removeprefix("#/$defs/")], path, form)


def _parts(value: Any, schema: Schema, path: Path, form: Form) -> Iterator[Violation]:
    for part in schema["allOf"]:
        yield from explain(value, part, path, form)


def _condition(value: Any, schema: Schema, path: Path, form: Form) -> Iterator[Violation]:
    if check_of(schema["if"], form)(value):
        yield from explain(value, schema.get("then", True), path, form)


def _keyword(name: str, is_kept: Callable[[Any, Any], bool]) -> Explain:
    """For keywords that look at a value of one kind and at nothing around it."""

    def one(value: Any, schema: Schema, path: Path, _form: Form) -> Iterator[Violation]:
        if not is_kept(value, schema[name]):
            yield Violation(name, path, schema[name], value)

    return one


_EXPLAINED: Mapping[str, Explain] = {
    "$ref": _reference,
    "type": _type,
    "required": _required,
    "properties": _properties,
    "additionalProperties": _additional,
    "propertyNames": _property_names,
    "items": _items,
    "allOf": _parts,
    "if": _condition,
    "enum": _keyword("enum", lambda value, words: value in words),
    "pattern": _keyword(
        "pattern", lambda value, pattern: not isinstance(value, str) or bool(re.search(pattern, value))
    ),
    "minLength": _keyword("minLength", lambda value, least: not isinstance(value, str) or len(value) >= least),
    "minimum": _keyword("minimum", lambda value, bound: not _is_number(value) or value >= bound),
    "maximum": _keyword("maximum", lambda value, bound: not _is_number(value) or value <= bound),
    "exclusiveMinimum": _keyword("exclusiveMinimum", lambda value, bound: not _is_number(value) or value > bound),
}
