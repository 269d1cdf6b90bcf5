"""The tolerant parser: from any text to a tree and a list of problems. It never raises and never gives up."""

from __future__ import annotations

import re
from dataclasses import dataclass

from dragoman.syntax.jsonc.items import ItemStep
from dragoman.syntax.jsonc.nodes import (
    ArrayNode,
    BadNode,
    LiteralNode,
    Node,
    NumberNode,
    ObjectNode,
    Problem,
    PropertyNode,
    StringNode,
)
from dragoman.syntax.jsonc.scanner import Scanner
from dragoman.syntax.text import Span

MAX_DEPTH = 100
"""Levels of nesting that are read; what lies deeper is skipped with one problem. Far below Python's own limit."""

_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
LITERALS: dict[str, bool | None] = {"true": True, "false": False, "null": None}
"""The words that are values."""

_BRACKETS = re.compile(r'"(?:[^"\\\r\n]|\\.)*"?|[\[{]+|[\]}]+')


@dataclass(frozen=True, slots=True)
class Tree:
    """A whole text, read. `root` is None where it holds no value; `comments` are the spans of all comments."""

    root: Node | None
    problems: tuple[Problem, ...]
    comments: tuple[Span, ...]


def parse_tolerantly(text: str) -> Tree:
    """Read `text` as one JSON value."""
    reader = Reader(text)
    root = reader.value(0) if _starts_value(reader.peek()) else None
    if root is None:
        reader.problem("There is no value here.", reader.here())
    elif reader.peek() != "":
        reader.problem("There is more text behind the end of the value.", Span(reader.position, len(text)))
    return Tree(root, tuple(reader.problems), tuple(reader.comments))


class Reader(Scanner):
    """A scanner that knows the grammar."""

    __slots__ = ()

    def value(self, depth: int) -> Node:
        """Read the value at the next token, which is none of `] } , :` and not the end."""
        first = self.peek()
        if first in "{[" and depth >= MAX_DEPTH:
            return self._skip_too_deep()
        match first:
            case "{":
                return self._object(depth + 1)
            case "[":
                return self._array(depth + 1)
            case '"' | "'":
                return self.string()
            case _:
                return self._word()

    def item(self, depth: int) -> Node:
        """Read the item of an array at the next token: a value, or an object whose opening brace was forgotten."""
        if not self.is_key_ahead():
            return self.value(depth)
        self.missing("{", "“{” is missing before this key.")
        return self._members(self.position, None, depth + 1)

    def _object(self, depth: int) -> ObjectNode:
        start = self.take_one()
        return self._members(start, start, depth)

    def _members(self, start: int, opener: int | None, depth: int) -> ObjectNode:
        properties: list[PropertyNode] = []

        def take_property() -> bool:
            properties.append(self._property(depth))
            return properties[-1].value is not None

        self.objects += 1
        step = ItemStep(self, opener, "}", take_property, depth)
        while step.advance():
            pass
        self.objects -= 1
        return ObjectNode(self.span_from(start), tuple(properties), step.closed)

    def _array(self, depth: int) -> ArrayNode:
        start = self.take_one()
        items: list[Node] = []

        def take_value() -> bool:
            items.append(self.item(depth))
            return True

        self.arrays += 1
        step = ItemStep(self, start, "]", take_value, depth)
        while step.advance():
            pass
        self.arrays -= 1
        return ArrayNode(self.span_from(start), tuple(items), step.closed)

    def _property(self, depth: int) -> PropertyNode:
        start = self.position
        key = self._key(depth)
        colon = None
        following = self.peek()
        if following == ":":
            colon = self.take_one() - self.base
            following = self.peek()
            while following == ":":
                self.problem("One colon is enough.", self.here())
                self.take_one()
                following = self.peek()
        value = None
        if _starts_value(following) and not (self.is_key_ahead()):
            if colon is None:
                self.missing(":", "A colon is missing before this.")
            value = self.value(depth)
        elif colon is None:
            if key.quote:  # what is no key at all was told of already
                self.missing("", "A colon and a value are missing before this.")
        else:
            self.missing("", f'The value of "{key.value}" is missing.')
        return PropertyNode(self.span_from(start), key, colon, value)

    def _key(self, depth: int) -> StringNode:
        first = self.peek()
        if first in "\"'":
            return self.string()
        start = self.position
        if first == ":":
            self.problem("A key is missing before this colon.", self.here())
            return StringNode(self.span(start, start), "", closed=False, quote="")
        if first in "{[":
            node = self.value(depth)
            self.problem("A key must be a string in double quotes.", self.span(start, start + 1))
            return StringNode(node.span, "", closed=False, quote="")
        word = self.take_word()
        self.problem("A key needs double quotes.", self.span_from(start))
        return StringNode(self.span_from(start), word, closed=False, quote="")

    def _word(self) -> Node:
        start = self.position
        word = self.take_word()
        span = self.span_from(start)
        if word in LITERALS:
            return LiteralNode(span, LITERALS[word])
        if _NUMBER.fullmatch(word):
            return NumberNode(span, read_number(word))
        self.problem(_why_no_value(word), span)
        return BadNode(span)

    def _skip_too_deep(self) -> BadNode:
        start = self.position
        level = 0
        end = len(self.text)
        for match in _BRACKETS.finditer(self.text, start):
            if match[0][0] in "[{":
                level += match.end() - match.start()
            elif match[0][0] in "]}":
                level -= match.end() - match.start()
            if level <= 0:
                end = match.end() + level
                break
        self.move_to(end)
        self.problem(f"This is nested more than {MAX_DEPTH} levels deep and is not read.", self.span(start, start + 1))
        return BadNode(self.span(start, end))


def _starts_value(first: str) -> bool:
    return first != "" and first not in "]},:"


def read_number(word: str) -> int | float:
    """The value of a JSON number; one too long for Python's own limit on digits is a float."""
    if word.lstrip("-").isdigit() and len(word) <= 4000:
        return int(word)
    return float(word)


def _why_no_value(word: str) -> str:
    """The sentence about a word that is no value. It does not repeat the word, which may be a secret without quotes."""
    if word.lower() in LITERALS:
        return f"{word} is no JSON: write {word.lower()}."
    if word in ("None", "undefined", "nil"):
        return f"{word} is no JSON: write null."
    if word[0] in "+-.0123456789":
        return "This is no JSON number."
    return "This is no JSON value: text needs double quotes."
