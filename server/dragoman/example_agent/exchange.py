"""Just enough HTTP/1.1 for the example agent: one request and one reply on each connection. Knows nothing of agents."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl, urlsplit

MAX_HEAD = 1 << 16
MAX_BODY = 1 << 20
"""Bytes; more is refused with 431 and 413."""


@dataclass(frozen=True, slots=True)
class Request:
    """One request. Header names are in lower case; of a repeated header or query key the last counts."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply that is sent whole. An empty `content_type` sends no such header."""

    status: int
    body: str
    content_type: str = "application/json; charset=utf-8"


@dataclass(frozen=True, slots=True)
class EventStream:
    """A reply sent event by event. `cut`: the connection ends before the body does; `slowness` multiplies the delay."""

    events: tuple[str, ...]
    cut: bool = False
    slowness: float = 1.0


class Refusal(Exception):
    """The request gets an error instead of an answer: an HTTP status and a sentence for the caller."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


async def read_request(reader: asyncio.StreamReader) -> Request | None:
    """The request on this connection, or None if the client hung up without one. Raises `Refusal`."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.LimitOverrunError:
        raise Refusal(431, f"The request's head is longer than {MAX_HEAD} bytes.") from None
    except asyncio.IncompleteReadError as end:
        if end.partial:
            raise Refusal(400, "The request's head ends in the middle.") from None
        return None
    request = parse_head(head)
    body = await _read_body(reader, request.headers)
    return Request(request.method, request.path, request.query, request.headers, body)


def parse_head(head: bytes) -> Request:
    """The request line and the headers, without the body. Raises `Refusal`."""
    request_line, *header_lines = head.decode("latin-1").removesuffix("\r\n\r\n").split("\r\n")
    parts = request_line.split(" ")
    if len(parts) != 3 or not parts[2].startswith("HTTP/1."):
        raise Refusal(400, "The request line is not METHOD TARGET HTTP/1.1.")
    try:
        target = urlsplit(parts[1])
    except ValueError:
        raise Refusal(400, "The request's target is no URL.") from None
    headers: dict[str, str] = {}
    for line in header_lines:
        name, colon, value = line.partition(":")
        if not colon or not name or name != name.strip():
            raise Refusal(400, "A header line is not NAME: VALUE.")
        headers[name.lower()] = value.strip()
    return Request(parts[0], target.path, dict(parse_qsl(target.query)), headers)


async def _read_body(reader: asyncio.StreamReader, headers: Mapping[str, str]) -> bytes:
    if "transfer-encoding" in headers:
        raise Refusal(411, "Send the body with a Content-Length, not in chunks.")
    length = headers.get("content-length", "0")
    if not (length.isascii() and length.isdecimal()):
        raise Refusal(400, "Content-Length is no number.")
    if len(length) > 12 or int(length) > MAX_BODY:
        raise Refusal(413, f"The body is longer than {MAX_BODY} bytes.")
    try:
        return await reader.readexactly(int(length))
    except asyncio.IncompleteReadError:
        raise Refusal(400, "The body is shorter than its Content-Length.") from None


async def send_reply(writer: asyncio.StreamWriter, reply: Reply) -> None:
    """Send a whole reply."""
    body = _bytes(reply.body)
    headers = {"Content-Length": str(len(body))}
    if reply.content_type:
        headers["Content-Type"] = reply.content_type
    writer.write(_head(reply.status, headers) + body)
    await writer.drain()


async def send_stream(writer: asyncio.StreamWriter, stream: EventStream, delay: float) -> None:
    """Send the events as one chunk each, `delay` seconds apart."""
    headers = {"Content-Type": "text/event-stream", "Cache-Control": "no-cache", "Transfer-Encoding": "chunked"}
    writer.write(_head(200, headers))
    for event in stream.events:
        chunk = _bytes(event)
        writer.write(b"%x\r\n%b\r\n" % (len(chunk), chunk))
        await writer.drain()
        await asyncio.sleep(delay * stream.slowness)
    if not stream.cut:  # without the last chunk the client can tell that something is missing
        writer.write(b"0\r\n\r\n")
        await writer.drain()


def compact(value: Any) -> str:
    """`value` as JSON text in one line, as agents send it."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _head(status: int, headers: Mapping[str, str]) -> bytes:
    lines = [f"HTTP/1.1 {status} {HTTPStatus(status).phrase}", "Connection: close"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "replace")  # a prompt may bring half of a surrogate pair, which has no UTF-8
