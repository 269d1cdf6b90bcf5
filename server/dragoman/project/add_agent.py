"""One more agent in the text of an agent file, which otherwise stays as it is, to the last byte."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, cast

from dragoman.agents.model import JsonValue
from dragoman.agents.writing import Layout, write_agent
from dragoman.syntax.jsonc import ArrayNode, Node, ObjectNode, Tree, parse, to_value
from dragoman.syntax.text import LINE_END, LineIndex, newline_of

_TRIVIA = re.compile(r"(?:[ \t\r\n]|//[^\r\n]*|/\*.*?\*/)*", re.DOTALL)
_BYTE_ORDER_MARK = "\ufeff"
_MARGIN = re.compile(r"[ \t]*")
_HARMLESS = ("comment", "trailing-comma")
"""Problems of the syntax beside which the agents of a file can be told for certain."""


def names_in(text: str) -> set[str]:
    """The names of the agents in the text of an agent file."""
    value = to_value(parse(text.removeprefix(_BYTE_ORDER_MARK)).root)
    entries = cast("list[Any]", value if isinstance(value, list) else [value])
    agents = [cast("dict[str, Any]", entry) for entry in entries if isinstance(entry, dict)]
    return {agent["name"] for agent in agents if isinstance(agent.get("name"), str)}


def add_agent(text: str, agent: Mapping[str, JsonValue]) -> str:
    """`text` with `agent` behind the others: an array is added to, a single agent becomes an array with both.

    Raises `ValueError`, whose text is a sentence, where the text is broken or holds an agent of this name.
    """
    if text.startswith(_BYTE_ORDER_MARK):
        return _BYTE_ORDER_MARK + add_agent(text.removeprefix(_BYTE_ORDER_MARK), agent)
    if _TRIVIA.fullmatch(text):
        return _into_empty_file(text, agent)
    tree = parse(text)
    _refuse(text, tree, agent)
    match tree.root:
        case ObjectNode() as node:
            return _beside_object(text, node, agent)
        case ArrayNode(items=()) as node:
            return _into_empty_array(text, node, agent)
        case ArrayNode() as node:
            return _behind_items(text, node, agent)
        case _:
            raise ValueError("It holds neither an agent nor an array of agents.")


def _refuse(text: str, tree: Tree, agent: Mapping[str, JsonValue]) -> None:
    for problem in tree.problems:
        if problem.code not in _HARMLESS:
            line = LineIndex(text).line_at(problem.span.start) + 1
            raise ValueError(f"Line {line} must be corrected before anything can be added: {problem.message}")
    if agent["name"] in names_in(text):
        raise ValueError(f"It has an agent “{agent['name']}” already; choose another name.")


def _into_empty_file(text: str, agent: Mapping[str, JsonValue]) -> str:
    newline = newline_of(text)
    separator = newline if text and not text.endswith(("\n", "\r")) else ""
    written = write_agent(agent, Layout(margin="  ", newline=newline))
    return f"{text}{separator}[{newline}  {written}{newline}]{newline}"


def _beside_object(text: str, node: ObjectNode, agent: Mapping[str, JsonValue]) -> str:
    newline, start, end = newline_of(text), node.span.start, node.span.end
    written = write_agent(agent, Layout(_step(text, node, ""), "", newline))
    return f"{text[:start]}[{newline}{text[start:end]},{newline}{written}{newline}]{text[end:]}"


def _into_empty_array(text: str, node: ArrayNode, agent: Mapping[str, JsonValue]) -> str:
    newline, closing = newline_of(text), node.span.end - 1
    margin = _margin_at(text, node.span.start)
    step = margin or "  "
    end = _end_of_content(text, node.span.start + 1, closing)
    behind = text[end:closing] if LINE_END.search(text, end, closing) else newline + margin
    written = write_agent(agent, Layout(step, margin + step, newline))
    return f"{text[:end]}{newline}{margin}{step}{written}{behind}{text[closing:]}"


def _behind_items(text: str, node: ArrayNode, agent: Mapping[str, JsonValue]) -> str:
    newline, closing, last = newline_of(text), node.span.end - 1, node.items[-1]
    margin = _margin_of_item(text, node, last)
    trivia = _TRIVIA.match(text, last.span.end)
    has_comma = trivia is not None and text.startswith(",", trivia.end())
    end = _end_of_content(text, last.span.end, closing)
    behind = text[end:closing] if LINE_END.search(text, end, closing) else newline + _margin_at(text, node.span.start)
    written = write_agent(agent, Layout(_step(text, last, margin), margin, newline))
    comma = "" if has_comma else ","
    return (
        f"{text[: last.span.end]}{comma}{text[last.span.end : end]}{newline}{margin}{written}{behind}{text[closing:]}"
    )


def _end_of_content(text: str, start: int, closing: int) -> int:
    """The end of what stands before a closing bracket: an item, its comma, a comment."""
    return start + len(text[start:closing].rstrip(" \t\r\n"))


def _margin_of_item(text: str, array: ArrayNode, item: Node) -> str:
    """What stands before an item on its line; one step in from the array where that is more than white space."""
    start = LineIndex(text).start_of(LineIndex(text).line_at(item.span.start))
    before = text[start : item.span.start]
    return before if not before.strip(" \t") else _margin_at(text, array.span.start) + "  "


def _margin_at(text: str, offset: int) -> str:
    """The white space that begins the line of `offset`."""
    lines = LineIndex(text)
    start = lines.start_of(lines.line_at(offset))
    match = _MARGIN.match(text, start)
    return match[0] if match else ""


def _step(text: str, node: Node, margin: str) -> str:
    """By how much the keys of an agent are set in from its brace; two spaces where that cannot be seen."""
    if isinstance(node, ObjectNode) and node.properties:
        first = node.properties[0].span.start
        keys_margin = _margin_at(text, first)
        on_own_line = LINE_END.search(text, node.span.start, first) is not None
        if on_own_line and keys_margin.startswith(margin) and keys_margin != margin:
            return keys_margin.removeprefix(margin)
    return margin or "  "
