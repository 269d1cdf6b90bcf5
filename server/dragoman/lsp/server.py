"""The server object that handlers are registered with, and its run loop over stdio or one TCP connection."""

from __future__ import annotations

import asyncio
import contextlib
import inspect
import logging
import sys
from collections.abc import Callable, Coroutine, Mapping
from typing import Any

from lsprotocol import types
from pygls.lsp.server import LanguageServer

from dragoman import __version__
from dragoman.lsp.converter import tolerant_converter
from dragoman.lsp.framing import MessageDecoder
from dragoman.lsp.logs import describe, log_unhandled
from dragoman.lsp.parent_watch import process_ended
from dragoman.lsp.protocol import DragomanProtocol
from dragoman.lsp.stdio import READ_SIZE, OutputStream, open_stdio, wait_when_full

CLOSE_SECONDS = 2
"""How long the `exit` handler, and then a client that does not read, may hold up the end of the server."""

_log = logging.getLogger("dragoman.lsp")


def create_server(
    register_routes: Callable[[DragomanServer], None], position_encoding: str | None = None
) -> DragomanServer:
    """A server with the handlers that `register_routes` gives it, ready to run.

    `position_encoding` (`utf-8`, `utf-16`, `utf-32`) wins over what the client lists.
    """
    server = DragomanServer(position_encoding)
    register_routes(server)
    return server


class DragomanServer(LanguageServer):
    """One server for one session. To be used on the event loop's thread only, once it runs."""

    protocol: DragomanProtocol  # pyright: ignore[reportIncompatibleVariableOverride]

    def __init__(self, position_encoding: str | None = None) -> None:
        self.given_position_encoding = position_encoding
        """What the user says that the client counts in; some count otherwise than they say."""
        super().__init__(  # pyright: ignore[reportUnknownMemberType]
            "dragoman", __version__, protocol_cls=DragomanProtocol, converter_factory=tolerant_converter
        )
        self.experimental_capabilities: dict[str, object] = {}
        """What goes into `capabilities.experimental`; to be filled until the `initialize` handler has returned."""
        self.withhold: Callable[[types.ServerCapabilities], None] = lambda _capabilities: None
        """Called with what the client is told at the start, after the `initialize` handler."""
        self._ended: asyncio.Future[int] | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def position_encoding(self) -> str:
        """The one that was given, else the first of these that the client listed, UTF-16 if it listed none."""
        return self.protocol.position_encoding

    def notify_raw(self, method: str, params: Mapping[str, object]) -> None:
        """Send a notification whose params are plain JSON: the cheapest way out."""
        self.protocol.notify(method, params)

    async def drain(self) -> None:
        """Wait while the client's pipe is full; returns at once if it has room or the client has gone."""
        if self.protocol.output is not None:
            with contextlib.suppress(ConnectionError):
                await self.protocol.output.drain()

    def report_server_error(self, error: Exception, source: object) -> None:
        """Log the kind of `error` and where it came from, not its text, and show nothing to the user."""
        _log.error("%s", describe(error))

    # The run loop

    async def serve_stdio(self, incoming: int, outgoing: int) -> int:
        """Serve the client at two file descriptors (see `stdio.claim_stdio`); returns the exit code."""
        async with open_stdio(incoming, outgoing) as (reader, output):
            return await self.serve(reader, output)

    async def serve_tcp(self, host: str, port: int) -> int:
        """Serve the first client that connects; returns the exit code. Says on stderr where it listens."""
        connected: asyncio.Future[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = (
            asyncio.get_running_loop().create_future()
        )

        def on_connection(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            if connected.done():
                writer.close()
            else:
                connected.set_result((reader, writer))

        async with await asyncio.start_server(on_connection, host, port, limit=READ_SIZE) as listener:
            for listening in listener.sockets:
                address, number, *_ = listening.getsockname()
                shown = f"[{address}]" if ":" in address else address
                print(f"dragoman: listening on {shown}:{number}", file=sys.stderr, flush=True)
            reader, writer = await connected
            listener.close()
            return await self.serve(reader, wait_when_full(writer))

    async def serve(self, reader: asyncio.StreamReader, output: OutputStream) -> int:
        """Serve one client until either side ends it; returns the exit code.

        A handler registered for `exit` is called at the end, however it comes about, and awaited if it can be.
        """
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(log_unhandled)
        self._ended = loop.create_future()
        self.protocol.output = output
        self._start(self._read(reader))
        watching = self._start(self._watch_output(output))
        exit_code = await self._ended
        await self._call_exit_handler()
        for task in self._tasks - {watching}:
            task.cancel()
        output.close()
        await asyncio.wait({watching}, timeout=CLOSE_SECONDS)
        return exit_code

    def finish(self, exit_code: int) -> None:
        """End the session; the first exit code counts."""
        if self._ended is not None and not self._ended.done():
            self._ended.set_result(exit_code)

    def watch_parent(self, pid: int | None) -> None:
        """End the session with code 1 when the process `pid` has ended."""
        if pid is not None and pid > 0:
            self._start(self._outlive(pid))

    async def _call_exit_handler(self) -> None:
        handler = self.protocol.handler(types.EXIT)
        if handler is None:
            return
        try:
            result = handler(None)
            if inspect.isawaitable(result):
                await asyncio.wait_for(result, CLOSE_SECONDS)
        except Exception as error:  # noqa: BLE001  # the server ends all the same
            _log.error("'exit' failed: %s", describe(error))

    def _start(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _read(self, reader: asyncio.StreamReader) -> None:
        decoder = MessageDecoder()
        try:
            while chunk := await reader.read(READ_SIZE):
                for message in decoder.feed(chunk):
                    self.protocol.receive(message)
                    if self._ended is None or self._ended.done():
                        return
        except ConnectionError:
            _log.info("the connection was reset")
        finally:
            self.finish(self.protocol.exit_code)

    async def _watch_output(self, output: OutputStream) -> None:
        with contextlib.suppress(OSError):
            await output.wait_closed()
        self.finish(self.protocol.exit_code)

    async def _outlive(self, pid: int) -> None:
        await process_ended(pid)
        _log.warning("the client's process has ended")
        self.finish(1)
