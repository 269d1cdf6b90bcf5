"""A cursor over a range of the path text, and the searches that the grammar is made of. No grammar here."""

from __future__ import annotations

from typing import NoReturn

from dragoman.syntax.jsonpath.ast import PathProblem
from dragoman.syntax.text import Span

MAXIMUM_DEPTH = 20
"""How deep paths, filters, parentheses and arguments may stand in one another."""


class UnreadableError(Exception):
    """Carries the one problem from where it is seen to `parse`."""

    def __init__(self, problem: PathProblem) -> None:
        super().__init__(problem.message)
        self.problem = problem


class Reader:
    """Reads `text[position:end]`. What lies outside of the range reads as ""."""

    __slots__ = ("depth", "end", "position", "text")

    def __init__(self, text: str, position: int, end: int, depth: int = 0) -> None:
        self.text = text
        self.position = position
        self.end = end
        self.depth = depth

    def char(self, index: int) -> str:
        """The character at `index`, or ""."""
        return self.text[index] if 0 <= index < self.end else ""

    def peek(self) -> str:
        """The character at the cursor, or ""."""
        return self.char(self.position)

    def skip_blanks(self) -> None:
        """Move over blanks. Only U+0020 is one: tabs and line ends belong to names."""
        self.position = self.after_blanks(self.position)

    def after_blanks(self, index: int) -> int:
        """The first place from `index` on that holds no blank."""
        while self.char(index) == " ":
            index += 1
        return index

    def find(self, wanted: str, start: int) -> int:
        """Where `wanted` stands, from `start` on; -1 if nowhere."""
        return self.text.find(wanted, start, self.end)

    def find_unescaped(self, wanted: str, start: int) -> int:
        """Like `find`, passing over whatever stands behind a backslash."""
        index = start
        while index < self.end and self.text[index] != wanted:
            index += 2 if self.text[index] == "\\" else 1
        return index if index < self.end else -1

    def find_closing(self, opening: int, closing_character: str, *, skip_patterns: bool = False) -> int:
        """The bracket that closes the one at `opening`; -1 if there is none.

        Quoted text is passed over, and `/patterns/` on demand. As in the engine, the character right behind a quoted
        text is not looked at as the start of another one.
        """
        opening_character = self.text[opening]
        depth = 1
        index = opening + 1
        while index < self.end:
            for quotes in ("'\"", "/") if skip_patterns else ("'\"",):
                if self.char(index) and self.char(index) in quotes:
                    index = self._behind_quoted(index)
            depth += (self.char(index) == opening_character) - (self.char(index) == closing_character)
            if depth == 0:
                return index
            index += 1
        return -1

    def _behind_quoted(self, opening: int) -> int:
        closing = self.find_unescaped(self.text[opening], opening + 1)
        if closing == -1:
            self.fail_at_end(f"The {self.text[opening]} that opens here is never closed.", opening)
        return closing + 1

    def enter(self, start: int) -> None:
        """Go one level deeper, for what is nested at `start`; `leave` comes back."""
        if self.depth >= MAXIMUM_DEPTH:
            self.fail(start, f"This is nested more than {MAXIMUM_DEPTH} levels deep; write a flatter path.")
        self.depth += 1

    def leave(self) -> None:
        """Come back from one level."""
        self.depth -= 1

    def within(self, start: int, end: int) -> Reader:
        """A reader for a part that stands inside of this one."""
        self.enter(start)
        self.leave()
        return Reader(self.text, start, end, self.depth + 1)

    def fail(self, start: int, message: str, *, end: int | None = None, opening: int | None = None) -> NoReturn:
        """Give up: the text is wrong at `start`. A place behind the text marks its last character."""
        length = len(self.text)
        start = max(0, min(start, length - 1))
        end = min(length, max(start + 1, end or 0))
        related = None if opening is None else Span(opening, opening + 1)
        raise UnreadableError(PathProblem(Span(start, end), message, related))

    def fail_at_end(self, message: str, opening: int) -> NoReturn:
        """Give up: what `opening` opens is not closed before the end."""
        self.fail(self.end, message, opening=opening)
