"""The tree of plain JSON. With nothing to look ahead for and nothing to recover from it costs a third of the parser's.

The text was read by Python's own decoder before, and by `plain._is_read_alike`: it is known to be what this expects.
"""

from __future__ import annotations

import json.decoder
import re
from collections.abc import Callable
from typing import cast

from dragoman.syntax.jsonc.nodes import ArrayNode, LiteralNode, Node, NumberNode, ObjectNode, PropertyNode, StringNode
from dragoman.syntax.jsonc.parser import LITERALS, read_number
from dragoman.syntax.text import Span

_scan_string = cast(
    "Callable[[str, int], tuple[str, int]]",
    json.decoder.scanstring,  # pyright: ignore[reportUnknownMemberType, reportAttributeAccessIssue]
)
"""What a string says that has its first character at an offset, and where it ends."""

_COLON = re.compile(r"[ \t\r\n]*+(:)[ \t\r\n]*+")
_COMMA = re.compile(r"[ \t\r\n]*+,?[ \t\r\n]*+")
"""What stands before an item, or before the bracket behind the last one."""

_WORD = re.compile(r"[-+.\w]++")


def plain_tree(text: str, start: int) -> Node:
    """The value that begins at `start`; the same as the parser gives."""
    match text[start]:
        case '"':
            return _string(text, start)
        case "{":
            return _object(text, start)
        case "[":
            return _array(text, start)
        case _:
            return _word(text, start)


def _string(text: str, start: int) -> StringNode:
    value, end = _scan_string(text, start + 1)
    return StringNode(Span(start, end), value)


def _object(text: str, start: int) -> ObjectNode:
    properties: list[PropertyNode] = []
    position = _behind(_COMMA, text, start + 1)
    while text[position] != "}":
        key = _string(text, position)
        colon = _COLON.match(text, key.span.end)
        assert colon is not None, "a key has a colon"
        value = plain_tree(text, colon.end())
        properties.append(PropertyNode(Span(position, value.span.end), key, colon.start(1), value))
        position = _behind(_COMMA, text, value.span.end)
    return ObjectNode(Span(start, position + 1), tuple(properties))


def _array(text: str, start: int) -> ArrayNode:
    items: list[Node] = []
    position = _behind(_COMMA, text, start + 1)
    while text[position] != "]":
        items.append(plain_tree(text, position))
        position = _behind(_COMMA, text, items[-1].span.end)
    return ArrayNode(Span(start, position + 1), tuple(items))


def _word(text: str, start: int) -> NumberNode | LiteralNode:
    end = _behind(_WORD, text, start)
    word, span = text[start:end], Span(start, end)
    return LiteralNode(span, LITERALS[word]) if word in LITERALS else NumberNode(span, read_number(word))


def _behind(pattern: re.Pattern[str], text: str, start: int) -> int:
    found = pattern.match(text, start)
    return found.end() if found else start
