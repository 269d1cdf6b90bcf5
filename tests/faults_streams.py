"""Answers that fall silent, break off or never end."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping
from itertools import repeat

from dragoman.chat.events import ErrorCode
from fault import CHUNKED, HEL, HELLO, LO, SHORT, Fault, chunk, event, http
from http_agent import EVENT_STREAM, Reply

_HEAD = http(b"").removesuffix(b"\r\n")


def _bytes_of(data: bytes) -> list[bytes]:
    return [data[at : at + 1] for at in range(len(data))]


SILENT: Mapping[str, Fault] = {
    "/no-headers": Fault(
        Reply(raw=b"", end="hold"), code=ErrorCode.TIMEOUT, says=["begin to answer", "0.4 s"], config=SHORT
    ),
    "/slow-headers": Fault(
        Reply(raw=_bytes_of(_HEAD), pause=0.05), code=ErrorCode.TIMEOUT, says=["begin to answer"], config=SHORT
    ),
    "/stall-before-first": Fault(
        Reply(raw=http(b""), end="hold"), code=ErrorCode.TIMEOUT, says=["begin to answer"], config=SHORT
    ),
    "/stall-mid": Fault(Reply(HELLO, end="hold"), "Hello", ErrorCode.TIMEOUT, ["nothing more"], config=SHORT),
    "/stall-mid-event": Fault(
        Reply(HEL + LO[:9], end="hold"), "Hel", ErrorCode.TIMEOUT, ["nothing more"], config=SHORT
    ),
}

CUT: Mapping[str, Fault] = {
    "/reset-before": Fault(Reply(raw=b"", end="abort"), code=ErrorCode.NETWORK, says=["connection reset"]),
    "/reset-headers": Fault(Reply(raw=_HEAD[:40], end="abort"), code=ErrorCode.NETWORK, says=["connection reset"]),
    "/reset-mid": Fault(Reply(HELLO, end="abort"), "Hello", ErrorCode.NETWORK, ["broke off", "connection reset"]),
    "/reset-mid-chunk": Fault(
        Reply(raw=http(chunk(HEL) + b"50\r\ndata: {", CHUNKED), end="abort"), "Hel", ErrorCode.NETWORK, ["broke off"]
    ),
    "/truncated-chunked": Fault(Reply(HELLO, end="cut"), "Hello", ErrorCode.NETWORK, ["broke off"]),
    "/short-content-length": Fault(
        Reply(raw=http(HELLO, b"Content-Length: 5000")), "Hello", ErrorCode.NETWORK, ["broke off"]
    ),
    "/bad-chunk-size": Fault(
        Reply(raw=http(chunk(HELLO) + b"zz\r\nx", CHUNKED)), "Hello", ErrorCode.NETWORK, ["not HTTP"]
    ),
    "/huge-chunk-size": Fault(
        Reply(raw=http(chunk(HEL) + b"ffffffffffffffff\r\n" + LO, CHUNKED)), "Hello", ErrorCode.NETWORK, ["broke off"]
    ),
    "/huge-headers": Fault(
        Reply(raw=[_HEAD, *[b"X: " + b"x" * 100_000 + b"\r\n"] * 100]), code=ErrorCode.NETWORK, says=["headers"]
    ),
    "/header-injection": Fault(
        Reply(raw=http(HELLO, b"X-Title: \x1b]0;owned\x07", status=b"HTTP/1.1 200 \x1b[31mOK")), "Hello"
    ),
    "/header-injection, encoding": Fault(
        Reply(raw=http(HELLO, b"Content-Encoding: \x1b[31m\xe2\x80\xaegzip")),
        code=ErrorCode.BAD_STREAM,
        says=["not asked for"],
    ),
    "/header-injection, type": Fault(
        Reply(raw=http(HELLO, b"Content-Type: image/\x1b[31mred").replace(b"text/event-stream\r\n", b"image/png\r\n")),
        code=ErrorCode.BAD_STREAM,
        says=["binary"],
    ),
}


def _gzip_bomb(megabytes: int) -> bytes:
    compressor = zlib.compressobj(9, wbits=31)
    start = compressor.compress(b"data: ")
    return start + b"".join(compressor.compress(b"x" * 1_000_000) for _ in range(megabytes)) + compressor.flush()


def _endless_gzip(data: bytes) -> Iterator[bytes]:
    compressor = zlib.compressobj(9, wbits=31)
    yield compressor.compress(data) + compressor.flush(zlib.Z_FULL_FLUSH)
    yield from repeat(compressor.compress(data) + compressor.flush(zlib.Z_FULL_FLUSH))


ENDLESS: Mapping[str, Fault] = {
    "/endless-line": Fault(Reply(repeat(b"x" * 65_536)), code=ErrorCode.BAD_STREAM, says=["line is over 1 MB"]),
    "/line-1GB": Fault(
        Reply([b"data: ", *[b"x" * 65_536] * 400]), code=ErrorCode.BAD_STREAM, says=["line is over 1 MB"]
    ),
    "/endless-events": Fault(
        Reply(repeat(event("x" * 500_000))), "x" * 17_000_000, ErrorCode.BAD_STREAM, ["too long", "limits.answer"]
    ),
    "/endless-data-lines": Fault(
        Reply(repeat(b"data: " + b"x" * 65_536 + b"\n")),
        code=ErrorCode.BAD_STREAM,
        says=["event is over 4 MB", "limits.event"],
    ),
    "/many-tiny": Fault(Reply(b"".join([event("x")] * 200_000), chunk_size=60_000), "x" * 200_000),
    "/gzip-bomb": Fault(
        Reply(_gzip_bomb(100), headers={**EVENT_STREAM, "Content-Encoding": "gzip"}),
        code=ErrorCode.BAD_STREAM,
        says=["line is over 1 MB"],
    ),
    "/error-endless": Fault(Reply(repeat(b"x" * 65_536), 500), code=ErrorCode.HTTP, says=["HTTP 500"]),
}

FOR_EVER: Mapping[str, Reply] = {
    "/endless-comments": Reply(repeat(b": nothing\n" * 5_000)),
    "/endless-comments, compressed": Reply(
        _endless_gzip(b": nothing\n" * 500_000), headers={**EVENT_STREAM, "Content-Encoding": "gzip"}
    ),
    "/endless-events": Reply(repeat(event("x" * 100))),
    "/many-tiny": Reply(repeat(event("x") * 1000)),
    "/no-headers": Reply(raw=b"", end="hold"),
    "/slow-headers": Reply(raw=_bytes_of(_HEAD), pause=0.1),
    "/stall-before-first": Reply(raw=http(b""), end="hold"),
    "/stall-mid": Reply(HELLO, end="hold"),
    "/error-endless": Reply(repeat(b"x", 100), 500, pause=0.1),
}
"""What only the user ends."""
