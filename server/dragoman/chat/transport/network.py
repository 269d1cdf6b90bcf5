"""TCP and TLS for the HTTP library, by asyncio itself: a token that arrives wakes one task, once.

The library's own backend goes through three layers more and sets up a time limit for each read, which costs more than
all else that is done with a token.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Iterable
from ipaddress import ip_address
from math import inf
from typing import TYPE_CHECKING, Any

from httpcore import (
    SOCKET_OPTION,
    AsyncNetworkBackend,
    AsyncNetworkStream,
    ConnectError,
    ConnectTimeout,
    ReadError,
    ReadTimeout,
    WriteError,
    WriteTimeout,
)

if TYPE_CHECKING:
    from httpx import AsyncClient

MOST_WAITING = 256 * 1024
"""Bytes that are taken from the network before anybody has asked for them."""

_SECONDS_ALONE = 0.25
"""How long one address of a host is tried alone (RFC 8305, section 5)."""


def on_asyncio(client: AsyncClient) -> AsyncClient:
    """`client`, its connections made by `AsyncioBackend`. The library has no setting for that."""
    for transport in (client._transport, *client._mounts.values()):  # pyright: ignore[reportPrivateUsage]
        pool = getattr(transport, "_pool", None)
        if pool is not None:
            pool._network_backend = AsyncioBackend()
    return client


class AsyncioBackend(AsyncNetworkBackend):
    """Makes connections. Raises the library's exceptions, as it demands."""

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the library's signature
        local_address: str | None = None,
        socket_options: Iterable[SOCKET_OPTION] | None = None,
    ) -> AsyncNetworkStream:
        """A connection to a host. `timeout` in seconds, None for no limit, as everywhere here."""
        loop = asyncio.get_running_loop()
        local = None if local_address is None else (local_address, 0)
        try:
            async with asyncio.timeout(timeout):
                transport, wire = await loop.create_connection(
                    _Wire, host, port, local_addr=local, happy_eyeballs_delay=_seconds_alone(host)
                )
        except TimeoutError as error:
            raise ConnectTimeout from error
        except (OSError, UnicodeError) as error:
            raise ConnectError(str(error)) from error
        for option in socket_options or ():
            transport.get_extra_info("socket").setsockopt(*option)
        return _Stream(transport, wire)

    async def sleep(self, seconds: float) -> None:
        """Between two attempts."""
        await asyncio.sleep(seconds)


class _Stream(AsyncNetworkStream):
    """One connection."""

    def __init__(self, transport: asyncio.Transport, wire: _Wire) -> None:
        self._transport = transport
        self._wire = wire

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109 - as above
        wire = self._wire
        if not wire.received and not wire.ended:
            await wire.something(timeout)
        if wire.received:
            return wire.take(max_bytes)
        if wire.is_late:
            raise ReadTimeout
        if isinstance(wire.error, Exception):
            raise _after(wire.error, ReadError(str(wire.error)))
        return b""

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109 - as above
        if not buffer:
            return
        if self._transport.is_closing():
            raise _after(self._wire.error, WriteError("the connection is closed"))
        self._transport.write(buffer)
        if self._wire.is_full:
            try:
                async with asyncio.timeout(timeout):
                    await self._wire.has_room()
            except TimeoutError as error:
                raise WriteTimeout from error
            if self._wire.error is not None:
                raise _after(self._wire.error, WriteError(str(self._wire.error)))

    async def aclose(self) -> None:
        if self._wire.is_lost:
            return
        # At once: TLS would wait for the agent to say farewell, and all that is sent stays unsent if nobody takes it.
        is_patient = self._transport.get_extra_info("ssl_object") is None and not self._wire.is_full
        self._transport.close() if is_patient else self._transport.abort()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109 - as above
    ) -> AsyncNetworkStream:
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(timeout):
                transport = await loop.start_tls(
                    self._transport, self._wire, ssl_context, server_hostname=server_hostname
                )
        except TimeoutError as error:
            self._transport.abort()
            raise ConnectTimeout from error
        except OSError as error:  # ssl.SSLError is one
            self._transport.abort()
            raise ConnectError(str(error)) from error
        assert transport is not None, "start_tls gives a transport"
        return _Stream(transport, self._wire)

    def get_extra_info(self, info: str) -> Any:
        match info:
            case "ssl_object" | "socket":
                return self._transport.get_extra_info(info)
            case "client_addr":
                return self._transport.get_extra_info("sockname")
            case "server_addr":
                return self._transport.get_extra_info("peername")
            case "is_readable":
                return bool(self._wire.received) or self._wire.ended
            case _:
                return None


class _Wire(asyncio.Protocol):
    """What has arrived, and who waits for more of it."""

    def __init__(self) -> None:
        self.received = bytearray()
        self.ended = False
        self.is_lost = False
        """Whether there is no connection any more, by the `error` if there is one."""
        self.error: Exception | None = None
        self.is_full = False
        """Whether the network takes nothing more for now."""
        self.is_late = False
        """Whether the last time limit has passed."""
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport | None = None
        self._is_paused = False
        self._reader: asyncio.Future[None] | None = None
        self._writer: asyncio.Future[None] | None = None
        self._read_until = 0.0
        self._alarm: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self.received += data
        if len(self.received) >= MOST_WAITING and not self._is_paused and self._transport is not None:
            self._is_paused = True
            self._transport.pause_reading()
        self._wake_reader()

    def eof_received(self) -> None:
        self.ended = True
        self._wake_reader()

    def connection_lost(self, exc: Exception | None) -> None:
        self.ended = self.is_lost = True
        self.error = exc
        self._wake_reader()
        self.resume_writing()
        if self._alarm is not None:
            self._alarm.cancel()

    def pause_writing(self) -> None:
        self.is_full = True

    def resume_writing(self) -> None:
        self.is_full = False
        if self._writer is not None and not self._writer.done():
            self._writer.set_result(None)

    def take(self, max_bytes: int) -> bytes:
        """The first of what has arrived."""
        taken = bytes(self.received[:max_bytes])
        del self.received[:max_bytes]
        if self._is_paused and len(self.received) < MOST_WAITING:
            self._is_paused = False
            if self._transport is not None and not self._transport.is_closing():
                self._transport.resume_reading()
        return taken

    async def something(self, seconds: float | None) -> None:
        """Wait for bytes, the end, or so long that it `is_late`."""
        self.is_late = False
        self._reader = self._loop.create_future()
        self._read_until = inf if seconds is None else self._loop.time() + seconds
        self._set_alarm()
        try:
            await self._reader
        finally:
            self._reader = None

    async def has_room(self) -> None:
        """Wait until the network takes more, or nothing any more."""
        self._writer = self._loop.create_future()
        try:
            await self._writer
        finally:
            self._writer = None

    def _wake_reader(self) -> None:
        if self._reader is not None and not self._reader.done():
            self._reader.set_result(None)

    def _set_alarm(self) -> None:
        """One alarm serves many reads, almost all of which end long before their limit."""
        if self._alarm is not None and self._alarm.when() <= self._read_until:
            return  # when it rings it is set again
        if self._alarm is not None:
            self._alarm.cancel()
        self._alarm = None if self._read_until == inf else self._loop.call_at(self._read_until, self._ring)

    def _ring(self) -> None:
        self._alarm = None
        if self._reader is None or self._reader.done():
            return
        if self._loop.time() < self._read_until:
            self._set_alarm()
        else:
            self.is_late = True
            self._reader.set_result(None)


def _seconds_alone(host: str) -> float | None:
    """How long to wait before the host's next address is tried too; None for an address, which has no next one."""
    try:
        ip_address(host)
    except ValueError:
        return _SECONDS_ALONE
    return None


def _after(cause: Exception | None, error: Exception) -> Exception:
    """`error`, which says what it comes from: the library forgets what is raised `from` something, but not this."""
    error.__context__ = cause
    return error
