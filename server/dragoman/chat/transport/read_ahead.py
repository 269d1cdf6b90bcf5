"""Joins what one read of the socket gave: agents send each token as an HTTP chunk, and a batch for each is dear."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator

MOST_WAITING = 256 * 1024
"""Bytes that are read before their consumer has asked for them."""


async def joined(chunks: AsyncGenerator[bytes]) -> AsyncGenerator[bytes]:
    """The bytes of `chunks`; all that came without waiting for the network is one piece.

    A task of its own reads: it goes on as long as there is something at hand, and only then is it the consumer's turn.
    """
    waiting = bytearray()
    changed, taken = asyncio.Event(), asyncio.Event()

    async def read() -> None:
        async for chunk in chunks:
            waiting.extend(chunk)
            changed.set()
            if len(waiting) >= MOST_WAITING:
                taken.clear()
                await taken.wait()

    reading = asyncio.ensure_future(read())
    reading.add_done_callback(lambda _: changed.set())
    try:
        while waiting or not reading.done():
            await changed.wait()
            changed.clear()
            piece = bytes(waiting)
            waiting.clear()
            taken.set()
            if piece:
                yield piece
        reading.result()
    finally:
        reading.cancel()
        await asyncio.wait((reading,))
        await chunks.aclose()
