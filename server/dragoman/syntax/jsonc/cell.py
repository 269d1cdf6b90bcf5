"""A cell: one piece of a text, holding one item of the outermost array at most."""

from __future__ import annotations

from abc import ABC, abstractmethod
from enum import Enum, auto
from typing import Any, NamedTuple

from dragoman.syntax.jsonc.nodes import Node, Problem, to_value
from dragoman.syntax.text import Span

_CELL_EFFORT = 100
"""Reading a cell of no length takes as long as so many characters."""


class State(Enum):
    """What was read before a cell."""

    START = auto()
    ARRAY_OPENED = auto()
    AFTER_COMMA = auto()
    AFTER_ITEM = auto()
    AFTER_STRAY_COLON = auto()
    AFTER_STRAY_COMMA = auto()
    AFTER_ARRAY = auto()
    AFTER_OBJECT = auto()
    IN_LOOSE_LIST = auto()
    """Behind the second of several agents that have no array around them; that was told."""
    END = auto()


class Cell(ABC):
    """One piece of the text, never changed. All spans count from the cell's own start, so that it can move as it is.

    `examined` is how far the text was looked at: an edit behind that leaves the cell as it is. `effort` is what it took
    to read it, in characters. `kept` is for what others work out of it (`kept.py`). Compared by identity: the same
    object means the same text.
    """

    __slots__ = ("__weakref__", "examined", "kept", "length", "next_state", "state")

    effort: int
    problems: tuple[Problem, ...]
    comments: tuple[Span, ...]

    def __init__(self, state: State, next_state: State, length: int, examined: int) -> None:
        self.state = state
        self.next_state = next_state
        self.length = length
        self.examined = examined
        self.kept: dict[object, Any] = {}

    @property
    @abstractmethod
    def node(self) -> Node | None:
        """The item in it; None for a cell that holds brackets or nothing but blanks."""

    @property
    @abstractmethod
    def value(self) -> Any:
        """The item as a Python value."""


class ParsedCell(Cell):
    """A cell that the tolerant parser has read."""

    __slots__ = ("_node", "comments", "effort", "problems")

    def __init__(
        self,
        state: State,
        next_state: State,
        length: int,
        examined: int,
        node: Node | None,
        problems: tuple[Problem, ...],
        comments: tuple[Span, ...],
    ) -> None:
        super().__init__(state, next_state, length, examined)
        self.effort = length + _CELL_EFFORT
        self.problems = problems
        self.comments = comments
        self._node = node

    @property
    def node(self) -> Node | None:
        """The item in it."""
        return self._node

    @property
    def value(self) -> Any:
        """The item as a Python value, made anew each time."""
        return to_value(self._node)


class PlacedCell(NamedTuple):
    """A cell and the offset of its start in the text."""

    start: int
    cell: Cell
