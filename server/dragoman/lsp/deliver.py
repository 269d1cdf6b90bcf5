"""Turns that the client did not start by `dragoman/prompt`, and answers that go where their agents want them.

A client that takes `dragoman/turn` gets the events, and one more of kind `end` with the result. Any other is shown what
is to be read as a Markdown file (`window/showDocument`); one that cannot show a file gets a message.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from datetime import datetime
from functools import partial

from lsprotocol import types

from dragoman.agents.model import Agent, JsonValue
from dragoman.chat.conversation import NO_CONTEXT
from dragoman.chat.delivery import Place
from dragoman.chat.events import StopReason, TurnOutcome
from dragoman.chat.sessions import new_id
from dragoman.chat.turn import Turn
from dragoman.lsp.consume import consume
from dragoman.lsp.delivering import Delivering
from dragoman.lsp.dialogs import say
from dragoman.lsp.effects.occasion import Occasion
from dragoman.lsp.error_actions import error_actions
from dragoman.lsp.progress import turn_progress
from dragoman.lsp.prompt_params import PromptParams
from dragoman.lsp.prompt_place import PromptPlace
from dragoman.lsp.session import Session
from dragoman.lsp.turn_messages import Json, TurnEventNumbering, turn_result
from dragoman.lsp.turn_request import Prepared, blamed_location, start_turn

TURN = "dragoman/turn"

MOST_HAND_OVERS = 8
"""How many agents hand their answers on by themselves, one to the next."""


async def deliver(session: Session, prepared: Prepared) -> None:
    """Ask the agent, and bring the answer to the user in the way that this client has."""
    turn = await start_turn(session, prepared)
    has_events = session.client.turn_events
    delivering = delivering_of(session, prepared, turn, has_text=has_events, has_events=has_events)
    if has_events:
        await _deliver_events(session, turn, delivering)
    else:
        await _deliver_without_events(session, turn, prepared, delivering)


def delivering_of(
    session: Session, prepared: Prepared, turn: Turn, *, has_text: bool, has_events: bool
) -> Delivering | None:
    """What carries the answer of a turn to its place; None where it is only to be shown."""
    if prepared.place is None:
        return None
    known = session.project.agent(turn.agent)
    agent = known.agent if known else Agent(turn.agent, url="")
    occasion = Occasion(session, turn.agent, turn.id, prepared.place, has_text, prepared.params.prompt)
    return Delivering(agent, occasion, partial(_hand_over, session, prepared, turn), has_events=has_events)


async def _hand_over(
    session: Session, prepared: Prepared, turn: Turn, agent: str, body: Mapping[str, JsonValue]
) -> None:
    """Ask the next agent of a flow, in the same conversation and at the same place."""
    if prepared.hand_overs >= MOST_HAND_OVERS:
        say(session, f"{agent} is not asked: {MOST_HAND_OVERS} agents in a row have handed on what they were told.")
        return
    place = prepared.place.now() if prepared.place else Place(datetime.now().astimezone())
    prompt = json.dumps(body, ensure_ascii=False)
    params = PromptParams(agent, prompt, conversation_id=turn.conversation_id, delivers=True)
    turn_id = new_id()
    stopped = session.coming.setdefault(turn_id, asyncio.Event())
    session.handed_to[turn.id] = turn_id
    following = PromptPlace(session, place)
    await deliver(
        session,
        Prepared(turn_id, params, NO_CONTEXT, stopped, place=following, body=body, hand_overs=prepared.hand_overs + 1),
    )


async def _deliver_events(session: Session, turn: Turn, delivering: Delivering | None) -> None:
    numbering = TurnEventNumbering(turn.id)

    def send(messages: list[Json]) -> None:
        for message in messages:
            session.server.notify_raw(TURN, message)

    await consume(session, turn, numbering, send, delivering)
    outcome = _outcome(turn)
    blamed = blamed_location(session, turn.agent, outcome.error.blame) if outcome.error else None
    actions = error_actions(session, outcome)
    result = turn_result(outcome, with_text=False, blamed=blamed, actions=actions)
    session.server.notify_raw(TURN, numbering.message({"kind": "end", "result": result}))


async def _deliver_without_events(
    session: Session, turn: Turn, prepared: Prepared, delivering: Delivering | None
) -> None:
    async with turn_progress(session, turn):
        await consume(session, turn, TurnEventNumbering(turn.id), lambda _messages: None, delivering)
    outcome = _outcome(turn)
    if outcome.error is not None:
        say(session, outcome.error.message, types.MessageType.Error)
    if outcome.text and delivering is None:
        await _show(session, outcome, prepared)


async def _show(session: Session, outcome: TurnOutcome, prepared: Prepared) -> None:
    is_complete = outcome.stop_reason is StopReason.COMPLETED
    place = PromptPlace(session, Place(datetime.now().astimezone()))
    occasion = Occasion(session, outcome.agent, outcome.turn_id, place, False, prepared.params.prompt)
    occasion.text, occasion.is_complete = outcome.text, is_complete
    await occasion.show_transcript()


def _outcome(turn: Turn) -> TurnOutcome:
    assert turn.outcome is not None, "a turn that is consumed has an outcome"
    return turn.outcome
