"""Undoing `Content-Encoding`, in pieces of bounded size whatever the bytes would grow to.

gzip and deflate always; br and zstd where their libraries are installed (the extra `compression`).
"""

from __future__ import annotations

import sys
import zlib
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import Any, Protocol

PIECE = 256 * 1024
"""Bytes that one compressed byte string may grow to before they are handed on."""

_MOST_CODINGS = 3
"""Encodings that may lie one upon another; each takes memory of its own."""

_ZSTD_WINDOW_LOG = 23
"""8 MB: the largest window that a server may use (RFC 9659, section 3)."""


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


@cache
def accepted_encodings() -> str:
    """What a request says in `Accept-Encoding`."""
    found = {"br": _brotli(), "zstd": _zstd()}
    return ", ".join(["gzip", "deflate", *(name for name, library in found.items() if library is not None)])


def coding_of(content_encoding: str | None) -> Coding:
    """What undoes the encodings of that header. Raises `CodingError` for one that was not asked for."""
    names = [name for name in (content_encoding or "").lower().replace(" ", "").split(",") if name]
    asked_for = {"x-gzip", "identity", *accepted_encodings().split(", ")}
    for name in names:
        if name not in asked_for:
            raise CodingError(f"it is encoded as {name[:40]!a}, which was not asked for")
    if len(names) > _MOST_CODINGS:
        raise CodingError(f"it is encoded {len(names)} times over")
    # They are listed in the order in which they were applied (RFC 9110, section 8.4).
    return _Stacked([_CODINGS[name]() for name in reversed(names)])


class _Stacked:
    """Encodings one upon another, the outermost first; none at all is the usual case."""

    def __init__(self, codings: list[Coding]) -> None:
        self._codings = codings

    @property
    def is_complete(self) -> bool:
        return all(coding.is_complete for coding in self._codings)

    def decode(self, chunk: bytes) -> Iterator[bytes]:
        return self._decode(chunk, 0)

    def _decode(self, chunk: bytes, depth: int) -> Iterator[bytes]:
        if depth == len(self._codings):
            yield chunk
            return
        for piece in self._codings[depth].decode(chunk):
            yield from self._decode(piece, depth + 1)


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
        is_more = bool(chunk)
        while is_more and not self._decompressor.eof:
            try:
                piece = self._decompressor.decompress(chunk, PIECE)
            except zlib.error:
                raise _not_as_said() from None
            if piece:
                yield piece
            chunk = self._decompressor.unconsumed_tail
            is_more = bool(chunk) or len(piece) == PIECE


class _Brotli:
    def __init__(self) -> None:
        library = _brotli()
        assert library is not None, "only what was asked for is decoded"
        self._error: type[Exception] = library.error
        self._decompressor: Any = library.Decompressor()
        self._started = False

    @property
    def is_complete(self) -> bool:
        return not self._started or self._decompressor.is_finished()

    def decode(self, chunk: bytes) -> Iterator[bytes]:
        self._started = self._started or bool(chunk)
        while not self._decompressor.is_finished():
            try:
                piece: bytes = self._decompressor.process(chunk, output_buffer_limit=PIECE)
            except self._error:
                raise _not_as_said() from None
            chunk = b""
            if piece:
                yield piece
            elif self._decompressor.can_accept_more_data():
                return


class _Zstd:
    """Frames, one after another (RFC 8878, section 3)."""

    def __init__(self) -> None:
        library = _zstd()
        assert library is not None, "only what was asked for is decoded"
        options = {library.DecompressionParameter.window_log_max: _ZSTD_WINDOW_LOG}
        self._error: type[Exception] = library.ZstdError
        self._new: Callable[[], Any] = lambda: library.ZstdDecompressor(options=options)
        self._decompressor = self._new()
        self._is_between_frames = True

    @property
    def is_complete(self) -> bool:
        return self._is_between_frames

    def decode(self, chunk: bytes) -> Iterator[bytes]:
        while chunk or not (self._is_between_frames or self._decompressor.needs_input):
            self._is_between_frames = False
            try:
                piece: bytes = self._decompressor.decompress(chunk, PIECE)
            except self._error:
                raise _not_as_said() from None
            chunk = b""
            if piece:
                yield piece
            if self._decompressor.eof:
                chunk, self._decompressor = self._decompressor.unused_data, self._new()
                self._is_between_frames = True


_CODINGS: Mapping[str, Callable[[], Coding]] = {
    "identity": _Identity,
    "gzip": _Zlib,
    "x-gzip": _Zlib,
    "deflate": _Zlib,
    "br": _Brotli,
    "zstd": _Zstd,
}


def _has_header(chunk: bytes) -> bool:
    """Whether a gzip or zlib header begins here: `1f`, or the method 8 in the low half of the first byte."""
    return chunk[0] == 0x1F or chunk[0] & 0x0F == 8


def _brotli() -> ModuleType | None:
    library = _imported("brotli")
    # Before version 1.2 its output could not be limited.
    return library if library and hasattr(library.Decompressor, "can_accept_more_data") else None


def _zstd() -> ModuleType | None:
    return _imported("compression.zstd" if sys.version_info >= (3, 14) else "backports.zstd")


def _imported(name: str) -> ModuleType | None:
    try:
        return import_module(name)
    except ImportError:
        return None


def _not_as_said() -> CodingError:
    return CodingError("it is not compressed in the way that it says")
