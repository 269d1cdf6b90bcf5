"""Offsets and positions. The one place that knows how the client counts characters (LSP 3.17, `Position`)."""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate

from lsprotocol import types

from dragoman.syntax.text import LineIndex, Span

_BYTES_PER_UNIT = {"utf-8": 1, "utf-16": 2, "utf-32": 4}
_CODECS = {"utf-8": "utf-8", "utf-16": "utf-16-le", "utf-32": "utf-32-le"}


def units(text: str, encoding: str) -> int:
    """The length of `text` in code units of `encoding`."""
    if text.isascii() or encoding == "utf-32":
        return len(text)
    return len(text.encode(_CODECS[encoding], "surrogatepass")) // _BYTES_PER_UNIT[encoding]


def offset_of(lines: LineIndex, position: types.Position, encoding: str) -> int:
    """The offset of a position; one beyond a line means its end, one beyond the text the text's end."""
    if position.line >= lines.line_count:
        return len(lines.text)
    line = lines.line_text(max(position.line, 0))
    return lines.start_of(max(position.line, 0)) + _column_to_index(line, max(position.character, 0), encoding)


def span_of(lines: LineIndex, range_: types.Range, encoding: str) -> Span:
    """The span of a range; a reversed one is turned around."""
    start, end = offset_of(lines, range_.start, encoding), offset_of(lines, range_.end, encoding)
    return Span(min(start, end), max(start, end))


def position_of(lines: LineIndex, offset: int, encoding: str) -> types.Position:
    """The position of an offset."""
    line, character = line_and_column(lines, offset, encoding)
    return types.Position(line, character)


def range_of(lines: LineIndex, span: Span, encoding: str) -> types.Range:
    """The range of a span."""
    return types.Range(position_of(lines, span.start, encoding), position_of(lines, span.end, encoding))


def line_and_column(lines: LineIndex, offset: int, encoding: str) -> tuple[int, int]:
    """Line and column of an offset, both from 0."""
    line = lines.line_at(offset)
    return line, units(lines.text[lines.start_of(line) : offset], encoding)


def _column_to_index(line: str, column: int, encoding: str) -> int:
    if line.isascii() or encoding == "utf-32":
        return min(column, len(line))
    try:
        encoded = line.encode(_CODECS[encoding])[: column * _BYTES_PER_UNIT[encoding]]
    except UnicodeEncodeError:  # lone surrogates, which no decoder gives back
        return bisect_right(list(accumulate(units(character, encoding) for character in line)), column)
    # A position inside a character means the character's start.
    return len(encoded.decode(_CODECS[encoding], "ignore"))
