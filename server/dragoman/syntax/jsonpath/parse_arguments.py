"""Reads the arguments of a function: paths, and JSON that is not looked into.

The engine counts brackets, and where the count says so an argument ends. Text that begins like neither a path nor JSON
(`concat('a')`: only double quotes make JSON here) is passed over.
"""

from __future__ import annotations

from collections.abc import Callable

from dragoman.syntax.jsonpath.ast import Argument, JsonText, Path
from dragoman.syntax.jsonpath.reader import Reader
from dragoman.syntax.text import Span

_PAIRS = {"(": "()", ")": "()", "[": "[]", "]": "[]", "{": "{}", "}": "{}"}


def read_arguments(reader: Reader, opening: int, read_path: Callable[[Reader], Path]) -> tuple[Argument, ...]:
    """The arguments behind the `(` at `opening`; leaves the cursor behind the `)`."""
    parser = _ArgumentParser(reader, opening, read_path)
    while reader.position < reader.end and not parser.is_done:
        parser.step()
    if any(parser.depth.values()):
        reader.fail_at_end("The arguments that open here are never closed.", opening)
    return tuple(parser.arguments)


class _ArgumentParser:
    """How many brackets are open, and what is known of the argument at the cursor."""

    def __init__(self, reader: Reader, opening: int, read_path: Callable[[Reader], Path]) -> None:
        self.reader = reader
        self.opening = opening
        self.read_path = read_path
        self.depth = {"()": 1, "[]": 0, "{}": 0}
        self.open_quotes = 0
        self.previous = ""
        self.start: int | None = None
        self.pieces: list[str] = []
        self.arguments: list[Argument] = []
        self.is_done = False

    def step(self) -> None:
        """Take one character."""
        position = self.reader.position
        character = self.reader.peek()
        self.reader.position += 1
        if self.start is None and not self._begin(position, character):
            return
        if character == "\\" and self._skip_escape():
            return
        if character == '"':
            self.open_quotes += -1 if self.previous != "\\" and self.open_quotes else 1
        self._count(position, character)
        if character in "),":
            self._end_argument(position, character)
        # A comma is left out, between quotes too: `concat("a,b")` gives "ab".
        if self.start is not None and not (character == "," and self.depth == {"()": 1, "[]": 0, "{}": 0}):
            self.pieces.append(character)
        self.previous = character

    def _begin(self, position: int, character: str) -> bool:
        """Whether the character counts: white space before an argument does not."""
        if character in '$@{"-' or character.isdecimal():
            self.start = position
            self.pieces = []
        return character not in " \t\n\r"

    def _skip_escape(self) -> bool:
        r"""`\"` and `\,` inside quotes: the character alone stays."""
        following = self.reader.peek()
        if self.open_quotes != 1 or following not in (",", '"'):
            return False
        self.pieces.append(following)
        self.reader.position += 1
        self.previous = ""
        return True

    def _count(self, position: int, character: str) -> None:
        pair = _PAIRS.get(character)
        if pair is None:
            return
        if character in "}]" and self.depth[pair] == 0:
            self.reader.fail(position, f"This {character} closes nothing. Remove it.")
        self.depth[pair] += 1 if character == pair[0] else -1

    def _end_argument(self, position: int, character: str) -> None:
        level = self.depth["()"]
        inside = self.open_quotes or self.depth["[]"] or self.depth["{}"]
        if inside or not (level == 1 or (level == 0 and character == ")")):
            return
        self.is_done = level == 0
        if self.start is None:
            return
        # `$.a.sum()` as an argument ends with its own parenthesis; with arguments of its own it loses that one.
        closes_inner_call = character == ")" and self.previous == "("
        end = position + 1 if closes_inner_call else position
        span = Span(self.start, end)
        if self.reader.text[self.start] in "$@":
            self.arguments.append(self.read_path(self.reader.within(span.start, span.end)))
        else:
            self.arguments.append(JsonText(span, "".join(self.pieces)))
        self.start = None
