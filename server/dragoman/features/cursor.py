"""What is under the cursor: one value, shared by completion and hover."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from typing import Any, TypeAlias

from dragoman.lint.diagnostic import TextEdit
from dragoman.project.agent_file import AgentFile
from dragoman.syntax.jsonc import ArrayNode, BadNode, Node, ObjectNode, PlacedCell, PropertyNode, StringNode, to_value
from dragoman.syntax.jsonc.cell import State
from dragoman.syntax.text import LINE_END, Span

Path: TypeAlias = tuple[str | int, ...]

_TRIVIA = re.compile(r"(?:[ \t\r\n]|//[^\r\n]*|/\*.*?\*/)*", re.DOTALL)
_REST_OF_WORD = re.compile(r"[\w$.-]*")

_NO_ITEM = ("", ",", "}", "]", ":")
"""What the next character is where no other item follows without a comma."""


@dataclass(frozen=True, slots=True)
class KeyPlace:
    """A key stands here, or one can.

    `path` leads to the object; `span` is what a completed key replaces; `entry` the entry that is there already;
    `present` the other keys of the object; `has_colon` says that a colon follows, `needs_comma` that another entry
    does, with no comma; `before` puts in what is missing before this place, a comma or a colon.
    """

    agent: Any
    path: Path
    span: Span
    entry: PropertyNode | None
    present: frozenset[str]
    has_colon: bool
    needs_comma: bool
    before: TextEdit | None = None


@dataclass(frozen=True, slots=True)
class ValuePlace:
    """A value stands here, or one can. `path` leads to it; `node` is what is there already."""

    agent: Any
    path: Path
    span: Span
    node: Node | None
    needs_comma: bool
    before: TextEdit | None = None


@dataclass(frozen=True, slots=True)
class AgentPlace:
    """A whole agent can stand here: in an empty file, or between the items of the outermost array."""

    span: Span
    needs_comma: bool
    before: TextEdit | None = None


Place: TypeAlias = KeyPlace | ValuePlace | AgentPlace


def place_at(file: AgentFile, offset: int) -> Place | None:
    """What is at `offset`; None where nothing of the format can stand, as in a comment or behind a whole value."""
    placed = _cell_at(file, offset)
    here = offset - placed.start
    if any(_is_inside_comment(file.text, span.shifted(placed.start), offset) for span in placed.cell.comments):
        return None
    node = placed.cell.node
    if isinstance(node, BadNode) and node.span.covers(here):
        return _agent_in_place_of(file, placed, node)
    if node is None or here <= node.span.start or not _reaches(node, here):
        return _agent_place(file, placed, offset)
    place = _Finder(file.text, placed.start, to_value(node)).in_node(node, (), here)
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
        if begins_here or before is None or not (is_word_here or _is_open(before)):
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
    return AgentPlace(Span(offset, offset), _next_character(file.text, offset) not in _NO_ITEM, before)


def _agent_in_place_of(file: AgentFile, placed: PlacedCell, word: BadNode) -> AgentPlace | None:
    """Where somebody has begun to write a word instead of an agent."""
    span, is_behind_item = word.span.shifted(placed.start), placed.cell.state is State.AFTER_ITEM
    if not _REST_OF_WORD.fullmatch(file.text, span.start, span.end) or (is_behind_item and word.span.start == 0):
        return None
    before = TextEdit(Span(placed.start, placed.start), ",") if is_behind_item else None
    return AgentPlace(span, _next_character(file.text, span.end) not in _NO_ITEM, before)


@dataclass(frozen=True, slots=True)
class _Finder:
    """Descends through one cell. Spans of nodes count from the cell's start, `base`; those of places do not."""

    text: str
    base: int
    agent: Any

    def in_node(self, node: Node, path: Path, here: int) -> Place | None:
        match node:
            case ObjectNode() if node.span.start < here and _reaches(node, here):
                return self._in_object(node, path, here)
            case ArrayNode() if node.span.start < here and _reaches(node, here):
                return self._in_array(node, path, here)
            case _:
                return None

    def _in_object(self, node: ObjectNode, path: Path, here: int) -> Place | None:
        previous: PropertyNode | None = None
        for entry in node.properties:
            if entry.key.span.start <= here <= entry.key.span.end:
                before = self._missing_comma(previous, entry.key.span.start)
                return self._key(node, path, entry, self._replaced(entry.key, here), before)
            if entry.span.start < here:
                previous = entry
        if previous is not None and self._belongs_to(previous, here):
            return self._behind_key(path, previous, here)
        return self._key(node, path, None, Span(here, here), self._missing_comma(previous, here))

    def _belongs_to(self, entry: PropertyNode, here: int) -> bool:
        """Whether the caret, behind an entry's key, is still in that entry or where its value should be."""
        if entry.value is None:
            return here <= entry.span.end or not self._has_comma(entry.span.end, here)
        return here <= entry.span.end or _reaches(entry.value, here)

    def _behind_key(self, path: Path, entry: PropertyNode, here: int) -> Place | None:
        if entry.colon is not None and here <= entry.colon:
            return None
        if entry.value is None or here < entry.value.span.start:
            return self._value(path, entry, Span(here, here))
        return self._in_value(path, entry, entry.value, here)

    def _in_value(self, path: Path, entry: PropertyNode, value: Node, here: int) -> Place | None:
        if isinstance(value, ObjectNode | ArrayNode):
            return self.in_node(value, (*path, entry.key.value), here)
        return self._value(path, entry, self._replaced(value, here))

    def _in_array(self, node: ArrayNode, path: Path, here: int) -> Place | None:
        for index, item in enumerate(node.items):
            if item.span.start < here and _reaches(item, here):
                if isinstance(item, ObjectNode | ArrayNode):
                    return self.in_node(item, (*path, index), here)
                return self._place_value((*path, index), self._replaced(item, here), item)
        before = [item for item in node.items if item.span.end <= here]
        if before and not self._has_comma(before[-1].span.end, here):
            return None
        return self._place_value((*path, len(before)), Span(here, here), None)

    def _key(
        self, node: ObjectNode, path: Path, entry: PropertyNode | None, span: Span, before: TextEdit | None
    ) -> KeyPlace:
        present = frozenset(other.key.value for other in node.properties if other is not entry)
        following = _next_character(self.text, self.base + span.end)
        has_colon, needs_comma = following == ":", following not in _NO_ITEM
        return KeyPlace(self.agent, path, span.shifted(self.base), entry, present, has_colon, needs_comma, before)

    def _value(self, path: Path, entry: PropertyNode, span: Span) -> ValuePlace:
        has_colon = entry.colon is not None or span.start == entry.key.span.end
        before = None if has_colon else self._insertion(entry.key.span.end, ":")
        return self._place_value((*path, entry.key.value), span, entry.value, before)

    def _place_value(self, path: Path, span: Span, node: Node | None, before: TextEdit | None = None) -> ValuePlace:
        needs_comma = self._is_followed_by_item(span.end)
        return ValuePlace(self.agent, path, span.shifted(self.base), node, needs_comma, before)

    def _missing_comma(self, previous: PropertyNode | None, here: int) -> TextEdit | None:
        """What puts a comma behind the entry before; where that touches the caret, it is left to the quick-fix."""
        if previous is None or previous.value is None or previous.span.end >= here:
            return None
        return None if self._has_comma(previous.span.end, here) else self._insertion(previous.span.end, ",")

    def _insertion(self, at: int, text: str) -> TextEdit:
        return TextEdit(Span(at, at).shifted(self.base), text)

    def _replaced(self, node: Node, here: int) -> Span:
        """What a completion replaces: the node; of a string that is not closed, no more than to the end of the word."""
        if not isinstance(node, StringNode) or node.closed:
            return node.span
        inside = max(here, node.span.start + len(node.quote))
        match = _REST_OF_WORD.match(self.text, self.base + inside)
        end = match.end() - self.base if match else inside
        return Span(node.span.start, min(end, node.span.end))

    def _has_comma(self, start: int, end: int) -> bool:
        gap = self.text[self.base + start : self.base + end]
        return _without_comments(gap).rstrip().endswith(",")

    def _is_followed_by_item(self, end: int) -> bool:
        return _next_character(self.text, self.base + end) not in _NO_ITEM


def _reaches(node: Node, here: int) -> bool:
    """Whether the caret is in the node; behind one that is not closed counts too."""
    if isinstance(node, ObjectNode | ArrayNode):
        return here < node.span.end or (here >= node.span.end and _is_open(node))
    return node.span.covers(here)


def _is_open(node: Node) -> bool:
    """Whether the last bracket in the node is missing, so that what follows could still belong to it."""
    return isinstance(node, ObjectNode | ArrayNode) and not node.closed


def _is_inside_comment(text: str, span: Span, here: int) -> bool:
    is_line_comment = text.startswith("//", span.start)
    return span.start < here < span.end or (is_line_comment and here == span.end)


def _next_character(text: str, offset: int) -> str:
    match = _TRIVIA.match(text, offset)
    end = match.end() if match else offset
    return text[end : end + 1]


def _without_comments(gap: str) -> str:
    return re.sub(r"//[^\r\n]*|/\*.*?\*/", "", gap, flags=re.DOTALL)
