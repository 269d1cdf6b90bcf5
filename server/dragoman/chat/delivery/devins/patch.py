"""Reads unified diffs: those of diff and git, and those that agents write, whose numbers are often wrong.

A hunk ends where its header says, if what follows can follow a hunk; else where its lines stop looking like ones of a
hunk, and then nothing but another header may follow. So no line of a hunk is ever passed over in silence.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from dragoman.chat.delivery.devins.patch_names import file_names, git_name

_HUNK = re.compile(r"@@(?: -(?P<start>\d{1,9})(?:,(?P<old>\d{1,9}))? \+\d{1,9}(?:,(?P<new>\d{1,9}))? @@)?(?P<rest>.*)")
_HEADER = re.compile(r"@@|diff |Index: |index |={3,}|commit |From ")
_VERSION = re.compile(r"\d+\.\d")
"""Git's, behind the last line of a mail."""
_SAME_NAME = re.compile(r"diff --git \w/(?P<path>.+) \w/(?P=path)")
_BINARY = re.compile(r"Binary files |GIT binary patch")


@dataclass(frozen=True, slots=True)
class Hunk:
    """Some lines and what they become. `start` is where the old ones begin, counted from 1; None: unsaid.

    `lines` are those of the diff without their ends, each with its sign, a blank, `-` or `+`. The last old or new line
    `lacks_end` where the diff says so.
    """

    start: int | None
    lines: tuple[str, ...]
    old_lacks_end: bool = False
    new_lacks_end: bool = False

    @property
    def old(self) -> list[str]:
        """The lines that must be there."""
        return [line[1:] for line in self.lines if line[0] != "+"]


@dataclass(slots=True)
class FilePatch:
    """What a diff says of one file. A path is None where the file is not there, before or after; "": unsaid."""

    old_path: str | None
    new_path: str | None
    hunks: list[Hunk] = field(default_factory=list[Hunk])
    is_rename: bool = False
    is_named: bool = False
    """Whether the two lines with its names have come."""
    problem: str = ""
    """Why it cannot be applied, as the end of a sentence."""

    @property
    def says_nothing(self) -> bool:
        """Whether it leaves the file as it is."""
        return not (self.hunks or self.is_rename or None in (self.old_path, self.new_path))


def read_patch(text: str) -> list[FilePatch]:
    """The files that a diff is for. Hunks before any name belong to a file whose paths are ""."""
    lines = [line.removesuffix("\r") for line in text.split("\n")]
    files: list[FilePatch] = []
    at = 0
    while at < len(lines):
        line = lines[at]
        if _are_names(lines, at):
            _name(files, *file_names(line, lines[at + 1]))
            at += 2
        elif line.startswith("@@"):
            at = _add_hunk(files, lines, at)
        else:
            _read_git_line(files, line)
            at += 1
    return files


def _name(files: list[FilePatch], old: str | None, new: str | None) -> None:
    """The two lines with the names; git's own header has begun the file already."""
    if not files or files[-1].hunks or files[-1].is_named:
        files.append(FilePatch(old, new))
    files[-1].old_path, files[-1].new_path, files[-1].is_named = old, new, True


def _read_git_line(files: list[FilePatch], line: str) -> None:
    """What git says between the files; everything else that stands there is talk."""
    if line.startswith("diff --git "):
        same = _SAME_NAME.fullmatch(line)
        files.append(FilePatch(same["path"], same["path"]) if same else FilePatch("", ""))
    elif not files or files[-1].hunks:
        return
    elif line.startswith("new file mode "):
        files[-1].old_path = None
    elif line.startswith("deleted file mode "):
        files[-1].new_path = None
    elif line.startswith("rename from "):
        files[-1].old_path, files[-1].is_rename = git_name(line.removeprefix("rename from ")), True
    elif line.startswith("rename to "):
        files[-1].new_path = git_name(line.removeprefix("rename to "))
    elif _BINARY.match(line):
        files[-1].problem = "it is not a text"


def _add_hunk(files: list[FilePatch], lines: Sequence[str], at: int) -> int:
    if not files:
        files.append(FilePatch("", ""))
    header = _HUNK.fullmatch(lines[at])
    assert header is not None, "whatever begins with @@ is a header"
    start = int(header["start"]) if header["start"] else None
    end = _end_by_counts(lines, at + 1, header) if start is not None else None
    if end is None:
        end = _end_by_signs(lines, at + 1)
        if not _may_follow(lines, end):
            files[-1].problem = files[-1].problem or f"“{lines[end].strip()[:80]}” is no line of a patch"
    files[-1].hunks.append(_hunk(start, lines[at + 1 : end]))
    return end


def _end_by_counts(lines: Sequence[str], at: int, header: re.Match[str]) -> int | None:
    """Where the hunk ends by its header's numbers; None where these are wrong."""
    old, new = (int(header[count] or 1) for count in ("old", "new"))
    while old > 0 or new > 0:
        sign = lines[at][:1] or " " if at < len(lines) else ""
        if sign not in (" ", "-", "+", "\\"):
            return None
        old, new, at = old - (sign in " -"), new - (sign in " +"), at + 1
    if at < len(lines) and lines[at].startswith("\\"):
        at += 1
    behind = _behind_blanks(lines, at)
    follows = _may_follow(lines, behind) or lines[behind][0] not in " -+\\"
    return at if old == new == 0 and follows else None


def _end_by_signs(lines: Sequence[str], at: int) -> int:
    """Where the lines stop being ones of a hunk. A blank one is, if more of them follow."""
    end = at
    while at < len(lines) and not _may_follow(lines, at) and lines[at][:1] in ("", " ", "-", "+", "\\"):
        at += 1
        end = at if lines[at - 1] else end
    return _behind_blanks(lines, end)


def _may_follow(lines: Sequence[str], at: int) -> bool:
    """Whether what stands there, or that nothing does, ends a hunk."""
    if at >= len(lines) or _HEADER.match(lines[at]):
        return True
    if _are_names(lines, at):
        # They might be lines of the hunk themselves, if no other one followed.
        behind = _behind_blanks(lines, at + 2)
        return behind >= len(lines) or lines[behind].startswith("@@")
    return lines[at].rstrip() == "--" and at + 1 < len(lines) and _VERSION.match(lines[at + 1]) is not None


def _are_names(lines: Sequence[str], at: int) -> bool:
    """Whether two lines with names of files stand there."""
    return lines[at].startswith("--- ") and at + 1 < len(lines) and lines[at + 1].startswith("+++ ")


def _behind_blanks(lines: Sequence[str], at: int) -> int:
    while at < len(lines) and not lines[at]:
        at += 1
    return at


def _hunk(start: int | None, lines: Sequence[str]) -> Hunk:
    signed: list[str] = []
    lacking = ""
    for line in lines:
        if line.startswith("\\"):
            lacking += signed[-1][0] if signed else ""
        else:
            signed.append(line or " ")
    while signed and not lines[-1] and signed[-1] == " ":
        signed.pop()
    return Hunk(start, tuple(signed), bool({*lacking} & {" ", "-"}), bool({*lacking} & {" ", "+"}))
