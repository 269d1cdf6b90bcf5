"""Answers that are well but unusual, that are none, and that hold what cannot be read."""

from __future__ import annotations

import gzip
from collections.abc import Mapping

from dragoman.chat.events import ErrorCode
from fault import CHUNKED, DONE, HEL, HELLO, LO, SHORT, Fault, chunk, event, http
from http_agent import EVENT_STREAM, JSON, TEXT, Reply

_PLAIN = {"connector": {}}


def _typed(content_type: str) -> dict[str, str]:
    return {"Content-Type": content_type}


WELL: Mapping[str, Fault] = {
    "/ok": Fault(Reply(HELLO + DONE), "Hello"),
    "/ok-chunked": Fault(Reply('data: {"v": "Hé😀"}\r\n\r\n'.encode(), chunk_size=1), "Hé😀"),
    "/ok-slow": Fault(Reply([HEL, LO, DONE], pause=0.05), "Hello"),
    "/ok-no-done": Fault(Reply(HELLO), "Hello"),
    "/ok-no-final-blank": Fault(Reply(HEL + LO.rstrip()), "Hello"),
    "/ok-json": Fault(Reply(b'{"v": "Hello"}', headers=JSON), "Hello"),
    "/ok-linger": Fault(Reply(HELLO + DONE, end="hold"), "Hello"),
    "/ok-gzip": Fault(
        Reply(gzip.compress(HELLO), headers={**EVENT_STREAM, "Content-Encoding": "gzip"}, chunk_size=5), "Hello"
    ),
    "/ok-crlf-utf16": Fault(Reply(event("Hé"), headers=_typed("text/event-stream; charset=utf-16")), "Hé"),
    "/ok-u2028": Fault(Reply('data: {"v": "a\u2028b\u0085c"}\n\n'.encode()), "a\u2028b\u0085c"),
    "/ok-heartbeats": Fault(Reply([*[b": beat\n\n"] * 8, HELLO], pause=0.1), "Hello", config=SHORT),
    "/ok-ct-none": Fault(Reply(HELLO, headers={}), "Hello"),
    "/ok-ct-upper": Fault(Reply(HELLO, headers=_typed("TEXT/EVENT-STREAM; Charset=UTF-8")), "Hello"),
    "/http10": Fault(Reply(raw=http(HELLO, status=b"HTTP/1.0 200 OK")), "Hello"),
    "/early-hints": Fault(
        Reply(raw=b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n" + http(HELLO)), "Hello"
    ),
    "/both-lengths": Fault(Reply(raw=http(chunk(HELLO) + b"0\r\n\r\n", CHUNKED, b"Content-Length: 4")), "Hello"),
}

NO_ANSWER: Mapping[str, Fault] = {
    "/wrong-ct-html": Fault(
        Reply(b"<html><title>Login</title>", headers=_typed("text/html")), code=ErrorCode.BAD_STREAM, says=["HTML"]
    ),
    "/wrong-ct-plain": Fault(Reply(b"Hello", headers=TEXT), "Hello", config=_PLAIN),
    "/wrong-ct-binary": Fault(
        Reply(b"\x00\xff\xfe\x01", headers=_typed("application/octet-stream")),
        code=ErrorCode.BAD_STREAM,
        says=["binary"],
    ),
    "/empty-200": Fault(Reply(b""), code=ErrorCode.BAD_STREAM, says=["empty answer"]),
    "/204": Fault(Reply(raw=b"HTTP/1.1 204 No Content\r\n\r\n"), code=ErrorCode.BAD_STREAM, says=["empty answer"]),
    "/gzip-bad": Fault(
        Reply(b"not gzip at all", headers={**EVENT_STREAM, "Content-Encoding": "gzip"}),
        code=ErrorCode.BAD_STREAM,
        says=["compressed"],
    ),
    "/br-unasked": Fault(
        Reply(b"\x0b\x02\x80", headers={**EVENT_STREAM, "Content-Encoding": "compress"}),
        code=ErrorCode.BAD_STREAM,
        says=["compress", "not asked for"],
    ),
}

UNREADABLE: Mapping[str, Fault] = {
    "/bad-json-event": Fault(Reply(HEL + b"data: {broken\n\n" + LO), "Hello", notices=["bad_json"]),
    "/null-content": Fault(
        Reply(HEL + b"data: {}\n\n" + event(None) + event(7) + event({"k": None}) + LO), 'Hel7{"k":null}lo'
    ),
    "/error-event": Fault(
        Reply(HEL + b'data: {"error": {"message": "sad"}}\n\n'), "Hel", ErrorCode.AGENT_ERROR, ["sad"]
    ),
    "/error-marker": Fault(Reply(b"data: [ERROR] usage limit\n\n"), code=ErrorCode.AGENT_ERROR, says=["usage limit"]),
    "/json-bomb-event": Fault(Reply(HEL + b"data: " + b"[" * 200_000 + b"\n\n" + LO), "Hello", notices=["bad_json"]),
    "/bigint-event": Fault(Reply(HEL + b'data: {"n": ' + b"9" * 100_000 + b"}\n\n" + LO), "Hello"),
    "/bad-utf8": Fault(Reply(b'data: {"v": "a\xff\xc3b"}\n\n'), "a\ufffd\ufffdb"),
    "/lone-surrogate": Fault(Reply(b'data: {"v": "a\\ud800b"}\n\n'), "a\ufffdb"),
}
