"""JSON strings: decoding with a way back to the source, and encoding."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from dragoman.syntax.text import Span

_ESCAPE = re.compile(r"\\(?:u[0-9a-fA-F]{4}|[\s\S]|$)")
_SHORT = {'"': '"', "\\": "\\", "/": "/", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_CONTROL = re.compile(r"[\x00-\x1f]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class BadEscape:
    """An escape that JSON does not know, or a control character that needs one; the span is in the source."""

    span: Span
    message: str


@dataclass(frozen=True, slots=True)
class DecodedString:
    """What a string says, and where each of its characters stands in the source.

    `offsets[i]` is the source offset of `value[i]`; one more entry gives the end.
    """

    value: str
    offsets: tuple[int, ...] | range
    bad: tuple[BadEscape, ...] = ()

    def span(self, start: int, end: int) -> Span:
        """The source range of `value[start:end]`; an empty one at the end marks the last character."""
        length = len(self.value)
        start, end = min(start, length), min(max(start, end), length)
        if start == end and start == length and length:
            start -= 1
        return Span(self.offsets[start], self.offsets[end])


def decode_string(text: str, start: int, end: int) -> DecodedString:
    r"""Decode the inside of a string, `text[start:end]` without its quotes.

    A lone surrogate (`\ud800`) becomes U+FFFD: it could not be sent or shown.
    """
    inside = text[start:end]
    bad = [_control_character(start + match.start()) for match in _CONTROL.finditer(inside)]
    if "\\" not in inside:
        return DecodedString(inside, range(start, end + 1), tuple(bad))
    value: list[str] = []
    offsets: list[int] = []
    position = 0
    for match in _ESCAPE.finditer(inside):
        value.append(inside[position : match.start()])
        offsets.extend(range(start + position, start + match.start()))
        position = match.end()
        character = _unescape(match[0])
        if character is None:
            bad.append(_bad_escape(match[0], start + match.start()))
            character = match[0][1:]
        value.append(character)
        offsets.extend([start + match.start()] * len(character))
    value.append(inside[position:])
    offsets.extend(range(start + position, end + 1))
    bad.sort(key=lambda problem: problem.span.start)
    return _joined_surrogates("".join(value), offsets, tuple(bad))


def encode_string(value: str) -> str:
    """The JSON string, quotes included; characters outside ASCII stay as they are."""
    return json.dumps(value, ensure_ascii=False)


def _unescape(escape: str) -> str | None:
    if len(escape) == 6:
        return chr(int(escape[2:], 16))
    return _SHORT.get(escape[1:])


def _joined_surrogates(value: str, offsets: list[int], bad: tuple[BadEscape, ...]) -> DecodedString:
    r"""Make one character of each `\ud83d\ude00`."""
    if not _SURROGATE.search(value):
        return DecodedString(value, tuple(offsets), bad)
    joined: list[str] = []
    kept: list[int] = []
    index = 0
    while index < len(value):
        pair = value[index : index + 2]
        is_pair = len(pair) == 2 and "\ud800" <= pair[0] <= "\udbff" and "\udc00" <= pair[1] <= "\udfff"
        kept.append(offsets[index])
        if is_pair:
            joined.append(pair.encode("utf-16", "surrogatepass").decode("utf-16"))
        else:
            joined.append("\ufffd" if "\ud800" <= value[index] <= "\udfff" else value[index])
        index += 2 if is_pair else 1
    kept.append(offsets[-1])
    return DecodedString("".join(joined), tuple(kept), bad)


def _control_character(offset: int) -> BadEscape:
    return BadEscape(Span(offset, offset + 1), "A control character inside a string must be escaped (a tab is \\t).")


def _bad_escape(escape: str, offset: int) -> BadEscape:
    if escape.startswith("\\u"):
        message = "\\u needs four hexadecimal digits."
    else:
        message = f"{escape} is no escape of JSON; a backslash itself is written \\\\."
    return BadEscape(Span(offset, offset + max(len(escape), 1)), message)
