"""Server-sent events: https://html.spec.whatwg.org/multipage/server-sent-events.html, section 9.2.6.

One difference: an event that the end of the stream cuts off is not dropped but given as unfinished; whoever reads the
stream knows whether it can be used. `retry` is ignored because nothing here reconnects.
"""

from __future__ import annotations

from dragoman.chat.framing.frames import Datum, Frame, Oversize, UnfinishedDatum
from dragoman.chat.framing.lines import LineReader
from dragoman.settings import DEFAULT_LIMITS, Limits

DEFAULT_EVENT = "message"


class SseDecoder:
    """Gives a `Datum` for each event, at the blank line that ends it."""

    __slots__ = ("_closed", "_data", "_event", "_id", "_limits", "_lines", "_size")

    def __init__(self, limits: Limits = DEFAULT_LIMITS) -> None:
        self._limits = limits
        self._lines = LineReader(limits.line)
        self._data: list[str] = []
        self._size = 0
        self._event = ""
        self._id = ""
        self._closed = False

    def feed(self, chunk: bytes) -> list[Frame]:
        """The events that end in `chunk`."""
        if self._closed:
            return []
        frames = self._read(self._lines.feed(chunk))
        if self._lines.overflowed and not self._closed:
            frames.append(self._close(Oversize("line", self._limits.line)))
        return frames

    def flush(self) -> list[Frame]:
        """The event that has no blank line behind it."""
        last_line = self._lines.flush()
        if self._closed:
            return []
        frames = self._read([last_line] if last_line else [])
        if self._data or self._event or _begins_field(last_line or ""):
            frames.append(UnfinishedDatum("\n".join(self._data), self._event or DEFAULT_EVENT))
        self._closed = True
        return frames

    def _read(self, lines: list[str]) -> list[Frame]:
        frames: list[Frame] = []
        for line in lines:
            if line:
                self._read_field(line)
                if self._size > self._limits.event:
                    return [*frames, self._close(Oversize("event", self._limits.event))]
                continue
            if self._data:
                frames.append(Datum("\n".join(self._data), self._event or DEFAULT_EVENT, self._id))
                self._data = []
                self._size = 0
            self._event = ""
        return frames

    def _read_field(self, line: str) -> None:
        """Process one line that is not blank. A comment is a field without a name: ignored, like any unknown one."""
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if name == "data":
            self._data.append(value)
            self._size += 1 + (len(value) if value.isascii() else len(value.encode()))
        elif name == "event":
            self._event = value
        elif name == "id" and "\0" not in value:
            self._id = value

    def _close(self, last: Oversize) -> Oversize:
        self._closed = True
        self._data = []
        return last


def _begins_field(line: str) -> bool:
    """Whether a line that was cut off belongs to an event, as far as its name is there."""
    name = line.partition(":")[0]
    return bool(name) and any(field.startswith(name) for field in ("data", "event", "id"))
