"""Undoing `Content-Encoding`: gzip and deflate, in pieces of bounded size whatever the bytes would grow to."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import Protocol

PIECE = 256 * 1024
"""Bytes that one compressed byte string may grow to before they are handed on."""


class CodingError(Exception):
    """The body is not encoded as its header says. The text is a clause whose subject is the body."""


class Coding(Protocol):
    """Undoes one encoding."""

    def decode(self, chunk: bytes) -> Iterator[bytes]:
        """The bytes that `chunk` stands for. Raises `CodingError`."""
        ...

    @property
    def is_complete(self) -> bool:
        """Whether the body may end here."""
        ...


def coding_of(content_encoding: str | None) -> Coding:
    """What undoes the encoding of that header. Raises `CodingError` for one that was not asked for."""
    name = (content_encoding or "identity").strip().lower()
    if name in ("identity", ""):
        return _Identity()
    if name in ("gzip", "x-gzip", "deflate"):
        return _Zlib()
    raise CodingError(f"it is encoded as {name[:40]}, which was not asked for")


class _Identity:
    is_complete = True

    def decode(self, chunk: bytes) -> Iterator[bytes]:
        yield chunk


class _Zlib:
    """gzip and zlib by their headers; without one it is the bare deflate that some servers send (RFC 9110, 8.4.1.2)."""

    def __init__(self) -> None:
        self._started = False
        self._decompressor = zlib.decompressobj(zlib.MAX_WBITS | 32)

    @property
    def is_complete(self) -> bool:
        return self._decompressor.eof or not self._started

    def decode(self, chunk: bytes) -> Iterator[bytes]:
        if chunk and not self._started:
            self._started = True
            if not _has_header(chunk):
                self._decompressor = zlib.decompressobj(-zlib.MAX_WBITS)
        while chunk and not self._decompressor.eof:
            try:
                piece = self._decompressor.decompress(chunk, PIECE)
            except zlib.error:
                raise CodingError("it is not compressed in the way that it says") from None
            if piece:
                yield piece
            chunk = self._decompressor.unconsumed_tail


def _has_header(chunk: bytes) -> bool:
    """Whether a gzip or zlib header begins here: `1f`, or the method 8 in the low half of the first byte."""
    return chunk[0] == 0x1F or chunk[0] & 0x0F == 8
