"""From an offset in an agent file to the place there: first the cell, then what is in it."""

from __future__ import annotations

from bisect import bisect_right

from dragoman.features.cursor.finder import Finder
from dragoman.features.cursor.place import AgentPlace, Place
from dragoman.features.cursor.surroundings import (
    NO_ITEM,
    REST_OF_WORD,
    is_inside_comment,
    is_open,
    next_character,
    reaches,
)
from dragoman.lint.diagnostic import TextEdit
from dragoman.project.agent_file import AgentFile
from dragoman.syntax.jsonc import BadNode, PlacedCell, to_value
from dragoman.syntax.jsonc.cell import State
from dragoman.syntax.text import LINE_END, Span


def place_at(file: AgentFile, offset: int) -> Place | None:
    """What is at `offset`; None where nothing of the format can stand, as in a comment or behind a whole value."""
    placed = _cell_at(file, offset)
    here = offset - placed.start
    if any(is_inside_comment(file.text, span.shifted(placed.start), offset) for span in placed.cell.comments):
        return None
    node = placed.cell.node
    if isinstance(node, BadNode) and node.span.covers(here):
        return _agent_in_place_of(file, placed, node)
    if node is None or here <= node.span.start or not reaches(node, here):
        return _agent_place(file, placed, offset)
    offsets = range(placed.start, len(file.text) + 1)
    place = Finder(file.text, placed.start, offsets, to_value(node)).in_node(node, (), here)
    if place is not None and LINE_END.search(file.text, place.span.start, place.span.end):
        return None  # brackets where a key should be; and no completion may replace more than one line
    return place


def _cell_at(file: AgentFile, offset: int) -> PlacedCell:
    """The cell around `offset`; behind an item that is not closed, still that item's cell."""
    index = bisect_right(file.cells, offset, key=lambda placed: placed.start) - 1
    while index > 0:
        start, cell = file.cells[index]
        before = file.cells[index - 1].cell.node
        begins_here = cell.node is not None and start + cell.node.span.start <= offset
        is_word_here = isinstance(before, BadNode) and before.span.end + file.cells[index - 1].start == offset
        if begins_here or before is None or not (is_word_here or is_open(before)):
            break
        index -= 1
    return file.cells[index]


def _agent_place(file: AgentFile, placed: PlacedCell, offset: int) -> AgentPlace | None:
    start, cell = placed
    if cell.node is not None and offset > start + cell.node.span.start:
        return None
    before = None
    match cell.state:
        case State.START if cell.node is None and cell.next_state is State.END:
            pass
        case State.ARRAY_OPENED | State.AFTER_COMMA:
            pass
        case State.AFTER_ITEM if offset > start:
            before = TextEdit(Span(start, start), ",")  # the cell of an item without a comma ends with the item
        case _:
            return None
    return AgentPlace(Span(offset, offset), next_character(file.text, offset) not in NO_ITEM, before)


def _agent_in_place_of(file: AgentFile, placed: PlacedCell, word: BadNode) -> AgentPlace | None:
    """Where somebody has begun to write a word instead of an agent."""
    span, is_behind_item = word.span.shifted(placed.start), placed.cell.state is State.AFTER_ITEM
    if not REST_OF_WORD.fullmatch(file.text, span.start, span.end) or (is_behind_item and word.span.start == 0):
        return None
    before = TextEdit(Span(placed.start, placed.start), ",") if is_behind_item else None
    return AgentPlace(span, next_character(file.text, span.end) not in NO_ITEM, before)
