"""Keys and values of the schema in words, as Markdown."""

from __future__ import annotations

import json

from dragoman.schema.lookup import ValueSchema


def describe_key(key: str, schema: ValueSchema) -> str:
    """What a key does, what it may hold, and what counts without it."""
    lines = [f"**{key}** {_kind(schema)}", schema.description]
    if schema.deprecated:
        lines.insert(1, "*Deprecated.*")
    if schema.value_descriptions:
        pairs = zip(schema.values, schema.value_descriptions, strict=False)  # not all may be described
        lines.append("\n".join(f"- `{value}`: {description}" for value, description in pairs))
    if schema.default not in (None, "", [], {}):
        lines.append(f"Without it: `{_plain(schema.default)}`")
    return "\n\n".join(line for line in lines if line)


def describe_value(value: str, schema: ValueSchema) -> str:
    """What one of the known values of a key does; "" where there is nothing to say."""
    if value not in schema.values:
        return ""
    index = schema.values.index(value)
    description = schema.value_descriptions[index] if index < len(schema.value_descriptions) else ""
    return f"**{value}**: {description}" if description else ""


def _kind(schema: ValueSchema) -> str:
    kinds = " or ".join(schema.types)
    return f"*({kinds}, needed)*" if schema.required else f"*({kinds})*" if kinds else ""


def _plain(default: object) -> str:
    return default if isinstance(default, str) else json.dumps(default)
