"""Pulls a turn to its end, for whoever has started it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import aclosing
from typing import Protocol

from dragoman.chat.events import Notice, TurnEvent
from dragoman.chat.turn import Turn
from dragoman.lsp.session import Session
from dragoman.lsp.turn_log import log_end, log_start
from dragoman.lsp.turn_messages import Json, TurnEventNumbering

Send = Callable[[list[Json]], None]


class Listener(Protocol):
    """Somebody who makes something of the answer, and may have to tell of it."""

    def take(self, events: Sequence[TurnEvent]) -> Sequence[Notice]:
        """What one read of the socket gave."""
        ...

    def finish(self, turn: Turn) -> Sequence[Notice]:
        """The turn has ended."""
        ...


async def consume(
    session: Session, turn: Turn, numbering: TurnEventNumbering, send: Send, listener: Listener | None = None
) -> None:
    """Pull a turn to its end; one message for what one read of the socket gave.

    While the client's pipe is full nothing more is read from the agent.
    """
    log_start(session, turn)
    messages = 0
    try:
        async with aclosing(turn.events()) as batches:
            async for events in batches:
                told = listener.take(events) if listener else ()
                send(numbering.messages((*events, *told)))
                messages += 1
                await session.server.drain()
    except asyncio.CancelledError:
        if listener and turn.outcome is not None:
            listener.finish(
                turn
            )  # the client wants to hear no more of it; what stands in documents is brought to its end
        raise
    if turn.outcome is not None:
        if listener and (told := listener.finish(turn)):
            send(numbering.messages(told))
        log_end(turn.outcome, messages)
        session.when_ended(turn.outcome)
