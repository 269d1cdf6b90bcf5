"""A text cut into cells, one per item of the outermost array, so that an edit costs what it touches.

A cell is read by a pure function of the state before it and the text from there on. That makes reuse exact: a cell
stands as long as no edit reaches what it looked at, and once reading again meets an old boundary behind the edit in
the same state, everything from there on is as it was.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import NamedTuple

from dragoman.syntax.jsonc.items import ItemStep
from dragoman.syntax.jsonc.nodes import Node, Problem
from dragoman.syntax.jsonc.parser import Reader
from dragoman.syntax.text import Span


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


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Cell:
    """One piece of the text. All spans count from the cell's own start, so that it can move as it is.

    `node` is the item in it, None for a cell that holds brackets or nothing but blanks. Compared by identity: the same
    object means the same text.
    """

    state: State
    next_state: State
    length: int
    examined: int
    node: Node | None
    problems: tuple[Problem, ...]
    comments: tuple[Span, ...]


class PlacedCell(NamedTuple):
    """A cell and the offset of its start in the text."""

    start: int
    cell: Cell


@dataclass(frozen=True, slots=True)
class Edit:
    """The text between `start` and `old_end` became what now stands between `start` and `new_end`."""

    start: int
    old_end: int
    new_end: int


def parse_cells(text: str) -> tuple[PlacedCell, ...]:
    """Cut a whole text into cells. Their lengths add up to the text's, but for blanks at its end."""
    placed: list[PlacedCell] = []
    position, state = 0, State.START
    while state is not State.END:
        cell = _read_cell(text, position, state)
        placed.append(PlacedCell(position, cell))
        position, state = position + cell.length, cell.next_state
    return tuple(placed)


def reparse_cells(old: tuple[PlacedCell, ...], text: str, edit: Edit) -> tuple[PlacedCell, ...]:
    """The cells of `text`, which is the text of `old` after `edit`; equal to `parse_cells(text)`, cells reused."""
    kept = _count_untouched(old, edit.start)
    placed = list(old[:kept])
    position, state = (0, State.START) if not kept else _end_of(placed[-1])
    moved = edit.new_end - edit.old_end
    behind = kept
    while state is not State.END:
        while behind < len(old) and old[behind].start + moved < position:
            behind += 1
        if position >= edit.new_end and behind < len(old):
            start, cell = old[behind]
            if start + moved == position and cell.state is state:
                placed.extend(
                    old[behind:] if not moved else (PlacedCell(at + moved, same) for at, same in old[behind:])
                )
                break
        cell = _read_cell(text, position, state)
        placed.append(PlacedCell(position, cell))
        position, state = position + cell.length, cell.next_state
    return tuple(placed)


def _count_untouched(old: tuple[PlacedCell, ...], edit_start: int) -> int:
    for index, (start, cell) in enumerate(old):
        if start + cell.examined > edit_start:
            return index
    return len(old)


def _end_of(placed: PlacedCell) -> tuple[int, State]:
    return placed.start + placed.cell.length, placed.cell.next_state


def _read_cell(text: str, start: int, state: State) -> Cell:
    reader = Reader(text, start)
    match state:
        case State.START:
            node, next_state = _read_root(reader)
        case State.AFTER_ARRAY | State.AFTER_OBJECT | State.IN_LOOSE_LIST:
            node, next_state = _read_behind_root(reader, state)
        case _:
            node, next_state = _read_item(reader, state, start)
    return Cell(
        state,
        next_state,
        reader.position - start,
        reader.examined - start,
        node,
        tuple(reader.problems),
        tuple(reader.comments),
    )


def _read_root(reader: Reader) -> tuple[Node | None, State]:
    first = reader.peek()
    if first == "\ufeff":  # a byte order mark that an editor left in the text
        reader.take_one()
        first = reader.peek()
    match first:
        case "":
            return None, State.END
        case "[":
            reader.take_one()
            return None, State.ARRAY_OPENED
        case "]" | "}" | "," | ":":
            reader.problem("An agent file holds an object or an array of objects.", reader.here())
            reader.take_one()
            return None, State.START
        case _:
            return reader.value(0), State.AFTER_OBJECT


def _read_behind_root(reader: Reader, state: State) -> tuple[Node | None, State]:
    """Read on behind the end: most likely a `]` is one too many, or there are several agents and no array."""
    first = reader.peek()
    if first == "":
        return None, State.END
    if first not in "{[,":
        span = reader.take_to_bracket()
        reader.problem("Nothing may stand behind the end of the value.", span)
        return None, state
    if state is State.AFTER_ARRAY:
        reader.problem("The array has ended before this: is the ] before it one too many?", reader.here())
    elif state is State.AFTER_OBJECT:
        reader.problem("Several agents in one file need [ and ] around them.", reader.here())
    in_array = state is State.AFTER_ARRAY
    if first == ",":
        reader.take_one()
        goes_on = reader.peek() != ""
        return None, State.AFTER_STRAY_COMMA if in_array and goes_on else State.IN_LOOSE_LIST
    reader.arrays = 1
    return reader.value(1), State.AFTER_ITEM if in_array else State.IN_LOOSE_LIST


def _read_item(reader: Reader, state: State, start: int) -> tuple[Node | None, State]:
    items: list[Node] = []
    reader.arrays = 1

    def take_value() -> bool:
        items.append(reader.item(1))
        return True

    step = ItemStep(reader, None, "]", take_value, depth=1)
    step.needs_comma = state is State.AFTER_ITEM
    step.allows_comma = state in (State.AFTER_ITEM, State.AFTER_STRAY_COLON)
    step.comma = start - 1 if state is State.AFTER_COMMA else None  # a cell ends right behind its comma
    if not step.advance():
        return None, State.AFTER_ARRAY if step.closed else State.END
    if not items:
        return None, _state_after(step)
    if reader.has_ended_unclosed():
        return items[0], State.END
    _take_comma(reader, step)
    return items[0], _state_after(step)


def _state_after(step: ItemStep) -> State:
    if step.comma is not None:
        return State.AFTER_COMMA
    if step.needs_comma:
        return State.AFTER_ITEM
    return State.AFTER_STRAY_COLON if step.allows_comma else State.AFTER_STRAY_COMMA


def _take_comma(reader: Reader, step: ItemStep) -> None:
    """Take the comma behind an item into the item's cell; blanks and comments with no comma go to the next one."""
    before = (reader.position, len(reader.problems), len(reader.comments))
    if reader.peek() == ",":
        step.advance()
    else:
        reader.rewind_to(*before)
