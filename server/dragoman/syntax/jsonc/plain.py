"""Cells that are plain JSON, decoded by Python's own decoder, thirty times as fast as they could be parsed.

Nearly every agent of every file is *blanks, object, blanks, comma* and nothing that the parser would report. Where the
decoder proves that, the cell keeps the value and its own text; the tree, with its positions, is made when it is asked
for. In every doubt `read_plain` says None, and the parser reads the cell: both give the same cell.
"""

from __future__ import annotations

import json
import re
from typing import Any, NoReturn

from dragoman.syntax.jsonc.cell import Cell, State
from dragoman.syntax.jsonc.items import MAX_ITEMS
from dragoman.syntax.jsonc.nodes import Node, Problem
from dragoman.syntax.jsonc.parser import MAX_DEPTH, Tree, parse_tolerantly, read_number
from dragoman.syntax.jsonc.plain_tree import plain_tree
from dragoman.syntax.text import Span

_WINDOW = 8192
"""Characters that are looked at first; more are copied only for an agent that does not end within them."""

_BLANK = re.compile(r"[ \t\r\n]*")
_SURROGATE = re.compile(r"\\u[dD]|[\ud800-\udfff]")


class PlainCell(Cell):
    """A cell that holds an object without any problem, comment or repeated key; `span` is where that stands."""

    __slots__ = ("_node", "_source", "_value", "span")

    effort = 0
    problems: tuple[Problem, ...] = ()
    comments: tuple[Span, ...] = ()

    def __init__(
        self, state: State, next_state: State, examined: int, source: str, value: dict[str, Any], span: Span
    ) -> None:
        super().__init__(state, next_state, len(source), examined)
        self.span = span
        self._value = value
        self._source = source
        self._node: Node | None = None

    @property
    def value(self) -> dict[str, Any]:
        """The object."""
        return self._value

    @property
    def node(self) -> Node:
        """The object with its positions."""
        if self._node is None:
            self._node = plain_tree(self._source, self.span.start)
        return self._node


def read_plain(text: str, start: int, state: State) -> PlainCell | None:
    """The cell that begins at `start`, if it is plain."""
    window = text[start : start + _WINDOW]
    begin = _BLANK.match(window).end()  # pyright: ignore[reportOptionalMemberAccess]  # it matches everywhere
    if not window.startswith("{", begin):
        return None
    try:
        value, end = _decode(window, begin)
    except (ValueError, RecursionError) as error:
        if len(window) < _WINDOW or not _is_cut(error, window):
            return None
        window = text[start:]
        try:
            value, end = _decode(window, begin)
        except (ValueError, RecursionError):
            return None
    return _delimited(window, begin, end, state, value)


def _delimited(window: str, begin: int, end: int, state: State, value: dict[str, Any]) -> PlainCell | None:
    """The cell of an object that ends at `end`, if what follows is what follows in plain JSON."""
    length, examined, next_state = end, end + 1, State.AFTER_OBJECT
    if state is not State.START:
        following = _BLANK.match(window, end).end()  # pyright: ignore[reportOptionalMemberAccess]
        examined = following + 2
        if window.startswith(",", following):
            length, next_state = following + 1, State.AFTER_COMMA
        elif window.startswith("]", following):
            next_state = State.AFTER_ITEM
        else:
            return None
    source = window[:length]
    return PlainCell(state, next_state, examined, source, value, Span(begin, end)) if _is_read_alike(source) else None


def parse(text: str) -> Tree:
    """Read `text` as one JSON value."""
    if decode_plain(text) is None:
        return parse_tolerantly(text)
    return Tree(plain_tree(text, text.index("{")), (), ())


def decode_plain(text: str) -> dict[str, Any] | None:
    """The object that a whole text holds; None where it holds anything else, or `parse` would report something."""
    begin = _BLANK.match(text).end()  # pyright: ignore[reportOptionalMemberAccess]
    if not text.startswith("{", begin) or not _is_read_alike(text):
        return None
    try:
        value, end = _decode(text, begin)
    except (ValueError, RecursionError):
        return None
    return value if _BLANK.fullmatch(text, end) else None


def _is_read_alike(source: str) -> bool:
    """Whether it holds neither so many levels or entries nor such surrogates that parser and decoder differ."""
    if source.count("{") + source.count("[") >= MAX_DEPTH or _may_be_too_much(source):
        return False
    return not (("\\u" in source or not source.isascii()) and _SURROGATE.search(source))


def _may_be_too_much(source: str) -> bool:
    """Whether it may hold more entries than are read; each takes a turn, and so does the comma or bracket behind it."""
    return len(source) > MAX_ITEMS and 2 * source.count(",") + 2 * MAX_DEPTH >= MAX_ITEMS


def _is_cut(error: Exception, window: str) -> bool:
    """Whether it may be the window's end that the decoder stumbled over."""
    if not isinstance(error, json.JSONDecodeError):
        return False
    return error.msg.startswith("Unterminated string") or error.pos >= len(window) - len("\\uXXXX\\uXXXX")


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise ValueError("a key occurs twice")
    return value


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no JSON")


_decode = json.JSONDecoder(object_pairs_hook=_distinct, parse_int=read_number, parse_constant=_refuse).raw_decode
