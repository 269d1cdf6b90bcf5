"""Newline-delimited JSON: one document a line. Whether a line holds JSON is for its reader to see."""

from __future__ import annotations

from dragoman.chat.framing.frames import Frame, Line, Oversize
from dragoman.chat.framing.lines import LineReader
from dragoman.settings import DEFAULT_LIMITS, Limits

JSON_WHITESPACE = " \t\n\r"


class NdjsonDecoder:
    """Gives a `Line` for each line that is not blank, at its line end."""

    __slots__ = ("_closed", "_limit", "_lines")

    def __init__(self, limits: Limits = DEFAULT_LIMITS) -> None:
        self._limit = limits.line
        self._lines = LineReader(limits.line)
        self._closed = False

    def feed(self, chunk: bytes) -> list[Frame]:
        """The lines that end in `chunk`."""
        if self._closed:
            return []
        frames: list[Frame] = [Line(line) for line in self._lines.feed(chunk) if not _is_blank(line)]
        if self._lines.overflowed:
            self._closed = True
            frames.append(Oversize("line", self._limit))
        return frames

    def flush(self) -> list[Frame]:
        """The last line if it has no line end."""
        last_line = self._lines.flush()
        return [] if last_line is None or _is_blank(last_line) else [Line(last_line, ended=False)]


def _is_blank(line: str) -> bool:
    return not line.strip(JSON_WHITESPACE)
