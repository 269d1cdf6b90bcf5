"""Edits of the entries of an object, in the way in which its text is written; comments stay where they are."""

from __future__ import annotations

import re

from dragoman.syntax.jsonc.nodes import ObjectNode, PropertyNode
from dragoman.syntax.jsonc.strings import encode_string
from dragoman.syntax.jsonc.tokens import trivia_end
from dragoman.syntax.text import Span, TextEdit

_REST_OF_LINE = re.compile(r"[ \t]*(?P<comma>,?)[ \t]*(?://[^\r\n]*|/\*[^\r\n]*?\*/)?[ \t]*(?=[\r\n])")
_LINE_START = re.compile(r"(\r\n|\r|\n)([ \t]*)\Z")
_BLANKS = re.compile(r"[ \t]*")
_END_OF_LINE = re.compile(r"[ \t]*(?:\r\n|\r|\n)")


def insert_entry(text: str, start: int, owner: ObjectNode, key: str, value: str) -> tuple[TextEdit, ...]:
    """The edits that put one more entry behind the others. `value` is JSON; spans of nodes count from `start`."""
    if not owner.properties:
        return (TextEdit(owner.span.shifted(start), f"{{{encode_string(key)}: {value}}}"),)
    first, last = owner.properties[0], owner.properties[-1]
    colon = text[start + first.key.span.end : start + (first.value or first.key).span.start] or ": "
    written = f"{encode_string(key)}{colon if colon.strip() == ':' and len(colon) < 4 else ': '}{value}"
    end = start + last.span.end
    line_start = _LINE_START.search(text, start + owner.span.start, start + first.span.start)
    rest = _REST_OF_LINE.match(text, end)
    if line_start is None:
        gap = " " if ": " in written[: len(encode_string(key)) + 2] else ""
        return (TextEdit(Span(end, end), f",{gap}{written}"),)
    # What is said about the last entry in a comment behind it stays there.
    line_end = rest.end() if rest else end
    new_line = f"{line_start[1]}{line_start[2]}{written}"
    if _has_comma(text, end):
        behind = line_end if rest and rest["comma"] else text.index(",", trivia_end(text, end)) + 1
        return (TextEdit(Span(behind, behind), new_line),)
    if line_end == end:
        return (TextEdit(Span(end, end), f",{new_line}"),)
    return TextEdit(Span(end, end), ","), TextEdit(Span(line_end, line_end), new_line)


def remove_entry(text: str, owner: ObjectNode, entry: PropertyNode) -> tuple[TextEdit, ...]:
    """The edits that take an entry out, with its comma, and with its line where nothing else stands there."""
    end = entry.span.end
    if _has_comma(text, end):
        comma = trivia_end(text, end)
        if _BLANKS.fullmatch(text, end, comma):
            return (TextEdit(_with_line(text, Span(entry.span.start, comma + 1)), ""),)
        return TextEdit(entry.span, ""), TextEdit(Span(comma, comma + 1), "")
    before = [other.span.end for other in owner.properties if other.span.end <= entry.span.start]
    gap_start = before[-1] if before else owner.span.start + 1
    taken = Span(_end_of_what_stays(text, gap_start, entry.span.start), end)
    if not before or not _has_comma(text, gap_start):
        return (TextEdit(taken, ""),)
    comma = trivia_end(text, gap_start)
    if comma + 1 >= taken.start:
        return (TextEdit(Span(comma, end), ""),)
    return TextEdit(Span(comma, comma + 1), ""), TextEdit(taken, "")


def _with_line(text: str, span: Span) -> Span:
    """With all of its line if that holds nothing else, else with the blanks behind it."""
    line_start = _LINE_START.search(text, 0, span.start)
    line_end = _END_OF_LINE.match(text, span.end)
    if line_start and line_end:
        return Span(line_start.start(2), line_end.end())
    behind = _BLANKS.match(text, span.end)
    return Span(span.start, behind.end() if behind else span.end)


def _end_of_what_stays(text: str, start: int, end: int) -> int:
    """Where the blanks before `end` begin; the line end behind a line comment is that comment's."""
    gap = text[start:end]
    kept = len(gap.rstrip(" \t\r\n"))
    is_behind_comment = re.search(r"//[^\r\n]*\Z", gap[:kept])
    line_end = _END_OF_LINE.match(gap, kept) if is_behind_comment else None
    return start + (line_end.end() if line_end else kept)


def _has_comma(text: str, end: int) -> bool:
    return text.startswith(",", trivia_end(text, end))
