"""What the JSON servers of editors read in a schema besides the standard, made of what the schema says anyway.

So the schema serves alone as well. `description` is shown as plain text there and `markdownDescription` as Markdown;
`defaultSnippets` are whole values to begin with, whose texts are snippets (LSP 3.17).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from dragoman.agents.provider import ProviderDefinition
from dragoman.agents.starter import start_agent
from dragoman.agents.writing import Path, escape_snippet, leaves

Schema = dict[str, Any]

_NO_SCHEMAS = ("examples", "default", "const", "enum", "defaultSnippets", "required")


def with_conventions(schema: Schema, definitions: Iterable[ProviderDefinition]) -> Schema:
    """The schema of agent files with all of it; made again from what it says already, it is the same."""
    told = _told(schema)
    known = list(definitions)
    agent = told["$defs"]["agent"]
    provider = agent["properties"]["provider"]
    provider["defaultSnippets"] = [
        {"label": f'"{one.name}"', "description": _plain(one.description or one.title), "body": one.name}
        for one in known
    ]
    agents = [_whole_agent(one) for one in known]
    agent["defaultSnippets"] = agents
    return {**told, "defaultSnippets": agents}


def _told(node: Any) -> Any:
    """A schema and those in it, with their texts in both forms."""
    if isinstance(node, list):
        return [_told(one) for one in node]
    if not isinstance(node, dict):
        return node
    told = {key: value if key in _NO_SCHEMAS else _told(value) for key, value in node.items()}
    text = node.get("markdownDescription", node.get("description"))
    if isinstance(text, str):
        told["description"] = _plain(text)
        if _plain(text) != text:
            told["markdownDescription"] = text
    if "enum" in node and "markdownEnumDescriptions" in node:
        told["enumDescriptions"] = [_plain(one) for one in node["markdownEnumDescriptions"]]
    if node.get("deprecated") is True:
        told["deprecationMessage"], told["doNotSuggest"] = told["description"], True
    return told


def _plain(markdown: str) -> str:
    return markdown.replace("`", "").replace("*", "")


def _whole_agent(definition: ProviderDefinition) -> Schema:
    agent = start_agent(definition)
    stops = [leaf for leaf in leaves(agent) if leaf[0] in ("name", "url", "parameters") or leaf[-1] == "token"]
    label = definition.title if definition.title.endswith(" agent") else f"{definition.title} agent"
    return {"label": label, "description": _plain(definition.description), "body": _snippet(agent, (), stops)}


def _snippet(value: Any, path: Path, stops: list[Path]) -> Any:
    """A value whose texts are snippets, with tab stops at `stops`."""
    if isinstance(value, dict):
        return {key: _snippet(item, (*path, key), stops) for key, item in value.items()}
    if isinstance(value, list):
        return [_snippet(item, (*path, index), stops) for index, item in enumerate(value)]
    if not isinstance(value, str):
        return value
    if path not in stops:
        return _raw(escape_snippet(value))
    stop = stops.index(path) + 1
    return _raw(f"${{{stop}:{escape_snippet(value)}}}" if value else f"${stop}")


def _raw(snippet: str) -> str:
    """A text of a snippet: with a `^` before it, it is taken as it is; without, its backslashes would be doubled."""
    return f'^"{snippet}"' if "\\" in snippet else snippet
