"""Document symbols: the agents of a file, and their keys."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from dragoman.project.agent_file import AgentEntry, AgentFile
from dragoman.syntax.jsonc import ArrayNode, Node, ObjectNode, StringNode
from dragoman.syntax.text import Span

MOST_TEXT = 1_000_000
"""Characters. The keys of all agents of a larger file would take seconds, and no outline shows so many."""

_NO_NAME = "(no name)"


@dataclass(frozen=True, slots=True)
class Symbol:
    """One entry of the outline. `selection` lies within `span`."""

    name: str
    kind: Literal["agent", "object", "array", "string", "other"]
    span: Span
    selection: Span
    children: tuple[Symbol, ...] = ()


def document_symbols(file: AgentFile) -> list[Symbol]:
    """The agents, in order; one without a name is listed too. Those of a large file are listed without their keys."""
    if len(file.text) > MOST_TEXT:
        return [_bare(entry) for entry in file.entries()]
    return [_agent(cell.node, start) for start, cell in file.cells if isinstance(cell.node, ObjectNode)]


def _bare(entry: AgentEntry) -> Symbol:
    """An agent alone: its tree, and so the place of its name, would have to be made first."""
    start, title = entry.span.start, entry.agent.name if entry.agent.name.strip() else _NO_NAME
    return Symbol(title, "agent", entry.span, Span(start, start + 1))


def _agent(node: ObjectNode, base: int) -> Symbol:
    name = node.value_of("name")
    named = isinstance(name, StringNode) and name.value.strip() != ""
    selection = name.span if named and name else Span(node.span.start, node.span.start + 1)
    title = name.value if isinstance(name, StringNode) and named else _NO_NAME
    return Symbol(title, "agent", node.span.shifted(base), selection.shifted(base), tuple(_keys(node, base)))


def _keys(node: Node | None, base: int) -> Iterator[Symbol]:
    if not isinstance(node, ObjectNode):
        return
    for entry in node.properties:
        children = tuple(_keys(entry.value, base))
        name = entry.key.value or "(no key)"
        yield Symbol(name, _kind(entry.value), entry.span.shifted(base), entry.key.span.shifted(base), children)


def _kind(node: Node | None) -> Literal["object", "array", "string", "other"]:
    match node:
        case ObjectNode():
            return "object"
        case ArrayNode():
            return "array"
        case StringNode():
            return "string"
        case _:
            return "other"
