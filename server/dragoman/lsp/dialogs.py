"""Talking with the user through any client: messages, questions, files and pages to look at, edits to take.

Each says whether the client did it; what it cannot do, and what it answers with an error, it did not do.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, cast

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from dragoman.lsp.logs import describe
from dragoman.lsp.session import Session
from dragoman.paths import uri_of

ANSWER_SECONDS = 20
"""After which a client that answers nothing is taken not to do what it was asked for."""

_log = logging.getLogger("dragoman.lsp")


def say(session: Session, message: str, kind: types.MessageType = types.MessageType.Info) -> None:
    """A message that goes by."""
    session.server.window_show_message(types.ShowMessageParams(kind, message))


async def choose(session: Session, question: str, options: Sequence[str]) -> str | None:
    """The option that the user chooses; None if there is no answer. Waits for as long as that takes."""
    try:
        asked = _by_extension if session.client.ask else _by_message
        chosen = await asked(session, question, options)
    except JsonRpcException as error:  # some editors tell so that the user has pressed Escape
        _log.info("the client has no answer to a question: %s", describe(error))
        return None
    return chosen if isinstance(chosen, str) and chosen in options else None


async def show_file(session: Session, path: Path, *, is_external: bool = False) -> bool:
    """Open a file in the editor or, `is_external`, in the program that the system has for it."""
    if not session.client.show_document:
        return False
    params = types.ShowDocumentParams(uri_of(path), external=is_external or None)
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            return (await session.server.window_show_document_async(params)).success
    except (JsonRpcException, TimeoutError) as error:
        _log.warning("a file was not shown: %s", describe(error))
        return False


async def show_on(
    session: Session, surface: str, turn_id: str, *, seconds: float | None = ANSWER_SECONDS, **content: object
) -> Mapping[str, Any] | None:
    """`dragoman/show`: the client's answer; None if it has no such surface, or did not show it."""
    if surface not in session.client.surfaces:
        return None
    params = {"surface": surface, "turnId": turn_id, **content}
    try:
        async with asyncio.timeout(seconds):
            answer = await session.server.protocol.send_request_async("dragoman/show", params)
    except (JsonRpcException, TimeoutError) as error:
        _log.warning("the client did not show something on %s: %s", surface, describe(error))
        return None
    told: Mapping[str, Any] = cast("Mapping[str, Any]", answer) if isinstance(answer, Mapping) else {}
    return told if told.get("shown") is not False else None


async def apply_edit(
    session: Session, edit: types.WorkspaceEdit, label: str | None = None, *, seconds: float | None = ANSWER_SECONDS
) -> bool:
    """`workspace/applyEdit`; without `seconds`, wait for as long as the client asks its user."""
    if not session.client.apply_edit:
        return False
    try:
        async with asyncio.timeout(seconds):
            return (
                await session.server.workspace_apply_edit_async(types.ApplyWorkspaceEditParams(edit, label))
            ).applied
    except (JsonRpcException, TimeoutError) as error:
        _log.warning("the client did not apply an edit: %s", describe(error))
        return False


async def _by_extension(session: Session, question: str, options: Sequence[str]) -> object:
    params = {"title": question, "options": [*options]}
    answer: object = await session.server.protocol.send_request_async("dragoman/ask", params)
    return cast("Mapping[str, Any]", answer).get("value") if isinstance(answer, Mapping) else None


async def _by_message(session: Session, question: str, options: Sequence[str]) -> object:
    actions = [types.MessageActionItem(option) for option in options]
    params = types.ShowMessageRequestParams(types.MessageType.Warning, question, actions)
    answer = await session.server.window_show_message_request_async(params)
    return answer.title if answer is not None else None
