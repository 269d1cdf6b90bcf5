"""What a place for code takes of an answer: the content of its single fenced block, else the text as it is.

`taken` tells it of a whole answer, `Taking` of one that grows: at any moment it is what would be taken if the answer
ended there, so that a second block, or the first one behind some words, rewrites what was there before.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from dragoman.chat.delivery.fences import LONGEST_FENCE_LINE, Fence, FenceReader, fenced_blocks


@dataclass(frozen=True, slots=True)
class Taken:
    """What is taken of an answer. `language` is that of its block, in lower case; `is_block`: it had a single one."""

    text: str
    language: str = ""
    is_block: bool = False


def taken(answer: str) -> Taken:
    """What is taken of a whole answer. DevIns scripts are no code: without any other block, nothing is."""
    blocks = fenced_blocks(answer)
    code = [block for block in blocks if not block.is_script]
    if len(code) == 1:
        return Taken(code[0].content, code[0].language, is_block=True)
    return Taken("" if blocks and not code else answer)


@dataclass(frozen=True, slots=True)
class More:
    """What follows on what was taken so far."""

    text: str


@dataclass(frozen=True, slots=True)
class Anew:
    """All that is taken now, in place of what was taken so far."""

    text: str


Change: TypeAlias = More | Anew


class Taking:
    """The same for an answer that grows. Its lines come out ended by LF, whatever they ended with."""

    def __init__(self) -> None:
        self._reader = FenceReader()
        self._lines: list[str] = []
        self._nothing: list[str] = []
        self._line = _Line()
        self._source: list[str] = self._lines
        """The lines that are taken: all of them, those of a block, or none."""
        self._count = 0
        """How many of these were told whole."""
        self._rest: list[str] = []
        """What is to be told of lines that were told in part."""
        self._has_told = False

    def feed(self, delta: str) -> Change:
        """More of the answer."""
        for index, part in enumerate(delta.split("\n")):
            if index:
                self._end_line()
            self._line.add(part)
        return self._change()

    def finish(self) -> Change:
        """The answer is over: a line that might have become a fence is one, or is text."""
        if self._line.is_empty:
            self._lines.append("")
        else:
            self._end_line()
        return self._change()

    def _end_line(self) -> None:
        if self._line.is_told:
            self._rest.append(self._line.untold())
            self._count += 1
        line = self._line.whole()
        self._reader.read(line)
        self._lines.append(line)
        self._line = _Line()

    def _change(self) -> Change:
        """What is new; everything, where it is now taken from elsewhere."""
        source = self._taken_from()
        is_anew = source is not self._source and self._has_told
        if source is not self._source:
            self._source, self._count, self._rest = source, 0, []
            self._line.tell_again()
        lines = ["\n" + line if index else line for index, line in enumerate(source[self._count :], self._count)]
        self._count = len(source)
        text = "".join((*self._rest, *lines, self._piece_of_line()))
        self._rest = []
        self._has_told = bool(text) or (self._has_told and not is_anew)
        return Anew(text) if is_anew else More(text)

    def _taken_from(self) -> list[str]:
        code = self._reader.code
        if len(code) == 1:
            return code[0].lines
        return self._nothing if self._reader.blocks and not code else self._lines

    def _piece_of_line(self) -> str:
        """What can be told of the line that has not ended yet."""
        line, fence = self._line, self._fence()
        is_taken = fence is not None or self._source is self._lines
        if not is_taken or (not line.is_told and self._reader.may_be_fence(line.beginning)):
            return ""
        begins = not line.is_told
        text = line.untold()
        if not begins or not text:
            return text
        return ("\n" if self._count else "") + (fence.dedented(text) if fence else text)

    def _fence(self) -> Fence | None:
        """That of the block that is taken, while it is open."""
        blocks = self._reader.blocks
        return self._reader.open if blocks and blocks[-1].lines is self._source else None


class _Line:
    """A line that grows. It may be long, so it is put together once, when it has ended."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._untold: list[str] = []
        self.beginning = ""
        """As much of it as is needed to tell a fence."""
        self.is_told = False
        """Whether some of it was told already."""

    @property
    def is_empty(self) -> bool:
        return not self.beginning

    def add(self, part: str) -> None:
        self._parts.append(part)
        self._untold.append(part)
        room = LONGEST_FENCE_LINE + 1 - len(self.beginning)
        self.beginning += part[: max(room, 0)]

    def whole(self) -> str:
        """The line without its end."""
        return "".join(self._parts).removesuffix("\r")

    def untold(self) -> str:
        """What was not told yet, up to a CR that may belong to the line's end."""
        text = "".join(self._untold)
        told = text.removesuffix("\r")
        self._untold = ["\r"] if told != text else []
        self.is_told = self.is_told or bool(told)
        return told

    def tell_again(self) -> None:
        """Nothing of it counts as told."""
        self._untold, self.is_told = [*self._parts], False
