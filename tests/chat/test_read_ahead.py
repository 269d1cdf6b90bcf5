"""Joining what comes without waiting. A source is a list of byte strings; `WAIT` is where it waits for the network."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman.chat.transport.read_ahead import MOST_AT_ONCE, joined

WAIT = None
Script = Sequence[bytes | Exception | None]


class Source:
    """Plays a script; `is_closed` once it was closed or has come to its end."""

    def __init__(self, script: Script) -> None:
        self._script = script
        self.is_closed = False
        self.was_cancelled = False

    async def chunks(self) -> AsyncGenerator[bytes]:
        try:
            for step in self._script:
                match step:
                    case bytes():
                        yield step
                    case None:
                        await asyncio.sleep(0.001)
                    case error:
                        raise error
        except asyncio.CancelledError:
            self.was_cancelled = True
            raise
        finally:
            self.is_closed = True


async def pieces_of(*script: bytes | None) -> list[bytes]:
    source = Source(script)
    pieces = [piece async for piece in joined(source.chunks())]
    assert source.is_closed
    return pieces


async def test_what_comes_without_waiting_is_one_piece():
    assert await pieces_of(b"a", b"b", WAIT, b"c", WAIT, WAIT, b"d", b"e") == [b"ab", b"c", b"de"]


async def test_nothing_is_no_piece():
    assert await pieces_of() == []
    assert await pieces_of(WAIT, WAIT) == []


async def test_a_piece_has_a_limit():
    assert [len(piece) for piece in await pieces_of(*[b"x" * 1000] * 40)] == [17_000, 17_000, 6_000]
    assert MOST_AT_ONCE < 17_000


async def test_others_come_in_between_where_nothing_is_waited_for():
    turns = 0

    async def count() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    counting = asyncio.ensure_future(count())
    pieces = await pieces_of(*[b"x" * MOST_AT_ONCE] * 10)
    counting.cancel()
    assert turns >= len(pieces) == 10


async def test_what_came_before_a_failure_comes_before_it():
    source = Source([b"a", WAIT, b"b", b"c", ValueError("broken")])
    async with aclosing(joined(source.chunks())) as pieces:
        assert [await anext(pieces), await anext(pieces)] == [b"a", b"bc"]
        with pytest.raises(ValueError, match="broken"):
            await anext(pieces)


async def test_a_consumer_that_leaves_closes_the_source():
    """At the first piece the source waits already for what comes next."""
    source = Source([b"a", WAIT, b"b"])
    async with aclosing(joined(source.chunks())) as pieces:
        assert await anext(pieces) == b"a"
    assert source.is_closed
    assert source.was_cancelled


async def test_a_consumer_may_wait_for_something_else_meanwhile():
    source = Source([b"a", WAIT, b"b", WAIT, b"c"])
    async with aclosing(joined(source.chunks())) as pieces:
        assert await anext(pieces) == b"a"
        await asyncio.sleep(0.02)
        assert [piece async for piece in pieces] == [b"b", b"c"]


async def test_cancelling_the_consumer_cancels_the_source():
    source, waits = Source([b"a", WAIT, WAIT, b"b"]), asyncio.Event()

    async def consume() -> None:
        async with aclosing(joined(source.chunks())) as pieces:
            await anext(pieces)
            waits.set()
            await asyncio.get_running_loop().create_future()

    consuming = asyncio.ensure_future(consume())
    await waits.wait()
    consuming.cancel()
    with pytest.raises(asyncio.CancelledError):
        await consuming
    assert source.is_closed


async def test_a_time_limit_of_the_consumer_holds():
    source = Source([*[WAIT] * 1000])
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(anext(joined(source.chunks())), 0.01)
    assert source.was_cancelled


@given(st.lists(st.binary(max_size=3) | st.none(), max_size=12))
def test_nothing_is_lost_or_doubled(script: list[bytes | None]):
    pieces = asyncio.run(pieces_of(*script))
    assert b"".join(pieces) == b"".join(chunk for chunk in script if chunk)
    assert b"" not in pieces
