"""Hover: what a key does, what a value does."""

from __future__ import annotations

from dataclasses import dataclass

from dragoman.features.cursor import KeyPlace, ValuePlace, place_at
from dragoman.features.describe import describe_key, describe_value
from dragoman.project.agent_file import AgentFile
from dragoman.schema.lookup import keys_at, value_at
from dragoman.schema.store import Form
from dragoman.syntax.text import Span


@dataclass(frozen=True, slots=True)
class Hover:
    """Markdown about what stands at `span`. Never holds a value from the file."""

    span: Span
    markdown: str


def hover(file: AgentFile, offset: int, form: Form | None = None) -> Hover | None:
    """What there is to say at `offset`. `form` is what the file's values look like, an agent's if not given."""
    place = place_at(file, offset)
    if place is None or place.span.start == place.span.end:  # where something could stand, and nothing does
        return None
    match place:
        case KeyPlace(entry=entry) if entry is not None:
            key = entry.key.value
            schema = keys_at(place.agent, place.path, form).get(key)
            return Hover(place.span, describe_key(key, schema)) if schema else None
        case ValuePlace(node=node) if node is not None and isinstance(place.path[-1], str):
            schema = value_at(place.agent, place.path, form)
            if schema is None:
                return None
            value = getattr(node, "value", None)
            told = describe_value(value, schema) if isinstance(value, str) else ""
            return Hover(place.span, told or describe_key(place.path[-1], schema))
        case _:
            return None
