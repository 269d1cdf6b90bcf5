"""Joins what one read of the socket gave: agents send each token as an HTTP chunk, and a batch for each is dear."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Generator
from contextlib import suppress
from typing import Any, Generic, TypeVar

MOST_AT_ONCE = 16 * 1024
"""Bytes after which a piece is given although more is at hand, so that others come in between."""

T = TypeVar("T")


async def joined(chunks: AsyncGenerator[bytes]) -> AsyncGenerator[bytes]:
    """The bytes of `chunks`; all that comes without waiting for the network is one piece."""
    piece = bytearray()
    following = _Begun(anext(chunks))
    try:
        while True:
            if piece and (following.waits or following.fails or len(piece) >= MOST_AT_ONCE):
                yield bytes(piece)
                piece.clear()
                if not following.waits:
                    await asyncio.sleep(0)
            piece += await following
            following = _Begun(anext(chunks))
    except StopAsyncIteration:
        pass
    finally:
        await following.abandon()
        await chunks.aclose()


class _Begun(Generic[T]):
    """Something awaited, taken as far as it goes without waiting; to be finished by the task that began it.

    A task of its own would cost each token another turn of the event loop.
    """

    __slots__ = ("_error", "_pending", "_result", "_steps")

    def __init__(self, awaited: Awaitable[T]) -> None:
        self._steps: Generator[Any, None, T] | None = awaited.__await__()
        self._error: BaseException | None = None
        self._pending: object = None
        self._result: T | None = None
        self._go_on(None)

    @property
    def waits(self) -> bool:
        """Whether it waits for something."""
        return self._steps is not None

    @property
    def fails(self) -> bool:
        """Whether it has come to an exception."""
        return self._error is not None

    def __await__(self) -> Generator[Any, Any, T]:
        while self._steps is not None:
            try:
                yield self._pending
            except BaseException as error:  # noqa: BLE001 - a cancellation, most of all: it is for the innermost
                self._go_on(error)
            else:
                self._go_on(None)
        if self._error is not None:
            raise self._error
        return self._result  # pyright: ignore[reportReturnType] - T may well be None

    async def abandon(self) -> None:
        """Cancel what it still waits for, and see it to its end."""
        if self._steps is not None:
            self._go_on(asyncio.CancelledError())
            with suppress(asyncio.CancelledError, StopAsyncIteration):
                await self

    def _go_on(self, error: BaseException | None) -> None:
        """The next step: to where it waits again, or to its end."""
        assert self._steps is not None, "what has ended goes no further"
        try:
            self._pending = self._steps.send(None) if error is None else self._steps.throw(error)
        except StopIteration as stop:
            self._steps, self._result = None, stop.value
        except BaseException as raised:  # noqa: BLE001 - raised again where it is awaited
            self._steps, self._error = None, raised
