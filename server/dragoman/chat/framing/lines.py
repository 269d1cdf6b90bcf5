"""Cuts a body into lines, for the framings that are made of lines.

Only LF, CRLF and CR end a line: U+2028, U+2029, U+0085, form feed and their kin are text, which rules out
`str.splitlines`.
"""

from __future__ import annotations

from dragoman.chat.framing.utf8 import BYTE_ORDER_MARK, decode_utf8


class LineReader:
    """Gives the lines that are complete, without their ends. Holds one unfinished line of at most `limit` bytes."""

    __slots__ = ("_after_cr", "_at_start", "_limit", "_pending", "overflowed")

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._pending = bytearray()
        self._after_cr = False
        self._at_start = True
        self.overflowed = False
        """Set once a line is longer than `limit`; no line comes after that."""

    def feed(self, chunk: bytes) -> list[str]:
        """The lines that end in `chunk`."""
        lines: list[str] = []
        while chunk and not self.overflowed:
            # Never more bytes at a time than the line may still take: so a line is too long or not, however it is cut.
            room = self._limit - len(self._pending)
            if room == 0:
                self._overflow()
            else:
                lines += self._take(chunk[:room])
                chunk = chunk[room:]
        return lines

    def flush(self) -> str | None:
        """The last line if it has no line end."""
        if not self._pending:
            return None
        rest, self._pending = self._pending, bytearray()
        return self._decode(rest)

    def _take(self, piece: bytes) -> list[str]:
        if self._after_cr and piece.startswith(b"\n"):
            # The line was given at its CR, without waiting for the rest of a CRLF.
            piece = piece[1:]
        self._after_cr = piece.endswith(b"\r")
        end = max(piece.rfind(b"\n"), piece.rfind(b"\r")) + 1
        if end == 0:
            self._pending += piece
            return []
        complete = self._decode(self._pending + piece[:end])
        self._pending = bytearray(piece[end:])
        if "\r" in complete:
            complete = complete.replace("\r\n", "\n").replace("\r", "\n")
        lines = complete.split("\n")
        lines.pop()
        return lines

    def _decode(self, data: bytearray) -> str:
        text = decode_utf8(data)
        if self._at_start:
            self._at_start = False
            return text.removeprefix(BYTE_ORDER_MARK)
        return text

    def _overflow(self) -> None:
        self.overflowed = True
        self._pending = bytearray()
