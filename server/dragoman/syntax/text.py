"""Spans of text and the lines they fall on. Offsets count code points; encodings are the protocol's business."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate

# LSP 3.17, "Text Documents": only these three end a line. U+2028, U+0085 and form feed are ordinary characters.
LINE_END = re.compile(r"\r\n|\r|\n")

_BLOCK = 256
"""Lines in a block."""


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open range of code point offsets, `start <= end`."""

    start: int
    end: int

    def shifted(self, by: int) -> Span:
        """The same range `by` code points further on."""
        return Span(self.start + by, self.end + by)

    def covers(self, offset: int) -> bool:
        """Whether a caret at `offset` touches this range; both ends count."""
        return self.start <= offset <= self.end


@dataclass(frozen=True, slots=True)
class TextEdit:
    """`new_text` in place of what stands at `span`."""

    span: Span
    new_text: str


class LineIndex:
    """Where the lines of one text begin; never changed.

    They are kept in blocks of a few hundred, each with what is to be added to its offsets: so an edit makes one new
    block and moves the others as they are.
    """

    __slots__ = ("_blocks", "_firsts", "_shifts", "_starts", "text")

    def __init__(self, text: str) -> None:
        lines = _line_starts(text)
        blocks = [lines[first : first + _BLOCK] for first in range(0, len(lines), _BLOCK)]
        self._take(text, blocks, [0] * len(blocks))

    def edited(self, text: str, start: int, old_end: int, new_end: int) -> LineIndex:
        """That of `text`, in which what stood between `start` and `old_end` now ends at `new_end`."""
        # Where a line begins is told by the characters before and behind: both are as they were but from here to there.
        first, last = self._block_at(start - 1), self._block_at(old_end + 1)
        moved = new_end - old_end
        before = [line for line in self._lines_of(first) if line < start]
        behind = [line + moved for line in self._lines_of(last) if line > old_end]
        new = [match.end() for match in LINE_END.finditer(text, max(start - 1, 0), new_end + 1)]
        lines = [*before, *(line for line in new if start <= line <= new_end), *behind]
        if not start:
            lines.insert(0, 0)
        fresh = [lines[place : place + _BLOCK] for place in range(0, len(lines), _BLOCK)]
        shifts = [*self._shifts[:first], *(0 for _ in fresh), *(shift + moved for shift in self._shifts[last + 1 :])]
        edited = LineIndex.__new__(LineIndex)
        edited._take(text, [*self._blocks[:first], *fresh, *self._blocks[last + 1 :]], shifts)
        return edited

    def _take(self, text: str, blocks: list[list[int]], shifts: list[int]) -> None:
        self.text = text
        self._blocks = blocks
        self._shifts = shifts
        self._starts = [block[0] + shift for block, shift in zip(blocks, shifts, strict=True)]
        """Where the first line of each block begins."""
        self._firsts = list(accumulate(map(len, blocks), initial=0))
        """The number of each block's first line, and how many lines there are."""

    def _block_at(self, offset: int) -> int:
        return max(bisect_right(self._starts, offset) - 1, 0)

    def _lines_of(self, block: int) -> list[int]:
        return [start + self._shifts[block] for start in self._blocks[block]]

    @property
    def line_count(self) -> int:
        """How many lines there are; an empty text has one."""
        return self._firsts[-1]

    def line_at(self, offset: int) -> int:
        """The number of the line that holds `offset`, counted from 0."""
        block = self._block_at(offset)
        return self._firsts[block] + bisect_right(self._blocks[block], offset - self._shifts[block]) - 1

    def start_of(self, line: int) -> int:
        """The offset of the first character of `line`."""
        block = bisect_right(self._firsts, line) - 1
        return self._blocks[block][line - self._firsts[block]] + self._shifts[block]

    def end_of(self, line: int) -> int:
        """The offset just behind the last character of `line`, its line end not counted."""
        if line + 1 >= self.line_count:
            return len(self.text)
        end = self.start_of(line + 1) - 1
        if self.text[end] == "\n" and end > self.start_of(line) and self.text[end - 1] == "\r":
            end -= 1
        return end

    def line_text(self, line: int) -> str:
        """The characters of `line` without its line end."""
        return self.text[self.start_of(line) : self.end_of(line)]


def line_start(text: str, offset: int) -> int:
    """Where the line around `offset` begins, without an index of all lines."""
    return max(text.rfind("\n", 0, offset), text.rfind("\r", 0, offset)) + 1


def newline_of(text: str) -> str:
    """The line end that a text begins to use; that of Unix where it has none."""
    found = LINE_END.search(text)
    return found[0] if found else "\n"


def _line_starts(text: str) -> list[int]:
    if "\r" in text:
        return [0, *(match.end() for match in LINE_END.finditer(text))]
    # Three times as fast.
    starts = list(accumulate((len(line) + 1 for line in text.split("\n")), initial=0))
    starts.pop()
    return starts
