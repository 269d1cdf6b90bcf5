"""From what a client asks to a turn: which agent, with which text, and why not where it cannot be asked."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, cast

from lsprotocol import types
from pygls.exceptions import JsonRpcException, JsonRpcInvalidParams

from dragoman.agents.model import Agent, JsonValue
from dragoman.chat.conversation import Conversation, PromptContext
from dragoman.chat.events import ErrorCode, TurnError
from dragoman.chat.framing.json_text import Parsed, parse_json
from dragoman.chat.history.history import HistoryError
from dragoman.chat.sessions import PromptRequest, new_id
from dragoman.chat.turn import Turn
from dragoman.features.agents import AgentStatus, agent_status, agent_statuses
from dragoman.lsp.prompt_params import PromptParams
from dragoman.lsp.prompt_parts import context_of
from dragoman.lsp.prompt_place import PromptPlace, place_of
from dragoman.lsp.session import Session
from dragoman.lsp.to_proto import json_range
from dragoman.lsp.trust_question import why_not
from dragoman.syntax.text import LineIndex


@dataclass(frozen=True, slots=True)
class Prepared:
    """A prompt with everything of the editor's that belongs to it, as it was when the client asked."""

    turn_id: str
    params: PromptParams
    context: PromptContext
    stopped: asyncio.Event
    """Set when the turn is stopped before it has started."""
    state: Conversation | None = None
    """What it goes on from, where that is not the newest turn of its conversation."""
    place: PromptPlace | None = None
    """Where the answer is to go, followed from now on; None: it is only shown."""
    body: Mapping[str, JsonValue] | None = None
    """All that is sent, where another agent has handed it on."""
    hand_overs: int = 0
    """How many agents have handed on by themselves up to here."""

    def let_go(self) -> None:
        """It is not asked after all."""
        if self.place is not None:
            self.place.let_go()


def prepare(session: Session, params: PromptParams) -> Prepared:
    """Take the documents as they are now; the user may type on while the agent is waited for.

    From here on the turn can be stopped. Raises JsonRpcInvalidParams for a document that cannot be had.
    """
    context = context_of(session, params.context)
    turn_id = params.turn_id or new_id()
    stopped = session.coming.setdefault(turn_id, asyncio.Event())
    place = PromptPlace(session, place_of(session, params.place)) if params.delivers else None
    return Prepared(turn_id, params, context, stopped, place=place)


async def start_turn(session: Session, prepared: Prepared) -> Turn:
    """The turn, ready to be consumed; one that fails at once where the agent is unknown or cannot be asked.

    Raises JsonRpcException like `recalled`.
    """
    try:
        await session.searched.wait()
        prepared = await recalled(session, prepared)
        status, untrusted = await _trusted(session, prepared)
    except BaseException:
        prepared.let_go()
        raise
    finally:
        session.coming.pop(prepared.turn_id, None)
    turn = _turn(session, prepared, status, untrusted)
    if prepared.stopped.is_set():
        turn.stop()
    return turn


async def recalled(session: Session, prepared: Prepared) -> Prepared:
    """The same with what is known of the turns that it refers to; a turn that is asked again is a prompt then.

    Raises JsonRpcInvalidParams for a turn that nobody knows, and RequestFailed where the history cannot be read.
    """
    params = prepared.params
    if params.retry is not None:
        left = await _left_by(session, params.retry.turn_id)
        assert left.last is not None, "a turn has left it"
        agent, prompt = params.retry.agent or left.last.agent, params.retry.prompt
        params = replace(params, retry=None, agent=agent, prompt=left.last.typed if prompt is None else prompt)
        body = _handed_on(params.prompt) if left.last.is_handed_over else None
        return replace(prepared, params=params, context=left.last.context, state=left.before_last(), body=body)
    if params.after_turn_id is not None and prepared.state is None:
        return replace(prepared, state=await _left_by(session, params.after_turn_id))
    if params.conversation_id is not None:
        await session.sessions.recall(params.conversation_id)
    return prepared


def _handed_on(prompt: str) -> dict[str, JsonValue] | None:
    """What another agent handed on, from its text as it was or as it was edited; None where it is no object now."""
    match parse_json(prompt):
        case Parsed(value) if isinstance(value, dict):
            return cast("dict[str, JsonValue]", value)
        case _:
            return None


async def _left_by(session: Session, turn_id: str) -> Conversation:
    try:
        left = await session.sessions.left_by(turn_id)
    except HistoryError as error:
        raise JsonRpcException(str(error), types.LSPErrorCodes.RequestFailed.value) from error
    if left is None:
        raise JsonRpcInvalidParams("There is no turn of that id, neither in this session nor in the history.")
    return left


async def _trusted(session: Session, prepared: Prepared) -> tuple[AgentStatus | None, TurnError | None]:
    """The agent that is meant, and why it is not trusted. Where the user allows it, it is looked at once more."""
    while True:
        session.project.refresh()
        status = agent_status(session.project, prepared.params.agent)
        if status is None or not status.is_usable or status.known.is_trusted:
            return status, None
        context = [block.name for block in prepared.context.blocks]
        untrusted = await why_not(session, status.known, context, prepared.stopped)
        if untrusted is not None:
            return status, untrusted


def _turn(session: Session, prepared: Prepared, status: AgentStatus | None, untrusted: TurnError | None) -> Turn:
    error = untrusted or obstacle(session, prepared.params.agent, status)
    request = prompt_request(session, prepared, status)
    return session.sessions.start(request) if error is None else session.sessions.refuse(request, error)


def prompt_request(session: Session, prepared: Prepared, status: AgentStatus | None) -> PromptRequest:
    """What the chat engine is asked for. An agent that is not known is there by its name alone."""
    params = prepared.params
    return PromptRequest(
        status.known.agent if status else Agent(params.agent, url=""),
        params.prompt,
        prepared.turn_id,
        params.conversation_id,
        prepared.context,
        workspace=str(next(iter(session.project.roots), "")),
        state=prepared.state,
        providers=session.project.providers(status.known.origin if status else "workspace"),
        body=prepared.body,
        is_delivered=prepared.place is not None,
    )


def obstacle(session: Session, name: str, status: AgentStatus | None) -> TurnError | None:
    """Why an agent cannot be asked, as far as its description tells."""
    if status is not None and status.is_usable:
        return None
    return TurnError(ErrorCode.CONFIG, _why_not(session, name, status), blame=_blame(session, status))


def _why_not(session: Session, name: str, status: AgentStatus | None) -> str:
    if status is None:
        known = [other.known.agent.name for other in agent_statuses(session.project) if other.is_usable]
        hint = f"Known here: {', '.join(known)}." if known else "No agent file was found in this workspace."
        return f"There is no agent “{name}”. {hint}"
    if not status.known.agent.enabled:
        return f"{name} is switched off: remove “enabled”: false from its description."
    reason = status.problems[0] if status.problems else "its description has errors."
    return f"{name} cannot be asked until its description is mended: {reason}"


def _blame(session: Session, status: AgentStatus | None) -> tuple[str, ...]:
    """The key because of which an agent cannot be asked; its name where that is no single key."""
    if status is not None and not status.known.agent.enabled:
        return ("enabled",)
    file = session.project.agent_file(status.known.uri) if status else None
    if status is None or file is None or status.worst is None:
        return ("name",)
    return file.key_at(status.known.entry, status.worst.span.start) or ("name",)


def blamed_location(session: Session, name: str, key: tuple[str, ...]) -> dict[str, Any] | None:
    """The `Location` of the key to blame; the agent's name where the key itself is not in the file."""
    known = session.project.agent(name)
    file = session.project.agent_file(known.uri) if known else None
    if known is None or file is None or not key:
        return None
    lines = LineIndex(file.text)
    return {"uri": known.uri, "range": json_range(lines, file.key_span(known.entry, key), session.client.encoding)}
