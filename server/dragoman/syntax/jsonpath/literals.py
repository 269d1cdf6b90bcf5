"""The two kinds of literal that are read in the engine's own, lenient way: escapes, and JSON inside a path."""

from __future__ import annotations

import re

from dragoman.syntax.jsonpath.java import parse_decimal
from dragoman.syntax.jsonpath.outcome import JsonValue

_ESCAPE = re.compile(r"\\(?:u(.{0,4})|(.?))", re.DOTALL)
_CONTROLS = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "": "\\"}
_SURROGATE_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")
_CONSTANTS: dict[str, bool | None] = {"true": True, "false": False, "null": None}
_DEEPEST = 100


class BadEscapeError(ValueError):
    r"""A `\u` without four hexadecimal digits; `offset` is where its backslash stands."""

    def __init__(self, offset: int) -> None:
        super().__init__(offset)
        self.offset = offset


class BadJsonError(ValueError):
    """Not even leniently JSON."""


def unescape(text: str) -> str:
    """`text` without its backslashes. One before an ordinary character disappears, the last of all stays."""
    if "\\" not in text:
        return text
    return _SURROGATE_PAIR.sub(_join, _ESCAPE.sub(_replace, text))


def _replace(escape: re.Match[str]) -> str:
    digits: str | None = escape[1]
    if digits is None:
        return _CONTROLS.get(escape[2], escape[2])
    if len(digits) < 4:
        return ""  # The engine drops an escape that the text ends in.
    if not re.fullmatch("[0-9a-fA-F]{4}", digits):
        raise BadEscapeError(escape.start())
    return chr(int(digits, 16))


def _join(pair: re.Match[str]) -> str:
    return pair[0].encode("utf-16", "surrogatepass").decode("utf-16")


def parse_lenient_json(text: str) -> JsonValue:
    """Read JSON as leniently as the engine's own parser: either quote, bare words, commas to spare.

    Raises `BadJsonError`.
    """
    reader = _LenientReader(text)
    return reader.value(0)


class _LenientReader:
    """Where reading stands in one text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.position = 0

    def value(self, depth: int) -> JsonValue:
        if depth > _DEEPEST:
            raise BadJsonError("nested too deep")
        match self._next():
            case "[":
                return self._array(depth)
            case "{":
                return self._object(depth)
            case "'" | '"':
                return self._quoted()
            case _:
                return self._bare("]},:" if depth else "")

    def _next(self) -> str:
        """The character behind white space, or ""."""
        while self.position < len(self.text) and self.text[self.position] in " \t\r\n":
            self.position += 1
        return self.text[self.position : self.position + 1]

    def _array(self, depth: int) -> list[JsonValue]:
        items: list[JsonValue] = []
        self.position += 1
        while (character := self._next()) != "]":
            if character in ("", ":", "}"):
                raise BadJsonError("an array is not closed")
            if character == ",":
                self.position += 1
            else:
                items.append(self.value(depth + 1))
        self.position += 1
        return items

    def _object(self, depth: int) -> dict[str, JsonValue]:
        members: dict[str, JsonValue] = {}
        self.position += 1
        while (character := self._next()) != "}":
            if character in ("", ":", "]", "[", "{"):
                raise BadJsonError("an object is not closed")
            if character == ",":
                self.position += 1
                continue
            name = self._quoted() if character in "'\"" else self._word(":")
            if self._next() != ":":
                raise BadJsonError("a colon is missing")
            self.position += 1
            members[name] = self.value(depth + 1)
        self.position += 1
        return members

    def _quoted(self) -> str:
        start = self.position + 1
        end = start
        while self.text[end : end + 1] not in ("", self.text[start - 1]):
            end += 2 if self.text[end] == "\\" else 1
        if end >= len(self.text):
            raise BadJsonError("a text is not closed")
        self.position = end + 1
        try:
            return unescape(self.text[start:end])
        except BadEscapeError as error:
            raise BadJsonError("a text has a wrong escape") from error

    def _word(self, stops: str) -> str:
        start = self.position
        while self.position < len(self.text) and self.text[self.position] not in stops:
            self.position += 1
        return self.text[start : self.position].strip()

    def _bare(self, stops: str) -> JsonValue:
        word = self._word(stops)
        if word in _CONSTANTS:
            return _CONSTANTS[word]
        number = parse_decimal(word)
        if number is None:
            return word
        return int(number) if word.removeprefix("-").isdecimal() else float(number)
