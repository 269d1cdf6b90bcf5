"""Reads one step in brackets: `['name']`, `[0]`, `[1:3]`, `[*]` or `[?(…)]`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from dragoman.syntax.jsonpath.ast import Filter, Index, Path, Property, Slice, Step, Wildcard
from dragoman.syntax.jsonpath.literals import BadEscapeError, unescape
from dragoman.syntax.jsonpath.parse_filter import read_condition
from dragoman.syntax.jsonpath.reader import Reader
from dragoman.syntax.text import Span

ReadPath: TypeAlias = Callable[[Reader], Path]

_NOTHING_FITS = "Write a quoted name, an index, a slice, * or ?(…) here: ['name'], [0], [1:3], [*], [?(@.a)]."


def read_bracket(reader: Reader, read_path: ReadPath) -> Step:
    """The step whose `[` is at the cursor; leaves the cursor behind its `]`."""
    first = reader.after_blanks(reader.position + 1)
    match reader.char(first):
        case "'" | '"':
            return _read_names(reader)
        case "*":
            return _read_wildcard(reader, first)
        case "?":
            return _read_filter(reader, first, read_path)
        case "-" | ":":
            return _read_numbers(reader)
        case character if character.isdecimal():
            return _read_numbers(reader)
        case "":
            return reader.fail_at_end("This [ is never closed. " + _NOTHING_FITS, reader.position)
        case _:
            return reader.fail(first, _NOTHING_FITS, opening=reader.position)


def _closed(reader: Reader, opening: int, index: int) -> Span:
    """Expect `]` at `index`, blanks aside; the span of the whole step."""
    closing = reader.after_blanks(index)
    if reader.char(closing) != "]":
        reader.fail(index, "] is missing here.", opening=opening)
    reader.position = closing + 1
    return Span(opening, closing + 1)


def _read_wildcard(reader: Reader, star: int) -> Wildcard:
    return Wildcard(_closed(reader, reader.position, star + 1))


def _read_names(reader: Reader) -> Property:
    """The first quote decides which kind delimits all names. Outside of them only commas count."""
    opening = reader.position
    quote = reader.char(reader.after_blanks(opening + 1))
    spans: list[Span] = []
    after_comma = False
    index = opening + 1
    while (character := reader.char(index)) != "]":
        if character == quote:
            spans.append(_read_quoted(reader, opening, index))
            index = spans[-1].end
            after_comma = False
        elif character == "," and after_comma:
            reader.fail(index, "A name is missing before this comma.")
        elif character == "":
            reader.fail_at_end("] is missing here.", opening)
        else:
            after_comma = after_comma or character == ","
            index += 2 if character == "\\" else 1
    if after_comma:
        reader.fail(index, "A name is missing behind the comma. Write one, or remove the comma.", opening=opening)
    names = tuple(_unescaped(reader, span) for span in spans)
    return Property(_closed(reader, opening, spans[-1].end), names, tuple(spans), quoted=True)


def _read_quoted(reader: Reader, opening: int, start: int) -> Span:
    """One name with its quotes; behind it comes a comma or the bracket."""
    quote = reader.char(start)
    end = reader.find_unescaped(quote, start + 1)
    if end == -1:
        reader.fail_at_end(f"The name that {quote} opens is never closed. Write {quote}] behind it.", start)
    if reader.char(reader.after_blanks(end + 1)) not in ("]", ","):
        reader.fail(end + 1, "] is missing here, or a comma before the next name.", opening=opening)
    return Span(start, end + 1)


def _unescaped(reader: Reader, span: Span) -> str:
    try:
        return unescape(reader.text[span.start + 1 : span.end - 1])
    except BadEscapeError as error:
        place = span.start + 1 + error.offset
        reader.fail(place, "Behind \\u come four hexadecimal digits.", end=min(place + 6, span.end))


def _read_numbers(reader: Reader) -> Index | Slice:
    opening = reader.position
    index = opening + 1
    while (character := reader.char(index)) and (character.isdecimal() or character in ",-: "):
        index += 1
    if character != "]":
        last = len(reader.text[:index].rstrip(" "))
        reader.fail(last, "] is missing here: an index is a whole number.", opening=opening)
    reader.position = index + 1
    text = reader.text[opening + 1 : index]
    span = Span(opening, index + 1)
    return _slice(reader, text, span) if ":" in text else _index(reader, text, span)


def _index(reader: Reader, text: str, span: Span) -> Index:
    parts: list[int] = []
    start = span.start + 1
    for part in text.split(","):
        parts.append(_whole_number(reader, part.strip(" "), start, len(part)))
        start += len(part) + 1
    return Index(span, tuple(parts))


def _slice(reader: Reader, text: str, span: Span) -> Slice:
    text = text.rstrip(" ")
    start = span.start + 1 + len(text) - len(text.lstrip(" "))
    text = text.lstrip(" ")
    for offset, character in enumerate(text):
        if character in ", ":
            reader.fail(start + offset, "A slice holds no commas or blanks. Write [1:3], or [1,3] for two indexes.")
    parts = text.split(":")
    first = _whole_number(reader, parts[0], start, len(parts[0])) if parts[0] else None
    second = _whole_number(reader, parts[1], start + len(parts[0]) + 1, len(parts[1])) if parts[1] else None
    if first is None and second is None:
        reader.fail(start, "A slice needs a start or an end. Write [*] for all elements.", end=span.end - 1)
    return Slice(span, first, second, has_step=len(parts) > 2)


def _whole_number(reader: Reader, text: str, start: int, length: int) -> int:
    digits = text.removeprefix("-")
    if not digits.isdecimal():
        reader.fail(start, "A whole number is missing here. Write one like 0 or -1.", end=start + length)
    # The engine holds an index in 32 bits; eleven digits are enough to see that it is too large.
    number = int(text[:1].replace("-", "-0") + text[1:]) if len(text) <= 11 else 1 << 32
    if not -(1 << 31) <= number < 1 << 31:
        reader.fail(start, "This index is too large: it must fit in 32 bits.", end=start + length)
    return number


def _read_filter(reader: Reader, question_mark: int, read_path: ReadPath) -> Filter:
    opening = reader.position
    parenthesis = reader.after_blanks(question_mark + 1)
    if reader.char(parenthesis) != "(":
        message = "A filter needs parentheses. Write [?(@.name == 'value')]."
        reader.fail(parenthesis, message, opening=opening)
    closing = reader.find_closing(parenthesis, ")", skip_patterns=True)
    if closing == -1:
        reader.fail_at_end("This ( is never closed. A filter ends with )].", parenthesis)
    if reader.char(reader.after_blanks(closing + 1)) != "]":
        reader.fail(closing + 1, "] is missing here: a filter ends with )].", opening=opening)
    condition = read_condition(reader.within(parenthesis, closing + 1), read_path)
    return Filter(_closed(reader, opening, closing + 1), condition)
