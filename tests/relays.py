"""Servers on loopback, in the loop of the test: any, a proxy that makes tunnels, an agent that speaks HTTP/2."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.events import DataReceived, RequestReceived, StreamEnded
from h2.exceptions import ProtocolError

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def serving(serve: Serve, tls: ssl.SSLContext | None = None) -> AsyncIterator[int]:
    """The port of a server that does `serve` with each connection and then closes it."""
    tasks: set[asyncio.Task[None]] = set()

    async def serve_and_close(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, ssl.SSLError, asyncio.IncompleteReadError, ProtocolError):
            try:
                await serve(reader, writer)
            finally:
                writer.close()
                await writer.wait_closed()

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        tasks.add(asyncio.ensure_future(serve_and_close(reader, writer)))

    async with await asyncio.start_server(accept, "127.0.0.1", 0, ssl=tls) as server:
        yield server.sockets[0].getsockname()[1]
    await asyncio.wait_for(asyncio.gather(*tasks), 10)


@dataclass
class Tunnel:
    """A proxy that connects whoever asks for `CONNECT` to one port on loopback, whatever the name."""

    port: int
    asked: list[bytes] = field(default_factory=list[bytes])
    """The heads of the requests."""


@asynccontextmanager
async def tunnel(target_port: int) -> AsyncIterator[Tunnel]:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        proxy.asked.append(await reader.readuntil(b"\r\n\r\n"))
        there_reader, there_writer = await asyncio.open_connection("127.0.0.1", target_port)
        writer.write(b"HTTP/1.1 200 Connected\r\n\r\n")
        await asyncio.gather(_pass_on(reader, there_writer), _pass_on(there_reader, writer))

    async with serving(serve) as port:
        proxy = Tunnel(port)
        yield proxy


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(65536):
        writer.write(data)
    writer.close()


@dataclass
class Http2Agent:
    """Answers every request with the same bytes; then it ends the answer, or waits until the client goes."""

    port: int
    gone: asyncio.Event = field(default_factory=asyncio.Event)
    """A client closed its connection."""


@asynccontextmanager
async def http2_agent(tls: ssl.SSLContext, body: bytes, *, ends: bool = True) -> AsyncIterator[Http2Agent]:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = H2Connection(H2Configuration(client_side=False))
        connection.initiate_connection()
        writer.write(connection.data_to_send())
        while data := await reader.read(65536):
            for event in connection.receive_data(data):
                _answer(connection, event)
            writer.write(connection.data_to_send())
        agent.gone.set()

    def _answer(connection: H2Connection, event: object) -> None:
        match event:
            case RequestReceived(stream_id=int(stream)):
                connection.send_headers(stream, [(":status", "200"), ("content-type", "text/event-stream")])
            case DataReceived(stream_id=int(stream), flow_controlled_length=int(length)):
                connection.acknowledge_received_data(length, stream)
            case StreamEnded(stream_id=int(stream)):
                connection.send_data(stream, body, end_stream=ends)
            case _:
                pass

    async with serving(serve, tls) as port:
        agent = Http2Agent(port)
        yield agent
