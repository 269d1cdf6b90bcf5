"""Fenced blocks of Markdown, read line by line (CommonMark 0.31, 4.5), as agents write them.

Beyond that page: a block inside of a list may be indented like its item; in a block of a diff, whose lines may be
indented by one, only an unindented fence closes; and a DevIns script holds fenced blocks of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

SCRIPT_LANGUAGES = frozenset({"devin", "devins"})
_DIFFS = frozenset({"diff", "patch"})
LONGEST_FENCE_LINE = 200
"""Characters. A longer line is text, whatever it begins with."""

_OPENING = re.compile(r"(?P<indent>[ \t]*)(?:(?P<ticks>`{3,})(?P<info>[^`]*)|(?P<tildes>~{3,})(?P<other_info>.*))")
_MAY_OPEN = re.compile(r"[ \t]*(`{0,2}|~{0,2}|`{3,}[^`]*|~{3,}.*)")
_LIST_ITEM = re.compile(r"[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]+")
_TAKES_BLOCK = re.compile(r"\s*/(?:write|patch)\b")


@dataclass(frozen=True, slots=True)
class Fence:
    """The line that opens a block."""

    mark: str
    length: int
    indent: int
    language: str = ""

    def is_closed_by(self, line: str) -> bool:
        """Whether `line` closes the block."""
        marks = line.strip(" \t")
        return self._may_close(line) and len(marks) >= self.length

    def may_be_closed_by(self, beginning: str) -> bool:
        """Whether a line that begins so may yet close the block."""
        return self._may_close(beginning)

    def dedented(self, line: str) -> str:
        """A line of the block without the indentation of the fence."""
        indent = min(self.indent, _indent(line))
        return line[indent:]

    def _may_close(self, line: str) -> bool:
        slack = 0 if self.language in _DIFFS else 3
        is_marks = set(line.strip(" \t")) <= {self.mark} and len(line) <= LONGEST_FENCE_LINE
        return is_marks and _indent(line) <= self.indent + slack


@dataclass(slots=True)
class Block:
    """A fenced block: its language in lower case and its lines so far, without line ends."""

    language: str
    lines: list[str] = field(default_factory=list[str])

    @property
    def is_script(self) -> bool:
        """Whether it is a DevIns script."""
        return self.language in SCRIPT_LANGUAGES

    @property
    def content(self) -> str:
        """Its lines, with no line end behind the last one."""
        return "\n".join(self.lines)


class FenceReader:
    """Reads lines, which come without their line ends; `blocks` is what was found so far."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.code: list[Block] = []
        """Those of `blocks` that are no scripts."""
        self.open: Fence | None = None
        """The fence of the last block, as long as that is not closed."""
        self._inner: Fence | None = None
        self._item_indent = 0
        self._line_before = ""

    def read(self, line: str) -> None:
        """One more line."""
        if self.open is None:
            self._read_outside(line)
        elif self._inner is None and self._closes(line):
            self.open = None
        else:
            self._read_inside(self.open, line)
        self._line_before = line if line.strip() else self._line_before

    def may_be_fence(self, beginning: str) -> bool:
        """Whether a line that begins so may turn out to be no text."""
        beginning = beginning.removesuffix("\r")
        if self.open is not None:
            return self.open.may_be_closed_by(beginning)
        return len(beginning) <= LONGEST_FENCE_LINE and _MAY_OPEN.fullmatch(beginning) is not None

    def _read_outside(self, line: str) -> None:
        fence = opening(line, self._item_indent)
        if fence is not None:
            block = Block(fence.language)
            self.open = fence
            self.blocks.append(block)
            if not block.is_script:
                self.code.append(block)
        elif item := _LIST_ITEM.match(line):
            self._item_indent = item.end()
        elif line.strip() and _indent(line) < self._item_indent:
            self._item_indent = 0

    def _closes(self, line: str) -> bool:
        assert self.open is not None, "only what is open can be closed"
        # A bare fence behind such a command opens the block that belongs to it.
        awaits_block = self.blocks[-1].is_script and _TAKES_BLOCK.match(self._line_before)
        return not awaits_block and self.open.is_closed_by(line)

    def _read_inside(self, fence: Fence, line: str) -> None:
        block = self.blocks[-1]
        block.lines.append(fence.dedented(line))
        if not block.is_script:
            return
        if self._inner is None:
            self._inner = opening(line, fence.indent)
        elif self._inner.is_closed_by(line):
            self._inner = None


def opening(line: str, extra_indent: int = 0) -> Fence | None:
    """The fence in `line`, if that opens a block; it may be indented by three columns and `extra_indent`."""
    match = _OPENING.fullmatch(line) if len(line) <= LONGEST_FENCE_LINE else None
    if match is None or _indent(line) > extra_indent + 3:
        return None
    marks = match["ticks"] or match["tildes"]
    return Fence(marks[0], len(marks), len(match["indent"]), _language(match["info"] or match["other_info"] or ""))


def fenced_blocks(text: str) -> list[Block]:
    """All fenced blocks of a text; the last one may lack its closing fence."""
    reader = FenceReader()
    for line in lines_of(text):
        reader.read(line)
    return reader.blocks


def lines_of(text: str) -> Iterable[str]:
    """The lines of a text, which end at LF or CRLF, without their ends; no empty one behind the last end."""
    lines = text.split("\n")
    if not lines[-1]:
        lines.pop()
    return (line.removesuffix("\r") for line in lines)


def _language(info: str) -> str:
    """The language in what stands behind a fence, as in `python title="a"`, `{.python}` or `py:src/a.py`."""
    words = info.strip().strip("{}").split()
    return words[0].lstrip(".").partition(":")[0].lower() if words else ""


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" \t"))
