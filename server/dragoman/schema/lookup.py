"""What the schema says about one place in an agent: for completion and hover."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from dragoman.schema.conform import check_of, is_decided
from dragoman.schema.store import Form, Schema, agent_form
from dragoman.schema.validate import matches


@dataclass(frozen=True, slots=True)
class ValueSchema:
    """What may stand in one place."""

    description: str = ""
    types: tuple[str, ...] = ()
    values: tuple[Any, ...] = ()
    """The only values allowed; with `is_open`, values worth proposing."""
    value_descriptions: tuple[str, ...] = ()
    is_open: bool = False
    default: Any = None
    deprecated: bool = False
    required: bool = False
    least: float | None = None
    most: float | None = None
    above: float | None = None
    """The bound that a number must be greater than."""


def keys_at(whole: Any, path: tuple[str | int, ...], form: Form | None = None) -> dict[str, ValueSchema]:
    """The keys that an object at `path` may have, in the schema's order.

    `whole` is the value around it, which conditions look at; `form` is what that follows, an agent's if not given.
    """
    form = form or agent_form()
    keys: dict[str, ValueSchema] = {}
    for schema in _schemas_at(whole, path, form):
        required = schema.get("required", ())
        for key, value in schema.get("properties", {}).items():
            merged = _view(list(_applicable(value, None, form)), key in required)
            # A condition only adds to what the schema says of the key itself.
            keys.setdefault(key, merged)
    return keys


def value_at(whole: Any, path: tuple[str | int, ...], form: Form | None = None) -> ValueSchema | None:
    """What may stand at `path`; None where the schema says nothing."""
    schemas = list(_schemas_at(whole, path, form or agent_form()))
    return _view(schemas, required=False) if schemas else None


def _schemas_at(whole: Any, path: tuple[str | int, ...], form: Form) -> Iterator[Schema]:
    schemas = list(_applicable(form.definitions[form.root], whole, form))
    value: Any = whole
    for step in path:
        value = _child(value, step)
        parts = [part for schema in schemas for part in _step(schema, step)]
        schemas = [deep for part in parts for deep in _applicable(part, value, form)]
    yield from schemas


def _child(value: Any, step: str | int) -> Any:
    try:
        return value[step]
    except (KeyError, IndexError, TypeError):
        return None


def _step(schema: Schema, step: str | int) -> Iterator[Schema]:
    if isinstance(step, int):
        if "items" in schema:
            yield schema["items"]
    elif step in schema.get("properties", {}):
        yield schema["properties"][step]
    elif isinstance(schema.get("additionalProperties"), dict):
        yield schema["additionalProperties"]


def _applicable(schema: Schema, value: Any, form: Form) -> Iterator[Schema]:
    """The schema itself, what it refers to, and the branches of its conditions that hold for `value`."""
    yield schema
    if "$ref" in schema:
        yield from _applicable(form.definitions[schema["$ref"].removeprefix("#/$defs/")], value, form)
    for part in schema.get("allOf", ()):
        if "if" not in part or _applies(part["if"], value, form):
            yield from _applicable(part.get("then", part) if "if" in part else part, value, form)


def _applies(condition: Schema, value: Any, form: Form) -> bool:
    return check_of(condition, form)(value) if is_decided(condition) else matches(value, condition)


def _view(schemas: list[Schema], required: bool) -> ValueSchema:
    merged: Schema = {}
    for schema in schemas:
        merged = {**schema, **merged}
    kind = merged.get("type", ())
    return ValueSchema(
        description=next((text for schema in schemas if (text := _text(schema))), ""),
        types=(kind,) if isinstance(kind, str) else tuple(kind),
        values=tuple(merged.get("enum") or merged.get("examples") or ()),
        value_descriptions=tuple(merged.get("markdownEnumDescriptions", ())),
        is_open="enum" not in merged,
        default=merged.get("default"),
        deprecated=merged.get("deprecated", False),
        required=required,
        least=merged.get("minimum"),
        most=merged.get("maximum"),
        above=merged.get("exclusiveMinimum"),
    )


def _text(schema: Schema) -> str:
    return schema.get("markdownDescription") or schema.get("description", "")
