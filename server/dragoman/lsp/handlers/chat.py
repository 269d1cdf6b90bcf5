"""Chat: the requests of our extension. What an agent says goes out as soon as it is there."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping
from typing import Any

from lsprotocol import types
from pygls.exceptions import JsonRpcInvalidParams

from dragoman.chat.turn import Turn
from dragoman.features.agents import agent_statuses
from dragoman.lsp.consume import Send, consume
from dragoman.lsp.deliver import delivering_of
from dragoman.lsp.error_actions import error_actions
from dragoman.lsp.prompt_params import PromptParams, read_prompt_params, read_retry_params
from dragoman.lsp.session import Session
from dragoman.lsp.to_proto import agent_info
from dragoman.lsp.turn_messages import Json, TurnEventNumbering, turn_result
from dragoman.lsp.turn_request import Prepared, blamed_location, prepare, start_turn
from dragoman.syntax.text import LineIndex

PROGRESS = "$/progress"


def prompt(session: Session, params: Mapping[str, Any]) -> Awaitable[Json]:
    """`dragoman/prompt`: what it reads of documents, it reads now; what it waits for, it waits for later."""
    return _prompt(session, prepare(session, read_prompt_params(params)))


def retry(session: Session, params: Mapping[str, Any]) -> Awaitable[Json]:
    """`dragoman/retry`: the same for a turn that was there, in another branch of its conversation."""
    return _prompt(session, prepare(session, read_retry_params(params)))


def stop(session: Session, params: Mapping[str, Any]) -> Json:
    """`dragoman/stop`."""
    turn_id = params.get("turnId")
    if not isinstance(turn_id, str):
        raise JsonRpcInvalidParams("turnId must be a string.")
    return {"stopped": session.stop(turn_id)}


async def agents(session: Session, _params: Mapping[str, Any]) -> Json:
    """`dragoman/agents`."""
    await session.searched.wait()
    session.project.refresh()
    lines: dict[str, LineIndex] = {}
    infos: list[Json] = []
    for status in agent_statuses(session.project):
        uri = status.known.uri
        file = session.project.agent_file(uri)
        if file is not None:
            lines.setdefault(uri, LineIndex(file.text))
            infos.append(agent_info(status, lines[uri], session.client.encoding))
    return {"agents": infos}


def work_done_progress_cancel(session: Session, params: types.WorkDoneProgressCancelParams) -> None:
    """`window/workDoneProgress/cancel`: stops the turn that the token belongs to."""
    turn_id = session.progress_tokens.get(params.token)
    if turn_id is not None:
        session.stop(turn_id)


async def _prompt(session: Session, prepared: Prepared) -> Json:
    params = prepared.params
    turn = await start_turn(session, prepared)
    has_events = params.partial_result_token is not None
    delivering = delivering_of(session, prepared, turn, has_text=True, has_events=has_events)
    with _WorkDone(session, params, turn):
        await consume(session, turn, TurnEventNumbering(turn.id), _partial_results(session, params), delivering)
    outcome = turn.outcome
    assert outcome is not None, "a turn that is consumed has an outcome"
    blamed = blamed_location(session, turn.agent, outcome.error.blame) if outcome.error else None
    actions = error_actions(session, outcome)
    return turn_result(outcome, with_text=params.partial_result_token is None, blamed=blamed, actions=actions)


def _partial_results(session: Session, params: PromptParams) -> Send:
    token = params.partial_result_token
    if token is None:
        return lambda _messages: None
    return lambda messages: session.server.notify_raw(PROGRESS, {"token": token, "value": messages})


class _WorkDone:
    """The progress on `workDoneToken`: a title and the cancel button, from the start of a turn to its end."""

    def __init__(self, session: Session, params: PromptParams, turn: Turn) -> None:
        self._session = session
        self._token = params.work_done_token
        self._turn = turn

    def __enter__(self) -> None:
        if self._token is not None:
            self._session.progress_tokens[self._token] = self._turn.id
            self._send({"kind": "begin", "title": self._turn.agent, "cancellable": True})

    def __exit__(self, *_: object) -> None:
        if self._token is not None:
            self._session.progress_tokens.pop(self._token, None)
            self._send({"kind": "end"})

    def _send(self, value: Json) -> None:
        self._session.server.notify_raw(PROGRESS, {"token": self._token, "value": value})
