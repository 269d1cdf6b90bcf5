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
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from uuid import uuid4

from dragoman.agents.catalog import ProviderCatalog, built_in_catalog
from dragoman.agents.model import Agent, JsonValue
from dragoman.chat.body import sent_prompt
from dragoman.chat.conversation import NO_CONTEXT, Conversation, ConversationValue, PastTurn, PromptContext, TurnInput
from dragoman.chat.engine import Clock, run_turn
from dragoman.chat.errors import failure
from dragoman.chat.events import ErrorCode, StopReason, TurnError, TurnOutcome
from dragoman.chat.history.history import History, HistoryError
from dragoman.chat.stop_call import CLOSING_SECONDS, StopCalls
from dragoman.chat.transport.client import Transport
from dragoman.chat.turn import OnSecrets, Turn, refused_turn
from dragoman.settings import DEFAULT_LIMITS, Limits, NetworkSettings

RECALL_SECONDS = 2.0
"""How long a prompt waits for a history that another program holds."""

_ID = re.compile("[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class PromptRequest:
    """What a front end asks for; `prompt` is what was typed. Ids that are not given are made."""

    agent: Agent
    prompt: str
    turn_id: str | None = None
    conversation_id: str | None = None
    context: PromptContext = NO_CONTEXT
    workspace: str = ""
    """The path of the folder that is worked in; the history tells of it."""
    state: Conversation | None = None
    """What to go on from; without it, the newest turn of the conversation of that id."""
    providers: ProviderCatalog = field(default_factory=built_in_catalog)
    """Those that the agent can name."""
    body: Mapping[str, JsonValue] | None = None
    """All that is sent, where another agent has handed it on."""
    is_delivered: bool = False
    """Whether the answer goes where the agent asks for; else it is only shown."""


class Sessions:
    """Owns what changes; all that it hands out but `Turn` is frozen. Belongs to one event loop."""

    def __init__(
        self, transport: Transport | None = None, limits: Limits = DEFAULT_LIMITS, history: History | None = None
    ) -> None:
        self.transport = transport or Transport()
        self._former_transports: list[Transport] = []
        self.limits = limits
        """Hold for the turns that start from now on."""
        self.on_secrets: OnSecrets = lambda _redact: None
        """Gets to know the secrets of each turn, before they are sent."""
        self._history = history
        self._stop_calls = StopCalls()
        self._running: dict[str, Turn] = {}
        self._conversations: dict[str, Conversation] = {}
        self._left: dict[str, Conversation] = {}
        """Turn → its conversation as it left it, for those who go on from there or ask again."""

    def start(self, request: PromptRequest) -> Turn:
        """A turn, ready to be consumed. In a conversation that runs already it fails with `busy`."""
        turn_id, conversation = request.turn_id or new_id(), self._state_for(request)
        if turn_id in self._running or any(turn.conversation_id == conversation.id for turn in self.running):
            error = failure(ErrorCode.BUSY, request.agent.name, "still answers here", "Wait for it, or stop it.")
            return refused_turn(turn_id, conversation.id, request.agent.name, error)
        request = replace(request, turn_id=turn_id, state=conversation)
        start = self.turn_input(request)
        if isinstance(start, TurnError):
            return self.refuse(request, start)
        clock = Clock()
        steps = run_turn(start, self.transport, clock, self.limits)
        if self._history is not None:
            steps = self._history.recorded(turn_id, start, steps, request.workspace)
        on_end = partial(self._ended, start)
        turn = Turn(
            turn_id,
            conversation.id,
            request.agent.name,
            steps,
            clock=clock,
            on_end=on_end,
            on_secrets=self.on_secrets,
        )
        self._running[turn_id] = turn
        self._left[turn_id] = conversation.after(_past_turn(turn_id, start), {})
        return turn

    def turn_input(self, request: PromptRequest) -> TurnInput | TurnError:
        """What a turn would start from now, or why it cannot."""
        provider = request.providers.definition(request.agent.provider)
        if provider is None:
            reason = request.providers.why_not(request.agent.provider).removesuffix(".")
            cause = f"cannot be asked: {reason[0].lower()}{reason[1:]}"
            return failure(ErrorCode.CONFIG, request.agent.name, cause, "Correct it.", blame=("provider",))
        return TurnInput(
            request.agent,
            provider,
            request.prompt,
            self._state_for(request),
            request.context,
            request.body,
            request.is_delivered,
        )

    def refuse(self, request: PromptRequest, error: TurnError) -> Turn:
        """A turn that ends at once with `error`, for an agent that is not asked at all. It can be asked again."""
        turn_id, conversation = request.turn_id or new_id(), self._state_for(request)
        if turn_id not in self._running:
            agent, prompt = request.agent.name, request.prompt
            past = PastTurn(prompt, "", True, agent, turn_id, prompt, request.context, request.body is not None)
            self._left[turn_id] = conversation.after(past, {})
        return refused_turn(turn_id, conversation.id, request.agent.name, error)

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

    async def left_by(self, turn_id: str) -> Conversation | None:
        """The conversation as a turn of this session, or an earlier one, has left it: the turn is its `last`.

        None for a turn that nobody knows. Raises `HistoryError`.
        """
        known = self._left.get(turn_id)
        if known is None and self._history is not None:
            return await self._history.left_by(turn_id)
        return known

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
        self._left = {turn_id: left for turn_id, left in self._left.items() if left.id != conversation_id}

    def use_network(self, network: NetworkSettings) -> None:
        """Reach agents in another way in the turns that start from now on; those that run go on as they began."""
        if network != self.transport.network:
            self._former_transports = [former for former in self._former_transports if former.is_open]
            self._former_transports.append(self.transport)
            self.transport.retire()
            self.transport = Transport(network)

    async def aclose(self) -> None:
        """Stop all turns and close all connections."""
        running = self.running
        self.stop_all()
        await self._tell_to_stop(running)
        for transport in (*self._former_transports, self.transport):
            await transport.aclose()

    async def _tell_to_stop(self, turns: Iterable[Turn]) -> None:
        """See to it that the agents of turns that were just stopped are told; not for long."""
        ends = [asyncio.ensure_future(turn.ended.wait()) for turn in turns if turn.of_turn]
        if ends:
            _, late = await asyncio.wait(ends, timeout=CLOSING_SECONDS)
            for end in late:
                end.cancel()
        await self._stop_calls.aclose()

    def _ended(
        self, start: TurnInput, turn: Turn, outcome: TurnOutcome, learned: Mapping[str, ConversationValue]
    ) -> None:
        """A turn is over: its conversation goes on from here, unless it was forgotten meanwhile."""
        if outcome.stop_reason is StopReason.CANCELLED:
            self._stop_calls.send(self.transport, start, {**learned, **turn.of_turn})
        if self._running.get(turn.id) is not turn:
            return
        del self._running[turn.id]
        past = _past_turn(turn.id, start, outcome)
        left = start.conversation.after(past, learned)
        self._left[turn.id] = left
        self.restore(left)

    def _state_for(self, request: PromptRequest) -> Conversation:
        return request.state or self.conversation(request.conversation_id or new_id())


def _past_turn(turn_id: str, start: TurnInput, outcome: TurnOutcome | None = None) -> PastTurn:
    """A turn as those that follow see it; without an outcome, it still runs."""
    return PastTurn(
        prompt=sent_prompt(start),
        answer=outcome.text if outcome else "",
        failed=outcome is None or outcome.stop_reason is not StopReason.COMPLETED,
        agent=start.agent.name,
        id=turn_id,
        typed=start.prompt,
        context=start.context,
        is_handed_over=start.body is not None,
    )


def new_id() -> str:
    """An id that nobody else has."""
    return uuid4().hex


def is_ours(id_: str) -> bool:
    """Whether an id looks like those of `new_id`."""
    return _ID.fullmatch(id_) is not None
