"""What is under the cursor: one value, shared by completion and hover."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from typing import Any, TypeAlias

from dragoman.project.agent_file import AgentFile
from dragoman.syntax.jsonc import ArrayNode, Node, ObjectNode, PlacedCell, PropertyNode, StringNode, to_value
from dragoman.syntax.text import Span

Path: TypeAlias = tuple[str | int, ...]

_TRIVIA = re.compile(r"(?:[ \t\r\n]|//[^\r\n]*|/\*.*?\*/)*", re.DOTALL)
_REST_OF_WORD = re.compile(r"[\w$.-]*")

_NO_ITEM = ("", ",", "}", "]", ":")
"""What the next character is where no other item follows without a comma."""


@dataclass(frozen=True, slots=True)
class KeyPlace:
    """A key stands here, or one can.

    `path` leads to the object; `span` is what a completed key replaces; `entry` the entry that is there already;
    `present` the other keys of the object; `needs_comma` says that another entry follows without one.
    """

    agent: Any
    path: Path
    span: Span
    entry: PropertyNode | None
    present: frozenset[str]
    needs_comma: bool


@dataclass(frozen=True, slots=True)
class ValuePlace:
    """A value stands here, or one can. `path` leads to it; `node` is what is there already."""

    agent: Any
    path: Path
    span: Span
    node: Node | None
    needs_comma: bool


@dataclass(frozen=True, slots=True)
class AgentPlace:
    """A whole agent can stand here: in an empty file, or between the items of the outermost array."""

    span: Span
    needs_comma: bool


Place: TypeAlias = KeyPlace | ValuePlace | AgentPlace


def place_at(file: AgentFile, offset: int) -> Place | None:
    """What is at `offset`; None where nothing of the format can stand, as in a comment or behind a whole value."""
    placed = _cell_at(file, offset)
    here = offset - placed.start
    if any(_is_inside_comment(file.text[placed.start :], span, here) for span in placed.cell.comments):
        return None
    node = placed.cell.node
    if node is None or here <= node.span.start or not _reaches(node, here):
        return _agent_place(file, offset)
    return _Finder(file.text, placed.start, to_value(node)).in_node(node, (), here)


def _cell_at(file: AgentFile, offset: int) -> PlacedCell:
    """The cell around `offset`; behind an item that is not closed, still that item's cell."""
    index = bisect_right(file.cells, offset, key=lambda placed: placed.start) - 1
    while index > 0:
        start, cell = file.cells[index]
        before = file.cells[index - 1].cell.node
        begins_here = cell.node is not None and start + cell.node.span.start <= offset
        if begins_here or before is None or not _is_open(before):
            break
        index -= 1
    return file.cells[index]


def _agent_place(file: AgentFile, offset: int) -> AgentPlace | None:
    before = file.text[:offset].rstrip()
    after = _next_character(file.text, offset)
    if before.endswith(("[", ",")) or (not before and after == ""):
        return AgentPlace(Span(offset, offset), needs_comma=after not in _NO_ITEM)
    return None


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
        for entry in node.properties:
            if entry.key.span.start <= here <= entry.key.span.end and not _is_behind_string(entry.key, here):
                return self._key(node, path, entry, self._replaced(entry.key, here))
        entry = next((entry for entry in reversed(node.properties) if entry.span.start < here), None)
        if entry is not None and entry.colon is not None and entry.colon < here:
            if entry.value is None:
                if not self._has_comma(entry.colon + 1, here):
                    return self._value(path, entry, Span(here, here))
            elif here < entry.value.span.start:
                return self._value(path, entry, Span(here, here))
            elif _reaches(entry.value, here):
                return self._in_value(path, entry, entry.value, here)
        if entry is not None and not self._has_comma(entry.span.end, here):
            return None
        return self._key(node, path, None, Span(here, here))

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

    def _key(self, node: ObjectNode, path: Path, entry: PropertyNode | None, span: Span) -> KeyPlace:
        present = frozenset(other.key.value for other in node.properties if other is not entry)
        return KeyPlace(self.agent, path, span.shifted(self.base), entry, present, self._is_followed_by_item(span.end))

    def _value(self, path: Path, entry: PropertyNode, span: Span) -> ValuePlace:
        return self._place_value((*path, entry.key.value), span, entry.value)

    def _place_value(self, path: Path, span: Span, node: Node | None) -> ValuePlace:
        return ValuePlace(self.agent, path, span.shifted(self.base), node, self._is_followed_by_item(span.end))

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


def _is_behind_string(node: StringNode, here: int) -> bool:
    return node.closed and node.quote != "" and here == node.span.end


def _is_inside_comment(text: str, span: Span, here: int) -> bool:
    is_line_comment = text.startswith("//", span.start)
    return span.start < here < span.end or (is_line_comment and here == span.end)


def _next_character(text: str, offset: int) -> str:
    match = _TRIVIA.match(text, offset)
    end = match.end() if match else offset
    return text[end : end + 1]


def _without_comments(gap: str) -> str:
    return re.sub(r"//[^\r\n]*|/\*.*?\*/", "", gap, flags=re.DOTALL)
