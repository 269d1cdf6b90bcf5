"""Turns that the client did not start by `dragoman/prompt`: where their answers go.

A client that takes `dragoman/turn` gets the events, and one more of kind `end` with the result. Any other gets the
answer as a Markdown file, shown by `window/showDocument`; one that cannot show a file gets a message.
"""

from __future__ import annotations

import asyncio
import logging
import re
from pathlib import Path

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from dragoman.chat.events import StopReason, TurnOutcome
from dragoman.chat.turn import Turn
from dragoman.lsp.error_actions import error_actions
from dragoman.lsp.handlers.chat import consume
from dragoman.lsp.logs import describe
from dragoman.lsp.session import Session
from dragoman.lsp.turn_messages import Json, TurnEventNumbering, turn_result
from dragoman.lsp.turn_request import Prepared, blamed_location, start_turn
from dragoman.paths import cache_folder, uri_of

TURN = "dragoman/turn"

_log = logging.getLogger("dragoman.lsp")


async def deliver(session: Session, prepared: Prepared) -> None:
    """Ask the agent, and bring the answer to the user in the way that this client has."""
    turn = await start_turn(session, prepared)
    if session.client.turn_events:
        await _deliver_events(session, turn)
    else:
        await _deliver_document(session, turn, prepared.params.prompt)


async def _deliver_events(session: Session, turn: Turn) -> None:
    numbering = TurnEventNumbering(turn.id)

    def send(messages: list[Json]) -> None:
        for message in messages:
            session.server.notify_raw(TURN, message)

    await consume(session, turn, numbering, send)
    outcome = _outcome(turn)
    blamed = blamed_location(session, turn.agent, outcome.error.blame) if outcome.error else None
    actions = error_actions(session, outcome)
    result = turn_result(outcome, with_text=False, blamed=blamed, actions=actions)
    session.server.notify_raw(TURN, numbering.message({"kind": "end", "result": result}))


async def _deliver_document(session: Session, turn: Turn, prompt: str) -> None:
    progress = await _begin_progress(session, turn)
    try:
        await consume(session, turn, TurnEventNumbering(turn.id), lambda _messages: None)
    finally:
        if progress is not None:
            session.progress_tokens.pop(progress, None)
            session.server.notify_raw("$/progress", {"token": progress, "value": {"kind": "end"}})
    outcome = _outcome(turn)
    if outcome.error is not None:
        message = types.ShowMessageParams(types.MessageType.Error, outcome.error.message)
        session.server.window_show_message(message)
    if outcome.text:
        await _show(session, outcome, prompt)


async def _begin_progress(session: Session, turn: Turn) -> str | None:
    """A progress of our own, with a cancel button, where the client shows such."""
    if not session.client.work_done_progress:
        return None
    token = f"dragoman-{turn.id}"
    try:
        await session.server.window_work_done_progress_create_async(types.WorkDoneProgressCreateParams(token))
    except JsonRpcException:
        return None  # LSP 3.17, Server Initiated Progress: the token must not be used then
    session.progress_tokens[token] = turn.id
    begin: Json = {"kind": "begin", "title": turn.agent, "cancellable": True}
    session.server.notify_raw("$/progress", {"token": token, "value": begin})
    return token


async def _show(session: Session, outcome: TurnOutcome, prompt: str) -> None:
    if session.client.show_document and await _show_document(session, outcome, prompt):
        return
    session.server.window_show_message(types.ShowMessageParams(types.MessageType.Info, outcome.text))


async def _show_document(session: Session, outcome: TurnOutcome, prompt: str) -> bool:
    try:
        path = await asyncio.to_thread(_write_transcript, outcome, prompt)
        shown = await session.server.window_show_document_async(types.ShowDocumentParams(uri_of(path)))
    except (OSError, JsonRpcException) as error:
        _log.warning("an answer is shown as a message: %s", describe(error))
        return False
    return shown.success


def _write_transcript(outcome: TurnOutcome, prompt: str) -> Path:
    """The question and the answer as a Markdown file that only its owner can read."""
    folder = cache_folder() / "answers"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = re.sub(r"[^\w-]+", "-", outcome.agent)[:40].strip("-") or "agent"
    path = folder / f"{name}-{outcome.turn_id[:8]}.md"
    path.touch(mode=0o600)
    ended = "" if outcome.stop_reason is StopReason.COMPLETED else "\n\n*The answer is not complete.*"
    path.write_text(f"## You\n\n{prompt}\n\n## {outcome.agent}\n\n{outcome.text}{ended}\n", "utf-8", "replace")
    return path


def _outcome(turn: Turn) -> TurnOutcome:
    assert turn.outcome is not None, "a turn that is consumed has an outcome"
    return turn.outcome
