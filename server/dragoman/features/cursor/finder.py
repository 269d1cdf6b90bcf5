"""Descends through the tree of a text to the place at an offset; through the JSON inside a string as well."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dragoman.features.cursor.place import REQUEST_FORMAT, KeyPlace, Path, Place, StringContent, ValuePlace
from dragoman.features.cursor.surroundings import NO_ITEM, REST_OF_WORD, next_character, reaches, without_comments
from dragoman.lint.diagnostic import TextEdit
from dragoman.syntax.jsonc import ArrayNode, Node, ObjectNode, PropertyNode, StringNode, decode_string, parse
from dragoman.syntax.text import LINE_END, Span


@dataclass(frozen=True, slots=True)
class Finder:
    """Descends through one tree, whose spans count from `base` in `text`; those of places are spans of the file.

    `offsets[i]` is where what stands `i` behind `base` stands in the file.
    """

    text: str
    base: int
    offsets: Sequence[int]
    agent: Any
    is_embedded: bool = False

    def in_node(self, node: Node | None, path: Path, here: int) -> Place | None:
        """The place at `here` inside `node`, which stands at `path`."""
        match node:
            case ObjectNode() if node.span.start < here and reaches(node, here):
                return self._in_object(node, path, here)
            case ArrayNode() if node.span.start < here and reaches(node, here):
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
        return here <= entry.span.end or reaches(entry.value, here)

    def _behind_key(self, path: Path, entry: PropertyNode, here: int) -> Place | None:
        if entry.colon is not None and here <= entry.colon:
            return None
        if entry.value is None:
            return self._value(path, entry, Span(here, here), here)
        if here < entry.value.span.start:
            return self._before_value(path, entry, entry.value, here)
        return self._in_value(path, entry, entry.value, here)

    def _before_value(self, path: Path, entry: PropertyNode, value: Node, here: int) -> Place | None:
        """In the blanks before a value: another one goes in its place. What stands in a line below may be a key."""
        is_below = LINE_END.search(self.text, self.base + here, self.base + value.span.start) is not None
        if isinstance(value, ObjectNode | ArrayNode) and not is_below:
            return None
        return self._place_value((*path, entry.key.value), Span(here, here if is_below else value.span.end), None, here)

    def _in_value(self, path: Path, entry: PropertyNode, value: Node, here: int) -> Place | None:
        if isinstance(value, ObjectNode | ArrayNode):
            return self.in_node(value, (*path, entry.key.value), here)
        embedded = self._embedded(value, (*path, entry.key.value), here)
        if embedded is not None:
            finder, inner = embedded
            return finder.in_node(parse(finder.text).root, (*path, entry.key.value), inner)
        return self._value(path, entry, self._replaced(value, here), here)

    def _in_array(self, node: ArrayNode, path: Path, here: int) -> Place | None:
        for index, item in enumerate(node.items):
            if item.span.start < here and reaches(item, here):
                if isinstance(item, ObjectNode | ArrayNode):
                    return self.in_node(item, (*path, index), here)
                return self._place_value((*path, index), self._replaced(item, here), item, here)
        before = [item for item in node.items if item.span.end <= here]
        if before and not self._has_comma(before[-1].span.end, here):
            return None
        return self._place_value((*path, len(before)), Span(here, here), None, here)

    def _key(
        self, node: ObjectNode, path: Path, entry: PropertyNode | None, span: Span, before: TextEdit | None
    ) -> KeyPlace:
        present = frozenset(other.key.value for other in node.properties if other is not entry)
        following = next_character(self.text, self.base + span.end)
        has_colon, needs_comma = following == ":", following not in NO_ITEM
        place = self._in_file(span)
        return KeyPlace(self.agent, path, place, entry, present, has_colon, needs_comma, before, self.is_embedded)

    def _value(self, path: Path, entry: PropertyNode, span: Span, here: int) -> Place:
        has_colon = entry.colon is not None or span.start == entry.key.span.end
        before = None if has_colon else self._insertion(entry.key.span.end, ":")
        return self._place_value((*path, entry.key.value), span, entry.value, here, before)

    def _place_value(
        self, path: Path, span: Span, node: Node | None, here: int, before: TextEdit | None = None
    ) -> ValuePlace:
        needs_comma, content = self._is_followed_by_item(span.end), self._content(node, span.end, here)
        place = self._in_file(span)
        return ValuePlace(self.agent, path, place, node, needs_comma, before, content, self.is_embedded)

    def _content(self, node: Node | None, end: int, here: int) -> StringContent | None:
        """What a string says, as far as `end`; None where the caret is not between two of its characters."""
        if not isinstance(node, StringNode) or node.quote != '"':
            return None
        inside_end = end - 1 if node.closed else end
        decoded = decode_string(self.text, self.base + node.span.start + 1, self.base + inside_end)
        caret = bisect_left(decoded.offsets, self.base + here)
        if caret == len(decoded.offsets) or decoded.offsets[caret] != self.base + here:
            return None
        return StringContent(decoded.value, [self.offsets[offset - self.base] for offset in decoded.offsets], caret)

    def _embedded(self, value: Node, path: Path, here: int) -> tuple[Finder, int] | None:
        """What descends through the JSON object inside a string, and the place of the caret in that."""
        content = self._content(value, value.span.end, here) if path == REQUEST_FORMAT else None
        if content is None or self.is_embedded or not content.text.lstrip().startswith("{"):
            return None
        return Finder(content.text, 0, content.offsets, self.agent, is_embedded=True), content.caret

    def _missing_comma(self, previous: PropertyNode | None, here: int) -> TextEdit | None:
        """What puts a comma behind the entry before; where that touches the caret, it is left to the quick-fix."""
        if previous is None or previous.value is None or previous.span.end >= here:
            return None
        return None if self._has_comma(previous.span.end, here) else self._insertion(previous.span.end, ",")

    def _insertion(self, at: int, text: str) -> TextEdit:
        return TextEdit(self._in_file(Span(at, at)), text)

    def _in_file(self, span: Span) -> Span:
        return Span(self.offsets[span.start], self.offsets[span.end])

    def _replaced(self, node: Node, here: int) -> Span:
        """What a completion replaces: the node; of a string that is not closed, no more than to the end of the word."""
        if not isinstance(node, StringNode) or node.closed:
            return node.span
        inside = max(here, node.span.start + len(node.quote))
        match = REST_OF_WORD.match(self.text, self.base + inside)
        end = match.end() - self.base if match else inside
        return Span(node.span.start, min(end, node.span.end))

    def _has_comma(self, start: int, end: int) -> bool:
        gap = self.text[self.base + start : self.base + end]
        return without_comments(gap).rstrip().endswith(",")

    def _is_followed_by_item(self, end: int) -> bool:
        return next_character(self.text, self.base + end) not in NO_ITEM
