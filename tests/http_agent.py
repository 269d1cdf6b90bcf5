"""A real HTTP agent on loopback that plays recorded bytes and remembers what it was asked.

    with HttpAgent(Reply(b"data: hello\n\n")) as agent:
        ...  # ask agent.url
        agent.requests[0].json

It runs in a thread of its own, so async tests and tests that talk to a server process use it alike.
"""

from __future__ import annotations

import asyncio
import json
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Literal, Self
from urllib.parse import parse_qsl, urlsplit

EVENT_STREAM = {"Content-Type": "text/event-stream"}
JSON = {"Content-Type": "application/json"}
TEXT = {"Content-Type": "text/plain"}


@dataclass(frozen=True)
class Asked:
    """One request as it came in; names of headers in lower case."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes
    at: float
    """When, by the monotonic clock."""

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    @property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.target).query, keep_blank_values=True))

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Reply:
    """What is played for one request.

    `body`: bytes, what makes them from the request, or pieces, perhaps without end, that are written one after another;
    at a `threading.Event` among them the agent waits until it is set. `chunk_size` cuts bytes into pieces; `pause` is
    how many seconds lie between pieces. `end`: `close` is the end as HTTP wants it, `abort` a reset, `cut` a closed
    connection without the last chunk, `hold` silence until the client goes. `raw`: these bytes or pieces instead of all
    else.
    """

    body: bytes | Iterable[bytes | threading.Event] | Callable[[Asked], bytes] = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=lambda: EVENT_STREAM)
    chunk_size: int | None = None
    end: Literal["close", "abort", "cut", "hold"] = "close"
    raw: bytes | Iterable[bytes] | None = None
    pause: float = 0

    def pieces(self, asked: Asked) -> Iterable[bytes | threading.Event]:
        body = self.body(asked) if callable(self.body) else self.body
        if not isinstance(body, bytes):
            return body
        size = self.chunk_size or len(body) or 1
        return [body[start : start + size] for start in range(0, len(body), size)]


class HttpAgent:
    """Plays its replies in order, the last one again and again."""

    def __init__(self, *replies: Reply, tls: ssl.SSLContext | None = None) -> None:
        self.replies = list(replies)
        self.tls = tls
        self.requests: list[Asked] = []
        self.hung_up = threading.Event()
        """The client closed a connection before its answer was over."""
        self.connections = 0
        self.port = 0
        self._connections: dict[asyncio.StreamWriter, asyncio.Task[None]] = {}
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    @property
    def base(self) -> str:
        return f"{'https' if self.tls else 'http'}://127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        return f"{self.base}/chat"

    def __enter__(self) -> Self:
        self._thread.start()
        self._server = asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result(10)
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._shut_down(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    async def _listen(self) -> asyncio.Server:
        server = await asyncio.start_server(self._accept, "127.0.0.1", 0, ssl=self.tls)
        self.port = server.sockets[0].getsockname()[1]
        return server

    async def _shut_down(self) -> None:
        # asyncio leaves the socket of a connection open if the server is closed while it is accepted: so no more of
        # them first, then time for those that are on their way.
        for listening in self._server.sockets:
            self._loop.remove_reader(listening.fileno())
        for _ in range(3):
            await asyncio.sleep(0)
        self._server.close()
        connections = dict(self._connections)
        for writer, task in connections.items():
            task.cancel()
            writer.transport.abort()  # else it would wait for clients that never read what is still to be sent
        await asyncio.gather(*connections.values(), return_exceptions=True)
        await asyncio.sleep(0)  # the loop closes sockets in its next round

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # No coroutine: one that is cancelled before it has begun would leave the connection open.
        self.connections += 1
        task = asyncio.ensure_future(self._serve(reader, writer))
        self._connections[writer] = task
        task.add_done_callback(lambda _: self._connections.pop(writer, None))

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            asked = await _read_request(reader)
            self.requests.append(asked)
            reply = self.replies[min(len(self.requests), len(self.replies)) - 1]
            await self._play(reply, asked, reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            self.hung_up.set()
        except asyncio.CancelledError:
            # The agent is shutting down; asyncio would log a handler that was cancelled.
            pass
        finally:
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()

    async def _play(
        self, reply: Reply, asked: Asked, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        playing, leaving = asyncio.ensure_future(_play(reply, asked, writer)), asyncio.ensure_future(_gone(reader))
        try:
            await asyncio.wait((playing, leaving), return_when=asyncio.FIRST_COMPLETED)
            if not playing.done() or playing.exception() is not None:
                self.hung_up.set()
        finally:
            playing.cancel()
            leaving.cancel()
            await asyncio.gather(playing, leaving, return_exceptions=True)


async def _read_request(reader: asyncio.StreamReader) -> Asked:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    request_line, *lines = head.strip().split("\r\n")
    method, target, _ = request_line.split(" ")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Asked(method, target, headers, body, time.monotonic())


async def _gone(reader: asyncio.StreamReader) -> None:
    with suppress(ConnectionError):
        while await reader.read(65536):
            pass


async def _play(reply: Reply, asked: Asked, writer: asyncio.StreamWriter) -> None:
    if reply.raw is not None:
        for piece in [reply.raw] if isinstance(reply.raw, bytes) else reply.raw:
            await _write(writer, piece, reply.pause)
    else:
        await _play_chunked(reply, asked, writer)
    if reply.end == "hold":
        await asyncio.Event().wait()
    if reply.end == "abort":
        # What was written goes out first; a reset would take it back otherwise.
        while writer.transport.get_write_buffer_size():
            await asyncio.sleep(0)
        at_once = struct.pack("ii", 1, 0)
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, at_once)
        writer.transport.abort()


async def _play_chunked(reply: Reply, asked: Asked, writer: asyncio.StreamWriter) -> None:
    headers = {**reply.headers, "Transfer-Encoding": "chunked", "Connection": "close"}
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    writer.write(f"HTTP/1.1 {reply.status} Played\r\n{lines}\r\n".encode("latin-1"))
    for piece in reply.pieces(asked):
        if isinstance(piece, threading.Event):
            while not piece.is_set():
                await asyncio.sleep(0.002)
        elif piece:
            await _write(writer, b"%x\r\n%s\r\n" % (len(piece), piece), reply.pause)
    if reply.end == "close":
        writer.write(b"0\r\n\r\n")
    await writer.drain()


async def _write(writer: asyncio.StreamWriter, piece: bytes, pause: float) -> None:
    writer.write(piece)
    await writer.drain()
    await asyncio.sleep(pause)
