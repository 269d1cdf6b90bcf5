"""A cursor over the text of a pattern, and what is the same inside and outside of a character class."""

from __future__ import annotations

import re
from typing import NoReturn

from dragoman.syntax.jsonpath.regex.characters import Flags

_FLAG_GROUP = re.compile(r"\(\?([a-zA-Z]*)(-[a-zA-Z]*)?\)")
_NAME = re.compile(r"[a-zA-Z][a-zA-Z0-9]*>")
_QUOTED = re.compile(r"((?:^|[^\\])(?:\\\\)*)\\Q(.*?)(?:\\E|$)", re.DOTALL)
_NUMBER = re.compile(r"[0-9]{1,9}")


class BadPatternError(ValueError):
    """Java rejects the pattern; `offset` is the place in it."""

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(message)
        self.offset = offset


class UnsupportedPatternError(ValueError):
    """Java accepts the pattern and it cannot be previewed. The message completes "…, because"."""


def _escape(quoted: re.Match[str]) -> str:
    r"""Escapes each character between `\Q` and `\E` for itself, as Java does before it reads a pattern."""
    return quoted[1] + re.sub(r"([^a-zA-Z0-9])", r"\\\1", quoted[2])


class Source:
    """Where reading stands in one pattern."""

    __slots__ = ("position", "text")

    def __init__(self, text: str) -> None:
        self.text = _QUOTED.sub(_escape, text)
        self.position = 0

    def peek(self, ahead: int = 0) -> str:
        """A character, or ""."""
        index = self.position + ahead
        return self.text[index] if index < len(self.text) else ""

    def take(self) -> str:
        """The character at the cursor, which moves on."""
        character = self.peek()
        self.position += 1
        return character

    def fail(self, message: str, offset: int | None = None) -> NoReturn:
        """Give up as Java does."""
        raise BadPatternError(message, self.position if offset is None else offset)

    def skip_comments(self, flags: Flags) -> None:
        """With the flag `x`: white space, and comments that begin with `#`."""
        while flags.x and self.peek() and self.peek() in " \t\n\x0b\f\r#":
            if self.take() == "#":
                while self.peek() not in ("", "\n"):
                    self.take()

    def read_number(self) -> int | None:
        """A whole number of nine digits at most."""
        found = _NUMBER.match(self.text, self.position)
        if found is None:
            return None
        self.position = found.end()
        return int(found[0])

    def read_name(self) -> bool:
        """The name of a group and its `>`."""
        found = _NAME.match(self.text, self.position)
        if found:
            self.position = found.end()
        return found is not None

    def read_flags(self, flags: Flags) -> Flags | None:
        """`(?i)` or `(?i-s)`, for the rest of the group; None if something else is here."""
        found = _FLAG_GROUP.match(self.text, self.position)
        if found is None:
            return None
        changed = _with_letters(flags, found[1], found[2] or "")
        if changed is None:
            self.fail("this flag does not exist.")
        self.position = found.end()
        return changed

    def read_flag_letters(self, flags: Flags, first: str) -> Flags | None:
        """The flags of `(?i:…)`, whose first letter is taken already; leaves the cursor on the colon."""
        letters = first
        while self.peek().isalpha() or self.peek() == "-":
            letters += self.take()
        switched_on, _, switched_off = letters.partition("-")
        return _with_letters(flags, switched_on, switched_off)


def _with_letters(flags: Flags, switched_on: str, switched_off: str) -> Flags | None:
    switched_off = switched_off.removeprefix("-")
    if not set(switched_on + switched_off) <= set(Flags._fields):
        return None
    return flags._replace(**dict.fromkeys(switched_on, True), **dict.fromkeys(switched_off, False))
