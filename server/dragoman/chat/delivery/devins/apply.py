"""Applies the hunks of a patch to a text: where their lines stand, exactly, or not at all.

A hunk belongs where it says, moved by as much as the one before it was; else to the only place where its old lines
stand. If that is none, or there are several, nothing is applied.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from dragoman.chat.delivery.devins.patch import Hunk
from dragoman.chat.delivery.fitting import prevailing_line_end


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why nothing is applied, as the end of a sentence."""

    reason: str


@dataclass(frozen=True, slots=True)
class _Line:
    """A line and what ends it: CRLF, LF, or nothing at the end of the text."""

    text: str
    end: str


def patched(text: str, hunks: Sequence[Hunk]) -> str | Refusal:
    """`text` with all hunks applied. Lines that stay keep their ends; new ones take that of most others."""
    lines = _lines(text)
    bare = [line.text for line in lines]
    line_end = prevailing_line_end(text)
    ends_line = not lines or bool(lines[-1].end)
    searched = _Searched(bare)
    result: list[_Line] = []
    at = drift = 0
    for number, hunk in enumerate(hunks, 1):
        place = _place(searched, hunk, at, drift)
        if isinstance(place, Refusal):
            return Refusal(f"part {number} of the patch {place.reason}")
        drift = 0 if hunk.start is None else place - _stated(hunk, hunk.start)
        result += lines[at:place]
        for line in hunk.lines:
            if line[0] == "+":
                result.append(_Line(line[1:], line_end))
            else:
                result += lines[place : place + 1] if line[0] == " " else []
                place += 1
        at = place
        if at == len(lines) and hunk.old_lacks_end != hunk.new_lacks_end:
            ends_line = hunk.old_lacks_end
    return _joined([*result, *lines[at:]], line_end, ends_line=ends_line)


class _Searched:
    """The lines of a text, and where some of them stand."""

    def __init__(self, lines: Sequence[str]) -> None:
        self.lines = lines
        self._text = "".join(f"\n{line}" for line in lines) + "\n"
        self._starts = [0, *accumulate(len(line) + 1 for line in lines)]

    def fits(self, hunk: Hunk, place: int, old: Sequence[str]) -> bool:
        """Whether the old lines stand there; at the end, if the last of them has no line end."""
        end = place + len(old)
        return [*self.lines[place:end]] == [*old] and (not hunk.old_lacks_end or end == len(self.lines))

    def places(self, hunk: Hunk, at: int, old: Sequence[str]) -> list[int]:
        """Where they stand from line `at` on. Two places are enough to know that it is not one."""
        if hunk.old_lacks_end:
            last = len(self.lines) - len(old)
            return [last] if last >= at and self.fits(hunk, last, old) else []
        wanted = "".join(f"\n{line}" for line in old) + "\n"
        first = self._text.find(wanted, self._starts[at])
        second = self._text.find(wanted, first + 1) if first >= 0 else -1
        return [bisect_left(self._starts, offset) for offset in (first, second) if offset >= 0]


def _place(searched: _Searched, hunk: Hunk, at: int, drift: int) -> int | Refusal:
    """The index of the hunk's first old line, not before `at`."""
    old = hunk.old
    if not old:
        return _place_of_insertion(searched.lines, hunk, at, drift)
    stated = None if hunk.start is None else _stated(hunk, hunk.start) + drift
    if stated is not None and at <= stated and searched.fits(hunk, stated, old):
        return stated
    found = searched.places(hunk, at, old)
    if len(found) == 1:
        return found[0]
    missing = f"does not fit: “{old[0].strip()[:80]}” and what follows is not there"
    return Refusal("fits several places" if found else missing)


def _place_of_insertion(lines: Sequence[str], hunk: Hunk, at: int, drift: int) -> int | Refusal:
    """Lines alone, with none around them, go where they say; only their number tells that."""
    if hunk.start is None:
        return Refusal("does not say where it belongs") if lines else 0
    stated = _stated(hunk, hunk.start)
    if drift or not at <= stated <= len(lines):
        return Refusal("does not say surely where it belongs")
    return stated


def _stated(hunk: Hunk, start: int) -> int:
    """The index that the header means: that of the first old line or, without any, of the line behind it."""
    return start - 1 if hunk.old else start


def _lines(text: str) -> list[_Line]:
    """The lines of a text; there is none behind its last line end."""
    *ended, last = text.split("\n")
    lines = [_Line(line[:-1], "\r\n") if line.endswith("\r") else _Line(line, "\n") for line in ended]
    return [*lines, _Line(last, "")] if last else lines


def _joined(lines: Sequence[_Line], line_end: str, *, ends_line: bool) -> str:
    ended = [line.text + (line.end or line_end) for line in lines]
    # An empty line without an end would be none.
    if lines and lines[-1].text and not ends_line:
        ended[-1] = lines[-1].text
    return "".join(ended)
