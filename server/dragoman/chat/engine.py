"""One turn: request → transport → framing → extraction → events. Each stage is an async generator over the one before.

The consumer pulls. Closing the generator, or cancelling the task that waits for it, closes the connection to the agent.
"""

from __future__ import annotations

import asyncio
import logging
import time
import traceback
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from dragoman.agents.model import JsonValue, ResponseAction
from dragoman.chat.conversation import TurnInput
from dragoman.chat.delivery import delivery_notices, joining_notices
from dragoman.chat.errors import TurnFailedError, failure, http_failure
from dragoman.chat.events import ErrorCode, Start, Status, StopReason, Timings, TurnError
from dragoman.chat.extraction import Extraction
from dragoman.chat.framing.body import BodyDecoder
from dragoman.chat.framing.frames import Frame, Malformed, Oversize
from dragoman.chat.paths import BadPathError
from dragoman.chat.reading import Reading
from dragoman.chat.redaction import Confidential, Redactor
from dragoman.chat.request import HttpRequest, build_request, reads_keyring
from dragoman.chat.telling import Extracted
from dragoman.chat.transport.client import Transport
from dragoman.chat.transport.exchange import Head, Progress, Retrying, Sent, exchange
from dragoman.settings import DEFAULT_LIMITS, Limits

LONGEST_ERROR_BODY = 64 * 1024
"""Bytes that are read of an answer whose status is an error."""

_ERROR_BODY_SECONDS = 10.0

_logger = logging.getLogger(__name__)

Batch: TypeAlias = tuple[Extracted, ...]
"""What one read of the socket gave."""


@dataclass(frozen=True, slots=True)
class Ending:
    """How the turn ended; the last thing that it yields."""

    stop_reason: StopReason
    error: TurnError | None = None
    cut: bool = False
    document: JsonValue = None
    """The last document of the answer in which there was text."""


@dataclass(slots=True)
class Clock:
    """When things happened in one turn."""

    _began: float = field(default_factory=time.monotonic)
    _sent: float | None = None
    _first_byte: float | None = None

    def request_sent(self) -> None:
        """The connection stands and the request is on its way."""
        self._sent = time.monotonic()

    def byte_arrived(self) -> None:
        """A piece of the answer is here; only the first one counts."""
        self._first_byte = self._first_byte or time.monotonic()

    def timings(self) -> Timings:
        """All that happened up to now."""
        connect, first_byte = (
            None if at is None else 1000 * (at - self._began) for at in (self._sent, self._first_byte)
        )
        return Timings(connect, first_byte, 1000 * (time.monotonic() - self._began))


async def run_turn(
    turn: TurnInput, transport: Transport, clock: Clock, limits: Limits = DEFAULT_LIMITS
) -> AsyncGenerator[Batch | Ending]:
    """Ask the agent; batches of events, then an `Ending`. Raises nothing."""
    shown = () if turn.is_delivered else delivery_notices(turn.agent)
    yield (Start(turn.conversation.id, turn.agent.name), *shown, *joining_notices(turn), Status("connecting"))
    redact = Redactor()
    try:
        request = await _request(turn, transport)
        redact = request.redact
        yield (Confidential(request.redact),)
        extraction = Extraction(turn.agent.name, _reading(turn), request.redact, limits.answer)
        async with (
            aclosing(exchange(transport, request)) as progress,
            aclosing(_frames(progress, turn, request, clock, limits)) as frames,
            aclosing(_events(frames, extraction)) as batches,
        ):
            async for batch in batches:
                yield batch
        ending = Ending(extraction.answer.stop_reason, document=extraction.document)
    except TurnFailedError as failed:
        # A reference may stand anywhere in url, so a host can be a secret too.
        error = replace(failed.error, message=redact(failed.error.message))
        ending = failed_ending(error, cut=failed.cut)
    except Exception as error:  # noqa: BLE001 - a fault of ours must end this turn, not the server
        ending = failed_ending(_internal(turn, error))
    yield ending


def failed_ending(error: TurnError, *, cut: bool = False) -> Ending:
    """The end of a turn that failed."""
    late = error.code is ErrorCode.TIMEOUT
    return Ending(StopReason.TIMEOUT if late else StopReason.ERROR, error, cut)


async def _request(turn: TurnInput, transport: Transport) -> HttpRequest:
    """The request, built where it disturbs nobody: reading a keyring may wait for the user."""
    await transport.warm()
    return await asyncio.to_thread(build_request, turn) if reads_keyring(turn) else build_request(turn)


def _reading(turn: TurnInput) -> Reading:
    try:
        return Reading(turn.agent, turn.provider)
    except BadPathError as error:
        cause = f"cannot be asked: connector.responseFormat is no JsonPath ({error})"
        blame = ("connector", "responseFormat")
        raise TurnFailedError(failure(ErrorCode.CONFIG, turn.agent.name, cause, "Correct it.", blame=blame)) from None


async def _frames(
    progress: AsyncGenerator[Progress],
    turn: TurnInput,
    request: HttpRequest,
    clock: Clock,
    limits: Limits,
) -> AsyncGenerator[Progress | list[Frame]]:
    """The body in frames; all else passes. What is whole although the connection broke is given before the failure."""
    decoder = BodyDecoder(None, expects_documents=False, limits=limits)
    status = 0
    cut: TurnFailedError | None = None
    try:
        async for step in progress:
            match step:
                case bytes():
                    clock.byte_arrived()
                    yield decoder.feed(step)
                    continue
                case Head(status, headers) if status >= 300:
                    clock.byte_arrived()
                    body = await _error_body(progress)
                    raise TurnFailedError(http_failure(turn.agent.name, status, headers, body, request.redact))
                case Head(status, headers):
                    decoder = _decoder(turn, headers.get("content-type"), limits)
                case Sent():
                    clock.request_sent()
                case Retrying():
                    pass
            yield step
    except TurnFailedError as failed:
        if not failed.cut:
            raise
        cut = failed
    finally:
        _logger.debug("Agent %.80r answered HTTP %s, read by %s", turn.agent.name, status or "-", decoder.framing)
    rest = decoder.flush()
    yield rest if cut is None else [frame for frame in rest if not isinstance(frame, Malformed | Oversize)]
    if cut is not None:
        raise cut


async def _events(frames: AsyncGenerator[Progress | list[Frame]], extraction: Extraction) -> AsyncGenerator[Batch]:
    """What the frames mean. Raises at the end, when it is clear what matters most of all that went wrong."""
    opening: Batch = ()
    cut: TurnError | None = None
    try:
        async for step in frames:
            match step:
                case Retrying(reason):
                    yield (Status("retrying", reason),)
                case Sent():
                    yield (Status("waiting"),)
                case Head():
                    opening = (Status("streaming"),)
                case list():
                    if events := extraction.feed(step):
                        yield (*opening, *events)
                        opening = ()
                case bytes():
                    raise AssertionError("bytes go no further than the framing")
            if extraction.answer.ended:
                break
    except TurnFailedError as failed:
        if not failed.cut:
            raise
        cut = failed.error
    if events := extraction.finish(cut):
        yield (*opening, *events)
    if extraction.answer.error is not None:
        raise TurnFailedError(extraction.answer.error, cut=extraction.answer.was_cut)


def _decoder(turn: TurnInput, content_type: str | None, limits: Limits) -> BodyDecoder:
    definition = turn.provider.response
    return BodyDecoder(
        content_type,
        expects_documents=bool(turn.agent.connector.response_format or definition.text or definition.final),
        allows_html=turn.agent.response_action is ResponseAction.WEB_VIEW,
        limits=limits,
    )


async def _error_body(progress: AsyncGenerator[Progress]) -> bytes:
    """As much of an error's body as is needed to know what it says."""
    body = bytearray()
    try:
        async with asyncio.timeout(_ERROR_BODY_SECONDS):
            async for step in progress:
                body += step if isinstance(step, bytes) else b""
                if len(body) >= LONGEST_ERROR_BODY:
                    break
    except (TimeoutError, TurnFailedError):
        # The status is the error; that its explanation broke off is no second one.
        pass
    return bytes(body[:LONGEST_ERROR_BODY])


def _internal(turn: TurnInput, error: Exception) -> TurnError:
    """A fault of ours. Its text may hold anything, secrets too; the log gets its kind and place."""
    place = "".join(traceback.format_tb(error.__traceback__))
    _logger.error("A turn failed with %s\n%s", type(error).__name__, place)
    cause = f"was not asked to the end: {type(error).__name__} inside this program"
    return failure(ErrorCode.INTERNAL, turn.agent.name, cause, "Please report it; the log says where.")
