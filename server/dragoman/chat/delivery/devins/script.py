"""The commands of a DevIns script: `/write:PATH#L1-L12` and `/patch`, each with a fenced block, and those not run."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from dragoman.chat.delivery.fences import fenced_blocks, lines_of, opening
from dragoman.syntax.printable import printable

LONGEST_SHOWN = 200
"""Characters of a command that are told."""

_COMMAND = re.compile(r"\s{0,3}/(?P<name>[A-Za-z][\w-]*)(?::(?P<argument>.*))?\s*")
_PLACE = re.compile(r"(?P<path>.*?)(?:#L(?P<first>\d{1,9})(?:C\d+)?(?:-L?(?P<last>\d{1,9})(?:C\d+)?)?)?")


@dataclass(frozen=True, slots=True)
class Lines:
    """A range of lines, counted from 1, the last one included."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Write:
    """`text` becomes the content of the file, or of some of its lines. It has no line end behind its last line."""

    path: str
    text: str
    lines: Lines | None = None


@dataclass(frozen=True, slots=True)
class Patch:
    """A unified diff; `path` is "" where the diff itself has to say which files it is for."""

    path: str
    text: str


@dataclass(frozen=True, slots=True)
class NotRun:
    """A command that is not carried out: its name and the line that it stands in, made safe to be shown."""

    name: str
    line: str


Change: TypeAlias = Write | Patch


@dataclass(frozen=True, slots=True)
class Script:
    """What a script asks for, in its order. `problems` are sentences on commands that say too little."""

    changes: tuple[Change, ...] = ()
    not_run: tuple[NotRun, ...] = ()
    problems: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether it holds no command at all."""
        return not (self.changes or self.not_run or self.problems)


def script_in_blocks(answer: str) -> Script | None:
    """The fenced blocks of an answer that are scripts, as one script; None without any."""
    scripts = [read_script(block.content) for block in fenced_blocks(answer) if block.is_script]
    return _joined(scripts) if scripts else None


def read_script(text: str) -> Script:
    """The commands in `text`. A command begins its line; all that is neither command nor its block is talk."""
    lines = list(lines_of(text))
    scripts: list[Script] = []
    at = 0
    while at < len(lines):
        command = _COMMAND.fullmatch(lines[at])
        if command is None:
            at = _behind_block(lines, at)
            continue
        block = _block_behind(lines, at + 1)
        shown = printable(lines[at].strip()[:LONGEST_SHOWN])
        scripts.append(_read_command(command, shown, block.text if block else None))
        at = block.end if block else at + 1
    return _joined(scripts)


@dataclass(frozen=True, slots=True)
class _BlockAt:
    """The content of a fenced block, and the line behind it."""

    text: str
    end: int


def _read_command(command: re.Match[str], line: str, block: str | None) -> Script:
    name, argument = command["name"], (command["argument"] or "").strip()
    if name not in ("write", "patch"):
        return Script(not_run=(NotRun(name, line),))
    if block is None:
        return Script(problems=(f"{line}: the fenced block behind this command is missing.",))
    if name == "patch":
        return Script((Patch(argument, block),))
    return _read_write(argument, line, block)


def _read_write(argument: str, line: str, block: str) -> Script:
    place = _PLACE.fullmatch(argument)
    if place is None or not place["path"].strip():
        return Script(problems=(f"{line}: the path behind /write: is missing.",))
    lines = None
    if place["first"]:
        lines = Lines(int(place["first"]), int(place["last"] or place["first"]))
        if not 1 <= lines.first <= lines.last:
            return Script(problems=(f"{line}: lines count from 1, and the last one does not come before the first.",))
    return Script((Write(place["path"].strip(), block, lines),))


def _block_behind(lines: Sequence[str], at: int) -> _BlockAt | None:
    """The fenced block that begins at line `at`, or behind blank lines there."""
    while at < len(lines) and not lines[at].strip():
        at += 1
    fence = opening(lines[at]) if at < len(lines) else None
    if fence is None:
        return None
    content: list[str] = []
    for end in range(at + 1, len(lines)):
        if fence.is_closed_by(lines[end]):
            return _BlockAt("\n".join(content), end + 1)
        content.append(fence.dedented(lines[end]))
    return _BlockAt("\n".join(content), len(lines))


def _behind_block(lines: Sequence[str], at: int) -> int:
    """The line behind the block that begins at `at`, else the next one."""
    block = _block_behind(lines, at) if lines[at].strip() else None
    return block.end if block else at + 1


def _joined(scripts: Sequence[Script]) -> Script:
    return Script(
        tuple(change for script in scripts for change in script.changes),
        tuple(command for script in scripts for command in script.not_run),
        tuple(problem for script in scripts for problem in script.problems),
    )
