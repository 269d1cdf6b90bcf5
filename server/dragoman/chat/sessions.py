"""The turns that run and the conversations they belong to: the one part of the chat that changes over time.

For front ends::

    sessions = Sessions()
    turn = sessions.start(PromptRequest(agent, "hello"))
    async with aclosing(turn.events()) as batches:
        async for batch in batches:  # a tuple of TurnEvent: what one read of the socket gave
            ...
    turn.outcome  # a TurnOutcome, always, whatever happened

`sessions.stop(turn_id)` ends a turn as `cancelled` with the text so far; so does cancelling the task that consumes it.
`sessions.refuse(…)` is a turn that fails at once, for an agent that is unknown or must not be asked.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from uuid import uuid4

from dragoman.agents.model import Agent
from dragoman.agents.provider import load_provider
from dragoman.chat.conversation import NO_CONTEXT, Conversation, ConversationValue, PastTurn, PromptContext, TurnInput
from dragoman.chat.engine import Clock, run_turn
from dragoman.chat.errors import failure
from dragoman.chat.events import ErrorCode, StopReason, TurnError, TurnOutcome
from dragoman.chat.history.history import History, HistoryError
from dragoman.chat.transport.client import Transport
from dragoman.chat.turn import Turn, refused_turn
from dragoman.settings import DEFAULT_LIMITS, Limits

RECALL_SECONDS = 2.0
"""How long a prompt waits for a history that another program holds."""

_ID = re.compile("[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class PromptRequest:
    """What a front end asks for. Without `turn_id` or `conversation_id`, new ones are made."""

    agent: Agent
    prompt: str
    turn_id: str | None = None
    conversation_id: str | None = None
    context: PromptContext = NO_CONTEXT
    workspace: str = ""
    """The path of the folder that is worked in; the history tells of it."""


class Sessions:
    """Owns what changes; all that it hands out but `Turn` is frozen. Belongs to one event loop."""

    def __init__(
        self, transport: Transport | None = None, limits: Limits = DEFAULT_LIMITS, history: History | None = None
    ) -> None:
        self.transport = transport or Transport()
        self.limits = limits
        """Hold for the turns that start from now on."""
        self._history = history
        self._running: dict[str, Turn] = {}
        self._conversations: dict[str, Conversation] = {}

    def start(self, request: PromptRequest) -> Turn:
        """A turn, ready to be consumed. In a conversation that runs already it fails with `busy`."""
        conversation = self.conversation(request.conversation_id or new_id())
        turn_id = request.turn_id or new_id()
        if turn_id in self._running or any(turn.conversation_id == conversation.id for turn in self.running):
            error = failure(ErrorCode.BUSY, request.agent.name, "still answers here", "Wait for it, or stop it.")
            return refused_turn(turn_id, conversation.id, request.agent.name, error)
        provider = load_provider(request.agent.provider)
        if provider is None:
            cause = f"cannot be asked: there is no provider “{request.agent.provider}”"
            error = failure(ErrorCode.CONFIG, request.agent.name, cause, "Correct it.", blame=("provider",))
            return refused_turn(turn_id, conversation.id, request.agent.name, error)
        start = TurnInput(request.agent, provider, request.prompt, conversation, request.context)
        clock = Clock()
        steps = run_turn(start, self.transport, clock, self.limits)
        if self._history is not None:
            steps = self._history.recorded(turn_id, start, steps, request.workspace)
        on_end = partial(self._ended, start)
        turn = Turn(turn_id, conversation.id, request.agent.name, steps, clock=clock, on_end=on_end)
        self._running[turn_id] = turn
        return turn

    def refuse(
        self, agent: str, error: TurnError, *, turn_id: str | None = None, conversation_id: str | None = None
    ) -> Turn:
        """A turn that ends at once with `error`, for an agent that is not asked at all."""
        return refused_turn(turn_id or new_id(), conversation_id or new_id(), agent, error)

    def stop(self, turn_id: str) -> bool:
        """End a turn; False if there is none of that id, which is no fault."""
        turn = self._running.get(turn_id)
        if turn is not None:
            turn.stop()
        return turn is not None

    def stop_all(self) -> int:
        """End every turn; how many there were."""
        return sum(self.stop(turn.id) for turn in self.running)

    @property
    def running(self) -> tuple[Turn, ...]:
        """The turns that have not ended, oldest first."""
        return tuple(self._running.values())

    def conversation(self, conversation_id: str) -> Conversation:
        """The conversation as its last turn left it; a new one if it is not known."""
        known = self._conversations.get(conversation_id)
        return known or Conversation(conversation_id, session_id=new_id())

    def restore(self, conversation: Conversation) -> None:
        """Go on with a conversation from elsewhere."""
        self._conversations[conversation.id] = conversation

    async def recall(self, conversation_id: str) -> None:
        """Take up a conversation of an earlier session from the history, if it is there and can be read.

        Only ids that were given out by us mean one conversation for ever. One that a client has made up, and may make
        up again, begins anew in each session.
        """
        if self._history is None or conversation_id in self._conversations or not is_ours(conversation_id):
            return
        with suppress(HistoryError, TimeoutError):  # a new conversation then; why, the history says by itself
            async with asyncio.timeout(RECALL_SECONDS):
                kept = await self._history.restored(conversation_id)
            if kept is not None:
                self._conversations.setdefault(conversation_id, kept)

    def forget(self, conversation_id: str) -> None:
        """Stop what runs in a conversation, and go on with it as with one that was never there."""
        for turn in self.running:
            if turn.conversation_id == conversation_id:
                del self._running[turn.id]
                turn.stop()
        self._conversations.pop(conversation_id, None)

    async def aclose(self) -> None:
        """Stop all turns and close all connections."""
        self.stop_all()
        await self.transport.aclose()

    def _ended(
        self, start: TurnInput, turn: Turn, outcome: TurnOutcome, learned: Mapping[str, ConversationValue]
    ) -> None:
        """A turn is over: its conversation goes on from here, unless it was forgotten meanwhile."""
        if self._running.get(turn.id) is not turn:
            return
        del self._running[turn.id]
        failed = outcome.stop_reason is not StopReason.COMPLETED
        past = PastTurn(start.prompt, outcome.text, failed)
        self.restore(start.conversation.after(past, start.agent.name, learned))


def new_id() -> str:
    """An id that nobody else has."""
    return uuid4().hex


def is_ours(id_: str) -> bool:
    """Whether an id looks like those of `new_id`."""
    return _ID.fullmatch(id_) is not None
