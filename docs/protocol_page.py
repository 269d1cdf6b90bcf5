"""The parts of `protocol.md` that come from `schemas/protocol.schema.json`: tables of methods and settings, and types.

Each stands between a mark that names it and `<!-- end -->`; the rest of the page is written by hand.
"""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

Schema: TypeAlias = Mapping[str, Any]

WIDTH = 120
COMMENTS = 46
"""The column of comments that stand beside a type."""
PART = re.compile(r"(<!-- made by docs/generate.py from the schema: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)


def filled(page: str, schema: Schema) -> str:
    """The page, each of its parts made anew."""

    def part(mark: re.Match[str]) -> str:
        lines = "\n".join(_part(mark[2], schema))
        return f"{mark[1]}\n{_linked(lines, page) if mark[2] != 'types' else lines}\n\n{mark[3]}"

    return PART.sub(part, page)


def _part(name: str, schema: Schema) -> Iterator[str]:
    groups: Schema = schema["properties"]
    match name:
        case "requests":
            return _methods("method", "params → result", groups["clientRequests"])
        case "messages":
            return _methods("method", "params", groups["serverNotifications"], groups["serverRequests"])
        case "commands":
            return _methods("command", "argument → result", groups["commands"])
        case "settings":
            return setting_rows(schema["$defs"]["Settings"])
        case _:
            return _types(schema["$defs"])


def _methods(kind: str, carried: str, *groups: Schema) -> Iterator[str]:
    yield f"| {kind} | {carried} | what it does |"
    yield "|---|---|---|"
    for group in groups:
        for name, method in group["properties"].items():
            parts = method["properties"]
            messages = [parts[part] for part in ("params", "argument", "result") if part in parts]
            yield _row(_code(name), " → ".join(_code(_type(message)) for message in messages), method["description"])


def setting_rows(settings: Schema) -> Iterator[str]:
    """The table of all settings."""
    yield "| key | type | default | meaning |"
    yield "|---|---|---|---|"
    for key, schema in _leaves(settings):
        yield _row(_code(key), _code(_type(schema)), _default(schema), schema["description"])


def _leaves(settings: Schema, above: str = "") -> Iterator[tuple[str, Schema]]:
    """Every setting that is not a group of others."""
    for key, schema in settings["properties"].items():
        if "properties" in schema:
            yield from _leaves(schema, f"{above}{key}.")
        else:
            yield f"{above}{key}", schema


def _default(schema: Schema) -> str:
    if "default" not in schema:
        return ""
    value = schema["default"]
    titles = [one["title"] for one in value] if isinstance(value, list) else []
    return ", ".join(titles) or _code(json.dumps(value))


def _types(definitions: Schema) -> Iterator[str]:
    """All types but those of LSP, and the settings, which have a table."""
    yield "```ts"
    for name, schema in definitions.items():
        if name != "Settings" and not schema["description"].startswith("Of LSP"):
            yield from _declaration(name, schema)
    yield "```"


def _declaration(name: str, schema: Schema) -> Iterator[str]:
    if "oneOf" in schema:
        common = f" {_object(schema)} & (" if "properties" in schema else ""
        yield from _commented(f"type {name} ={common}", schema["description"])
        for kind in schema["oneOf"]:
            yield from _commented(f"  | {_type(kind)}", kind["description"])
        if common:
            yield ")"
    elif "properties" in schema:
        yield from _commented(f"interface {name} {{", schema["description"])
        for field, value in _fields(schema):
            yield from _commented(f"  {field}: {_type(value)}", value["description"])
        yield "}"
    else:
        declared = f"type {name} = {_type(schema)}"
        yield from _commented("\n".join(textwrap.wrap(declared, WIDTH, subsequent_indent="  ")), schema["description"])


def _commented(code: str, comment: str) -> Iterator[str]:
    """The comment stands beside the code if there is room for it, and above it if not."""
    column = max(COMMENTS, len(code) + 2)
    lines = textwrap.wrap(comment, max(WIDTH - len("// ") - column, 1))
    if len(lines) > 1 and column > COMMENTS:
        indent = code[: len(code) - len(code.lstrip())]
        yield from (f"{indent}// {line}" for line in textwrap.wrap(comment, WIDTH - len(f"{indent}// ")))
        yield code
        return
    for beside, line in zip([code, *[""] * (len(lines) - 1)], lines, strict=True):
        yield f"{beside.ljust(column)}// {line}"


def _type(schema: Schema) -> str:
    """A schema as TypeScript."""
    match schema:
        case {"$ref": reference, "properties": _}:
            return f"{_object(schema)} & {_name(reference)}"
        case {"$ref": reference}:
            return _name(reference)
        case {"oneOf": kinds}:
            return " | ".join(map(_type, kinds))
        case {"const": value}:
            return json.dumps(value)
        case {"enum": values}:
            return " | ".join(map(json.dumps, values))
        case {"additionalProperties": True}:
            return "unknown"
        case {"additionalProperties": values}:
            return f"{{[name: string]: {_type(values)}}}"
        case {"properties": _}:
            return _object(schema)
        case {"type": "array"}:
            item = _type(schema["items"]) if "items" in schema else "unknown"
            return f"({item})[]" if " | " in item else f"{item}[]"
        case {"type": [*names]}:
            return " | ".join(_type({"type": name}) for name in names)
        case _:
            return "number" if schema["type"] in ("integer", "number") else schema["type"]


def _object(schema: Schema) -> str:
    return "{" + ", ".join(f"{field}: {_type(value)}" for field, value in _fields(schema)) + "}"


def _fields(schema: Schema) -> Iterator[tuple[str, Schema]]:
    """Each with a question mark where it may be absent."""
    needed = schema.get("required", ())
    for field, value in schema["properties"].items():
        yield (field if field in needed else f"{field}?"), value


def _name(reference: str) -> str:
    return reference.rpartition("/")[2]


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _code(text: str) -> str:
    escaped = text.replace("|", "\\|")
    return f"`{escaped}`"


def _linked(text: str, page: str) -> str:
    """The text, with links where it says to see a section of the page or another page."""
    headings = {heading: f"#{heading.lower()}" for heading in re.findall(r"^#+ (\w+)$", page, re.MULTILINE)}

    def link(seen: re.Match[str]) -> str:
        target = seen[1] if seen[1].endswith(".md") else headings[seen[1]]
        return f"see [{seen[1]}]({target})"

    return re.sub(r"\bsee ([A-Z]\w+|\w+\.md)", link, text)
