"""The lines of a chat document, and which of them stand within a fence."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from dragoman.syntax.text import LINE_END, Span

_FENCE = re.compile(r"([ \t]*)(`{3,}|~{3,})(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Line:
    """One line. `end` is before its line end, `next` behind it."""

    text: str
    start: int
    end: int
    next: int

    @property
    def span(self) -> Span:
        """The line without its end."""
        return Span(self.start, self.end)

    @property
    def is_blank(self) -> bool:
        """Whether nothing can be seen of it."""
        return not self.text.strip()


@dataclass(frozen=True, slots=True)
class Fence:
    """An opening fence: three or more of a character."""

    mark: str
    indentation: str
    info: str

    def is_closed_by(self, line: str) -> bool:
        """Whether `line` is the closing fence: as many of the same, or more, and nothing else (CommonMark 4.5)."""
        marks = line.strip()
        return len(marks) >= len(self.mark) and not marks.strip(self.mark[0])


def lines_of(text: str, start: int = 0, end: int | None = None) -> Iterator[Line]:
    """The lines between two offsets. An end of a line right before `end` begins no other line."""
    limit = len(text) if end is None else end
    for found in LINE_END.finditer(text, start, limit):
        yield Line(text[start : found.start()], start, found.start(), found.end())
        start = found.end()
    if start < limit:
        yield Line(text[start:limit], start, limit, limit)


def opened_fence(line: str) -> Fence | None:
    """The fence that `line` opens. It may be indented more than CommonMark has it: lists are not looked at."""
    found = _FENCE.fullmatch(line)
    if found is None or (found[2][0] == "`" and "`" in found[3]):
        return None
    return Fence(found[2], found[1], found[3].strip())


def fence_after(fence: Fence | None, line: str) -> Fence | None:
    """The fence that is open behind `line`, when `fence` is before it."""
    if fence is None:
        return opened_fence(line)
    return None if fence.is_closed_by(line) else fence


def open_fence(lines: Iterable[Line]) -> Fence | None:
    """The fence that is still open behind some lines."""
    fence: Fence | None = None
    for line in lines:
        fence = fence_after(fence, line.text)
    return fence
