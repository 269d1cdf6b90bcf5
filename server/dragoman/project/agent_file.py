"""An agent file, read. This is the one door to the incremental engine: a plain reparse could stand behind it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, cast
from weakref import WeakKeyDictionary

from dragoman.agents.model import Agent
from dragoman.agents.reader import read_agent
from dragoman.syntax.jsonc import (
    Cell,
    Edit,
    Node,
    ObjectNode,
    PlacedCell,
    find_property,
    parse_cells,
    reparse_cells,
    to_value,
)
from dragoman.syntax.text import Span


@dataclass(frozen=True, slots=True)
class AgentEntry:
    """One agent and where it stands: `span` is its object, `name_span` what to show when it is looked for."""

    agent: Agent
    span: Span
    name_span: Span


@dataclass(frozen=True, slots=True)
class AgentFile:
    """One version of the text of an agent file, cut into cells."""

    text: str = field(repr=False)
    cells: tuple[PlacedCell, ...] = field(repr=False)

    def edited(self, text: str, edit: Edit) -> AgentFile:
        """The file after one edit; costs what the edit touches."""
        return AgentFile(text, reparse_cells(self.cells, text, edit))

    def entries(self) -> Iterator[AgentEntry]:
        """The agents of the file, in order, broken ones too."""
        for start, cell in self.cells:
            entry = _entry_of(cell)
            if entry is not None:
                yield AgentEntry(entry.agent, entry.span.shifted(start), entry.name_span.shifted(start))

    def key_at(self, entry: AgentEntry, offset: int) -> tuple[str, ...]:
        """The keys that lead from an agent to the place at `offset`; () where no key of it stands around that."""
        start, node = self.placed_node(entry)
        return _keys_at(node, offset - start)

    def key_span(self, entry: AgentEntry, path: tuple[str, ...]) -> Span:
        """Where the key at `path` of an agent stands, else the nearest key around it, else the agent's name."""
        start, node = self.placed_node(entry)
        for length in range(len(path), 0, -1):
            found = find_property(node, path[:length])
            if found is not None:
                return found.key.span.shifted(start)
        return entry.name_span

    def placed_node(self, entry: AgentEntry) -> tuple[int, Node | None]:
        """The node of an agent, and the offset that its spans count from; None where this version has no such agent."""
        for start, cell in self.cells:
            if cell.node is not None and cell.node.span.shifted(start) == entry.span:
                return start, cell.node
        return 0, None


def _keys_at(node: Node | None, here: int) -> tuple[str, ...]:
    if not isinstance(node, ObjectNode):
        return ()
    around = (entry for entry in node.properties if entry.span.start <= here < entry.span.end)
    found = next(around, None)
    return (found.key.value, *_keys_at(found.value, here)) if found else ()


def read_agent_file(text: str) -> AgentFile:
    """Read a whole text."""
    return AgentFile(text, parse_cells(text))


_entries: WeakKeyDictionary[Cell, AgentEntry] = WeakKeyDictionary()


def _entry_of(cell: Cell) -> AgentEntry | None:
    """The agent in a cell, its spans counted from the cell's start; kept as long as the cell is."""
    if not isinstance(cell.node, ObjectNode):
        return None
    entry = _entries.get(cell)
    if entry is None:
        name = cell.node.value_of("name")
        value = cast("dict[str, Any]", to_value(cell.node))
        entry = AgentEntry(read_agent(value), cell.node.span, name.span if name else cell.node.span)
        _entries[cell] = entry
    return entry
