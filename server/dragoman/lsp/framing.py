"""The base protocol of LSP: bytes in, message bodies out, no I/O.

A message is a block of header lines, a blank line and a body of `Content-Length` bytes. What clients get wrong is read
all the same: any case, any spaces round the colon, LF for CRLF, headers in any order and headers that nobody knows.
After garbage the next `Content-Length` line is the place to go on.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

MAX_BODY = 256 * 1024 * 1024
"""Bytes. A longer Content-Length is taken for garbage: waiting for so much would be a hang."""

MAX_HEADER_LINE = 64 * 1024
"""Bytes. Of a longer run without a line end only the last part is kept, where a Content-Length may stand."""

# The name need not begin the line: the rest of a body that was cut short may stand before it.
_CONTENT_LENGTH = re.compile(rb"(?<!-)content-length\s*:\s*(\d{1,9})\s*\Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class BadHeader:
    """A header block without a usable Content-Length. Its body could not be told from what follows and was skipped."""


def frame(body: bytes) -> bytes:
    """The message as it goes over the wire."""
    return b"Content-Length: %d\r\n\r\n%b" % (len(body), body)


class MessageDecoder:
    """Cuts a stream into bodies; the same bodies for any cutting of the stream into chunks."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._length: int | None = None
        self._in_header = False
        self._body_comes = False

    def feed(self, chunk: bytes) -> list[bytes | BadHeader]:
        """What is complete with `chunk`, in order."""
        self._buffer += chunk
        messages: list[bytes | BadHeader] = []
        while True:
            if self._body_comes:
                body = self._take_body()
                if body is None:
                    return messages
                messages.append(body)
            else:
                line = self._take_line()
                if line is None:
                    return messages
                if self._read_header(line):
                    messages.append(BadHeader())

    def _take_body(self) -> bytes | None:
        length = self._length or 0
        if len(self._buffer) < length:
            return None
        body = bytes(memoryview(self._buffer)[:length])
        del self._buffer[:length]
        self._length, self._body_comes = None, False
        return body

    def _take_line(self) -> bytes | None:
        end = self._buffer.find(b"\n")
        if end < 0:
            del self._buffer[:-MAX_HEADER_LINE]
            return None
        line = bytes(self._buffer[max(0, end - MAX_HEADER_LINE) : end])
        del self._buffer[: end + 1]
        return line

    def _read_header(self, line: bytes) -> bool:
        """Take note of one header line; true if it ends a block that is of no use."""
        if line.strip():
            self._in_header = True
            if match := _CONTENT_LENGTH.search(line):
                length = int(match[1])
                self._length = length if length <= MAX_BODY else None
            return False
        useless = self._in_header and self._length is None
        self._body_comes = self._length is not None
        self._in_header = False
        return useless
