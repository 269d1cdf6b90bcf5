"""Telling an agent to stop once a turn was stopped: the call that its provider's definition describes.

Closing the connection ends the answer for us; some agents work on, and let their user pay, until they are told. Nobody
waits for the call, and nobody hears of its failure but the log.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from contextlib import aclosing

from dragoman.chat.conversation import ConversationValue, TurnInput
from dragoman.chat.errors import TurnFailedError
from dragoman.chat.request import HttpRequest, build_stop_request, reads_keyring
from dragoman.chat.transport.client import Transport
from dragoman.chat.transport.exchange import Head, exchange

SECONDS = 5.0
"""How long a call may take."""

CLOSING_SECONDS = 1.0
"""How long the end of the program waits for the calls that are on their way."""

_logger = logging.getLogger(__name__)


class StopCalls:
    """The calls that are on their way. Belongs to one event loop."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    def send(self, transport: Transport, turn: TurnInput, learned: Mapping[str, ConversationValue]) -> None:
        """Tell the agent of `turn` to stop, if that can be done; `learned` is what it has named in this turn."""
        if turn.provider.request.stop is not None:
            task = asyncio.ensure_future(_tell(transport, turn, learned))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def aclose(self) -> None:
        """Give the calls a moment more, and then no more."""
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=CLOSING_SECONDS)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)


async def _tell(transport: Transport, turn: TurnInput, learned: Mapping[str, ConversationValue]) -> None:
    agent = turn.agent.name
    try:
        async with asyncio.timeout(SECONDS):
            request = await _request(turn, learned)
            if request is not None:
                _log(agent, await _status(transport, request))
    except TimeoutError:
        _logger.warning("%s was told to stop and did not answer within %g s", agent, SECONDS)
    except TurnFailedError as failed:
        _logger.warning("%s was not told to stop: %s", agent, failed.error.message)
    except Exception as error:  # noqa: BLE001 - a fault of ours here must not trouble those who go on
        _logger.warning("%s was not told to stop: %s", agent, type(error).__name__)


async def _request(turn: TurnInput, learned: Mapping[str, ConversationValue]) -> HttpRequest | None:
    """The call, built where it disturbs nobody."""
    if reads_keyring(turn):
        return await asyncio.to_thread(build_stop_request, turn, learned)
    return build_stop_request(turn, learned)


async def _status(transport: Transport, request: HttpRequest) -> int:
    async with aclosing(exchange(transport, request)) as progress:
        async for step in progress:
            if isinstance(step, Head):
                return step.status
    raise AssertionError("an exchange without a head ends in an error")


def _log(agent: str, status: int) -> None:
    if status >= 300:
        _logger.warning("%s was told to stop and answered with HTTP %d", agent, status)
    else:
        _logger.info("%s was told to stop", agent)
