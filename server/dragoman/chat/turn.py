"""A running turn as a front end sees it: batches of events to consume, a way to stop it, and its outcome."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import aclosing
from io import StringIO
from typing import TypeAlias

from dragoman.agents.model import JsonValue
from dragoman.chat.conversation import ConversationValue, Learned
from dragoman.chat.engine import Batch, Clock, Ending, failed_ending
from dragoman.chat.events import (
    FollowUp,
    ReasoningDelta,
    ReplaceText,
    Source,
    Start,
    StopReason,
    TextDelta,
    TurnError,
    TurnEvent,
    TurnOutcome,
    Usage,
)
from dragoman.chat.redaction import Confidential, Redactor

OnEnd: TypeAlias = Callable[["Turn", TurnOutcome, Mapping[str, ConversationValue]], None]
OnSecrets: TypeAlias = Callable[[Redactor], None]
"""Called once, before the request is sent, with what takes its secrets out of a text."""


class Turn:
    """One turn. `outcome` is None until it has ended; then it never changes."""

    def __init__(
        self,
        turn_id: str,
        conversation_id: str,
        agent: str,
        steps: AsyncGenerator[Batch | Ending],
        *,
        clock: Clock | None = None,
        on_end: OnEnd | None = None,
        on_secrets: OnSecrets = lambda _redact: None,
    ) -> None:
        self.id = turn_id
        self.conversation_id = conversation_id
        self.agent = agent
        self.outcome: TurnOutcome | None = None
        self.document: JsonValue = None
        """The last document of the answer in which there was text, once the turn has ended."""
        self._steps = steps
        self._clock = clock or Clock()
        self._on_end = on_end
        self._so_far = _SoFar(on_secrets)
        self._is_stopped = False
        self._waiting: asyncio.Task[object] | None = None
        self.ended = asyncio.Event()
        """Set together with `outcome`."""

    async def events(self) -> AsyncGenerator[tuple[TurnEvent, ...]]:
        """The events as they come, to be consumed once. Closing this, or cancelling its consumer, ends the turn."""
        ending = Ending(StopReason.CANCELLED)
        try:
            async with aclosing(self._steps):
                while (step := await self._next()) is not None:
                    if isinstance(step, Ending):
                        ending = step
                    elif events := self._so_far.take(step):
                        yield events
        finally:
            self._end(ending)

    def stop(self) -> None:
        """End the turn as `cancelled`: at once if its consumer waits, else when it asks again. The text stays."""
        self._is_stopped = True
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None

    @property
    def of_turn(self) -> Mapping[str, ConversationValue]:
        """What the agent has named that concerns this turn alone."""
        return self._so_far.of_turn

    async def _next(self) -> Batch | Ending | None:
        """The next step of the turn; None after the last one, or once it was stopped."""
        if self._is_stopped:
            return None
        self._waiting = task = asyncio.current_task()
        try:
            return await anext(self._steps, None)
        except asyncio.CancelledError:
            # `stop` leaves nobody waiting; unless somebody else has cancelled the task as well, it goes on.
            if self._waiting is not None or task is None or task.uncancel():
                raise
            return None
        finally:
            self._waiting = None

    def _end(self, ending: Ending) -> None:
        self.document = ending.document
        self.outcome = self._so_far.outcome(self, ending, self._clock)
        if self._on_end is not None:
            self._on_end(self, self.outcome, self._so_far.learned)
        self.ended.set()


def refused_turn(turn_id: str, conversation_id: str, agent: str, error: TurnError) -> Turn:
    """A turn that fails at once with `error`; nothing is sent."""

    async def steps() -> AsyncGenerator[Batch | Ending]:
        yield (Start(conversation_id, agent),)
        yield failed_ending(error)

    return Turn(turn_id, conversation_id, agent, steps())


class _SoFar:
    """What the events of a turn add up to."""

    def __init__(self, on_secrets: OnSecrets) -> None:
        self._on_secrets = on_secrets
        self.learned: dict[str, ConversationValue] = {}
        self.of_turn: dict[str, ConversationValue] = {}
        self._text = StringIO()
        self._reasoning = StringIO()
        self._sources: list[Source] = []
        self._follow_ups: tuple[str, ...] = ()
        self._usage: Usage | None = None

    def take(self, batch: Batch) -> tuple[TurnEvent, ...]:
        """Add a batch; gives what of it is for the front end."""
        public: list[TurnEvent] = []
        for event in batch:
            match event:
                case Learned(values, of_turn):
                    self.learned.update(values)
                    self.of_turn.update(of_turn)
                case Confidential(redact):
                    self._on_secrets(redact)
                case _:
                    self._add(event)
                    public.append(event)
        return tuple(public)

    def outcome(self, turn: Turn, ending: Ending, clock: Clock) -> TurnOutcome:
        """The outcome of a turn that ended with `ending`."""
        text = self._text.getvalue()
        unfinished = ending.stop_reason is not StopReason.COMPLETED and bool(text)
        return TurnOutcome(
            turn_id=turn.id,
            conversation_id=turn.conversation_id,
            agent=turn.agent,
            stop_reason=ending.stop_reason,
            text=text,
            incomplete=ending.cut or unfinished,
            reasoning=self._reasoning.getvalue(),
            sources=tuple(self._sources),
            follow_ups=self._follow_ups,
            usage=self._usage,
            timings=clock.timings(),
            error=ending.error,
        )

    def _add(self, event: TurnEvent) -> None:
        match event:
            case TextDelta(delta):
                self._text.write(delta)
            case ReplaceText(text):
                self._text = StringIO()
                self._text.write(text)
            case ReasoningDelta(delta):
                self._reasoning.write(delta)
            case Source():
                self._sources.append(event)
            case FollowUp(prompts):
                self._follow_ups = prompts
            case Usage():
                self._usage = event
            case _:
                # Start, status and notices leave nothing behind.
                pass
