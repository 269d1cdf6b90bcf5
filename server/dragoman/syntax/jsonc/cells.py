"""A text cut into cells, one per item of the outermost array, so that an edit costs what it touches.

A cell is read by a pure function of the state before it and the text from there on. That makes reuse exact: a cell
stands as long as no edit reaches what it looked at, and once reading again meets an old boundary behind the edit in
the same state, everything from there on is as it was.
"""

from __future__ import annotations

from dataclasses import dataclass

from dragoman.syntax.jsonc.cell import Cell, ParsedCell, PlacedCell, State
from dragoman.syntax.jsonc.cell_list import Cells
from dragoman.syntax.jsonc.items import ItemStep
from dragoman.syntax.jsonc.nodes import Node, Problem
from dragoman.syntax.jsonc.parser import Reader
from dragoman.syntax.jsonc.plain import read_plain
from dragoman.syntax.text import Span

MOST_EFFORT = 1_000_000
"""Characters that the tolerant parser reads of one text, which takes it about half a second. Plain JSON costs none."""

_BEFORE_PLAIN = frozenset({State.START, State.ARRAY_OPENED, State.AFTER_COMMA})
"""States before the cells that make up a file with nothing wrong."""


@dataclass(frozen=True, slots=True)
class Edit:
    """The text between `start` and `old_end` became what now stands between `start` and `new_end`."""

    start: int
    old_end: int
    new_end: int


def parse_cells(text: str) -> Cells:
    """Cut a whole text into cells. Their lengths add up to the text's, but for blanks at its end."""
    cells: list[Cell] = []
    position, state, effort = 0, State.START, 0
    while state is not State.END:
        cell = _read_cell(text, position, state, effort)
        cells.append(cell)
        position, state, effort = position + cell.length, cell.next_state, effort + cell.effort
    return Cells.of(cells)


def reparse_cells(old: Cells, text: str, edit: Edit) -> Cells:
    """The cells of `text`, which is the text of `old` after `edit`; equal to `parse_cells(text)`, cells reused."""
    moved = edit.new_end - edit.old_end
    first = behind = old.first_reaching(edit.start)
    position, state = _end_of(old[first - 1]) if first else (0, State.START)
    effort = old.effort_before(first)
    fresh: list[Cell] = []
    while state is not State.END:
        while behind < len(old) and old[behind].start + moved < position:
            behind += 1
        if position >= edit.new_end and behind < len(old):
            start, cell = old[behind]
            if start + moved == position and cell.state is state and _are_read_as_far(old, behind, effort):
                break
        fresh.append(_read_cell(text, position, state, effort))
        position, state = position + fresh[-1].length, fresh[-1].next_state
        effort += fresh[-1].effort
    else:
        behind = len(old)
    return old.replaced(first, behind, fresh)


def _are_read_as_far(old: Cells, index: int, effort: int) -> bool:
    """Whether the cells from `index` on stay as they are where `effort` was spent before them."""
    before, whole = old.effort_before(index), old.effort_before(len(old))
    return effort == before or max(whole, whole - before + effort) <= MOST_EFFORT


def _end_of(placed: PlacedCell) -> tuple[int, State]:
    return placed.start + placed.cell.length, placed.cell.next_state


def _read_cell(text: str, start: int, state: State, effort: int) -> Cell:
    plain = read_plain(text, start, state) if state in _BEFORE_PLAIN else None
    if plain is None and effort > MOST_EFFORT and start < len(text):
        message = "So much before this is no plain JSON that the rest of the file is not read."
        problem = Problem("syntax", message, Span(0, 1))
        return ParsedCell(state, State.END, len(text) - start, len(text) + 1 - start, None, (problem,), ())
    return plain or parse_cell(text, start, state)


def parse_cell(text: str, start: int, state: State) -> ParsedCell:
    """The cell that begins at `start`, read by the tolerant parser."""
    reader = Reader(text, start)
    match state:
        case State.START:
            node, next_state = _read_root(reader)
        case State.AFTER_ARRAY | State.AFTER_OBJECT | State.IN_LOOSE_LIST:
            node, next_state = _read_behind_root(reader, state)
        case _:
            node, next_state = _read_item(reader, state, start)
    return ParsedCell(
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
