"""The process's own stdin and stdout as streams of the event loop, safe from everybody else in the process."""

from __future__ import annotations

import asyncio
import contextlib
import os
import queue
import socket
import stat
import sys
import threading
from collections.abc import AsyncGenerator
from typing import Protocol

READ_SIZE = 256 * 1024
"""Bytes taken at once from the client."""


class OutputStream(Protocol):
    """What the server writes to; `asyncio.StreamWriter` is one."""

    def write(self, data: bytes) -> None:
        """Send `data` after what was written before; never waits."""
        ...

    async def drain(self) -> None:
        """Wait until the client has room for more."""
        ...

    def is_closing(self) -> bool:
        """True once nothing more can be written."""
        ...

    def close(self) -> None:
        """Close after what was written is sent."""
        ...

    async def wait_closed(self) -> None:
        """Wait until closed, by either side."""
        ...


def claim_stdio() -> tuple[int, int]:
    """Keep stdin and stdout for the protocol alone; returns their new descriptors.

    From here on whoever prints, be it Python, a C library or a child process, prints to stderr, and whoever reads stdin
    finds it empty.
    """
    incoming, outgoing = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    return incoming, outgoing


@contextlib.asynccontextmanager
async def open_stdio(incoming: int, outgoing: int) -> AsyncGenerator[tuple[asyncio.StreamReader, OutputStream], None]:
    """The two descriptors as streams; closed at the end."""
    if _is_same_socket(incoming, outgoing):
        os.close(outgoing)
        reader, writer = await asyncio.open_connection(sock=socket.socket(fileno=incoming), limit=READ_SIZE)
        yield reader, wait_when_full(writer)
        return
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader(limit=READ_SIZE)
    reading: asyncio.BaseTransport | None = None
    if _is_pipe(incoming):
        pipe = os.fdopen(incoming, "rb", buffering=0)
        reading, _ = await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), pipe)
    else:
        _read_in_thread(incoming, reader)
    try:
        yield reader, await _open_pipe_writer(outgoing) if _is_pipe(outgoing) else ThreadWriter(outgoing)
    finally:
        if reading is not None:
            reading.close()


def wait_when_full(writer: asyncio.StreamWriter) -> asyncio.StreamWriter:
    """Make `drain` wait whenever the client's pipe is full, not only when a lot waits for it."""
    writer.transport.set_write_buffer_limits(high=0)
    return writer


def _is_pipe(descriptor: int) -> bool:
    """True for what an event loop can wait for. Files cannot be waited for, nor can anything but sockets on Windows."""
    mode = os.fstat(descriptor).st_mode
    return sys.platform != "win32" and (stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode))


def _is_same_socket(incoming: int, outgoing: int) -> bool:
    """True under inetd, socat and the like: one socket for both directions cannot be watched as two pipes."""
    return stat.S_ISSOCK(os.fstat(incoming).st_mode) and os.path.sameopenfile(incoming, outgoing)


async def _open_pipe_writer(descriptor: int) -> asyncio.StreamWriter:
    loop = asyncio.get_running_loop()
    pipe = os.fdopen(descriptor, "wb", buffering=0)
    protocol = asyncio.StreamReaderProtocol(asyncio.StreamReader())  # it carries the flow control of a StreamWriter
    transport, _ = await loop.connect_write_pipe(lambda: protocol, pipe)
    return wait_when_full(asyncio.StreamWriter(transport, protocol, None, loop))


def _read_in_thread(descriptor: int, reader: asyncio.StreamReader) -> None:
    loop = asyncio.get_running_loop()

    def read() -> None:
        with contextlib.suppress(RuntimeError):  # the loop has ended before the input
            with contextlib.suppress(OSError):  # a broken input is an ended one
                while chunk := os.read(descriptor, READ_SIZE):
                    loop.call_soon_threadsafe(reader.feed_data, chunk)
            loop.call_soon_threadsafe(reader.feed_eof)

    threading.Thread(target=read, name="stdin", daemon=True).start()


class ThreadWriter:
    """An `OutputStream` for what an event loop cannot wait for: a thread writes."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._loop = asyncio.get_running_loop()
        self._waiting: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._count = 0
        self._all_written = asyncio.Event()
        self._all_written.set()
        self._closing = False
        self._closed = asyncio.Event()
        threading.Thread(target=self._write_waiting, name="stdout", daemon=True).start()

    def write(self, data: bytes) -> None:
        """Hand `data` to the thread."""
        self._count += 1
        self._all_written.clear()
        self._waiting.put(data)

    async def drain(self) -> None:
        """Wait until the thread has written everything."""
        await self._all_written.wait()

    def is_closing(self) -> bool:
        """True once nothing more can be written."""
        return self._closing

    def close(self) -> None:
        """Close after what was written is sent."""
        self._closing = True
        self._waiting.put(None)

    async def wait_closed(self) -> None:
        """Wait until the thread has ended."""
        await self._closed.wait()

    def _write_waiting(self) -> None:
        with contextlib.suppress(RuntimeError):  # the loop has ended before the output
            with contextlib.suppress(OSError):  # the client has gone, which `wait_closed` tells
                while (data := self._waiting.get()) is not None:
                    rest = memoryview(data)
                    while rest:
                        rest = rest[os.write(self._descriptor, rest) :]
                    self._loop.call_soon_threadsafe(self._wrote)
            self._loop.call_soon_threadsafe(self._ended)

    def _wrote(self) -> None:
        self._count -= 1
        if not self._count:
            self._all_written.set()

    def _ended(self) -> None:
        self._closing = True
        self._all_written.set()
        self._closed.set()
