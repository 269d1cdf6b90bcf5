"""What is around an agent file: the other files, and the environment that references are resolved in."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import TypeAlias, cast

from dragoman.project.agent_file import AgentFile
from dragoman.syntax.jsonc import Cell, CellGroup, ObjectNode, PlainCell, StringNode, keep
from dragoman.syntax.text import Span


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Another agent file of the project."""

    uri: str
    file: AgentFile = field(repr=False)


def _none() -> Sequence[Neighbour]:
    return ()


@cache  # this process never changes them
def _variables() -> frozenset[str]:
    return frozenset(os.environ)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What agents of a file may have to do with."""

    users: Neighbour | None = None
    """The user's own file; None where there is none, or the file in question is that."""
    others: Callable[[], Sequence[Neighbour]] = _none
    """Gives all other agent files, also the user's own. They may be many, and few agents have to do with them."""
    variables: frozenset[str] = field(default_factory=_variables)
    """The names of the environment's variables."""


@dataclass(frozen=True, slots=True)
class NamedCell:
    """A cell that holds an agent, where it stands in its file."""

    start: int
    cell: Cell

    @property
    def name_span(self) -> Span:
        """Where the name stands in the file. The tree is made for that."""
        assert isinstance(self.cell.node, ObjectNode), "it has a name"
        name = self.cell.node.value_of("name")
        assert name is not None, "it has a name"
        return name.span.shifted(self.start)


def cells_named(file: AgentFile, name: str) -> Iterator[NamedCell]:
    """The agents of that name; only the groups that hold one are looked through."""
    for base, group in zip(file.cells.starts, file.cells.groups, strict=False):
        if name in names_in(group):
            for start, cell in zip(group.starts, group.cells, strict=True):
                if name_of(cell) == name:
                    yield NamedCell(base + start, cell)


def all_names(file: AgentFile) -> tuple[frozenset[str], ...]:
    """The names of the file's agents, group by group; the same object for the same group."""
    return tuple(map(names_in, file.cells.groups))


@keep
def names_in(group: CellGroup) -> frozenset[str]:
    """The names of the agents in a group of cells, each once."""
    return frozenset(filter(None, map(name_of, group.cells)))


def shared_names(file: AgentFile, other: AgentFile) -> set[str]:
    """The names that agents of both files have."""
    pairs = ((ours, theirs) for theirs in all_names(other) if theirs for ours in all_names(file))
    return {name for ours, theirs in pairs if not ours.isdisjoint(theirs) for name in ours & theirs}


Standing: TypeAlias = tuple[frozenset[tuple[str, bool]], ...]
"""What files may have to do with the agents of another one: their names, and whether they are enabled."""


def standing_of(file: AgentFile) -> Standing:
    """That of a file, group by group; the same object for the same group."""
    return tuple(map(_standing_in, file.cells.groups))


@keep
def _standing_in(group: CellGroup) -> frozenset[tuple[str, bool]]:
    return frozenset((name, is_enabled(cell)) for cell in group.cells if (name := name_of(cell)))


def is_enabled(cell: Cell) -> bool:
    """Whether the agent in a cell is not switched off."""
    value: object = cell.value
    return not isinstance(value, dict) or cast("dict[str, object]", value).get("enabled") is not False


def name_of(cell: Cell) -> str:
    """The name of the agent in a cell; "" for none."""
    if isinstance(cell, PlainCell):
        name = cell.value.get("name")
        return name if isinstance(name, str) else ""
    node = cell.node.value_of("name") if isinstance(cell.node, ObjectNode) else None
    return node.value if isinstance(node, StringNode) else ""
