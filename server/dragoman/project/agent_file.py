"""An agent file, read. This is the one door to the incremental engine: a plain reparse could stand behind it.

The text is cut into cells, one per agent (`syntax/jsonc/cells.py`), and the cells stand in groups (`cell_list.py`). An
edit reads the cells again that it touches, most often one, and makes one new group; all others are the same objects as
before. Places are counted from the cell's start, a cell's from its group's: so nothing of them changes when text before
them does, and what is worked out of a cell or a group can be kept with it, as the linter does (`lint/runner.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, cast

from dragoman.agents.model import Agent
from dragoman.agents.reader import read_agent
from dragoman.syntax.jsonc import (
    Cell,
    Cells,
    Edit,
    Node,
    ObjectNode,
    PlacedCell,
    PlainCell,
    StringNode,
    find,
    find_property,
    keep,
    parse_cells,
    reparse_cells,
    walk,
)
from dragoman.syntax.text import Span


@dataclass(frozen=True, slots=True)
class AgentEntry:
    """One agent and where it stands: `span` is its object."""

    agent: Agent
    span: Span
    placed: PlacedCell = field(repr=False, compare=False)
    """The cell that holds it: what is worked out of that can be kept as long as the cell is."""

    @property
    def name_span(self) -> Span:
        """What to show when it is looked for. Most agents are never looked for, and their trees never made."""
        start, cell = self.placed
        assert isinstance(cell.node, ObjectNode), "an agent is an object"
        name = cell.node.value_of("name")
        return (name or cell.node).span.shifted(start)

    @property
    def keys(self) -> frozenset[str]:
        """The keys that it has, whatever their values are."""
        return frozenset(cast("dict[str, Any]", self.placed.cell.value))

    def inside_string(self, *path: str) -> Span | None:
        """Where the string at a path of its keys stands, without its quotes; None where there is none."""
        start, cell = self.placed
        node = find(cell.node, path)
        return _inside(node).shifted(start) if isinstance(node, StringNode) else None

    def strings_below(self, *path: str) -> Iterator[Span]:
        """Where all strings at a path of its keys and inside of that stand, without their quotes; keys do not count."""
        start, cell = self.placed
        node = find(cell.node, path)
        for inner in walk(node) if node is not None else ():
            if isinstance(inner, StringNode):
                yield _inside(inner).shifted(start)


@dataclass(frozen=True, slots=True)
class AgentFile:
    """One version of the text of an agent file, cut into cells."""

    text: str = field(repr=False)
    cells: Cells = field(repr=False)

    def edited(self, text: str, edit: Edit) -> AgentFile:
        """The file after one edit; costs what the edit touches."""
        return AgentFile(text, reparse_cells(self.cells, text, edit))

    def entries(self, name: str | None = None) -> Iterator[AgentEntry]:
        """The agents of the file, in order, broken ones too; with a name, those that are called so."""
        for placed in self.cells:
            span = _span_of_agent(placed.cell)
            if span is not None and (name is None or placed.cell.value.get("name") == name):
                yield AgentEntry(_agent_in(placed.cell), span.shifted(placed.start), placed)

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
            span = _span_of_agent(cell)
            if span is not None and span.shifted(start) == entry.span:
                return start, cell.node
        return 0, None


def _inside(node: StringNode) -> Span:
    """A string without its quotes."""
    return Span(node.span.start + len(node.quote), node.span.end - (len(node.quote) if node.closed else 0))


def _keys_at(node: Node | None, here: int) -> tuple[str, ...]:
    if not isinstance(node, ObjectNode):
        return ()
    around = (entry for entry in node.properties if entry.span.start <= here < entry.span.end)
    found = next(around, None)
    return (found.key.value, *_keys_at(found.value, here)) if found else ()


def read_agent_file(text: str) -> AgentFile:
    """Read a whole text."""
    return AgentFile(text, parse_cells(text))


@keep
def _agent_in(cell: Cell) -> Agent:
    return read_agent(cast("dict[str, Any]", cell.value))


def _span_of_agent(cell: Cell) -> Span | None:
    """Where the agent in a cell stands, if there is one, counted from the cell's start."""
    if isinstance(cell, PlainCell):
        return cell.span
    return cell.node.span if isinstance(cell.node, ObjectNode) else None
