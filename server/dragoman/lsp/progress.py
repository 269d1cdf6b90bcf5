"""A progress of our own, with a cancel button, for turns that the client did not start by a request."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from dragoman.chat.turn import Turn
from dragoman.lsp.session import Session


@asynccontextmanager
async def turn_progress(session: Session, turn: Turn) -> AsyncGenerator[None]:
    """While this lasts, the client shows that `turn` runs, and a button that stops it, where it can."""
    token = await _begin(session, turn)
    try:
        yield
    finally:
        if token is not None:
            session.progress_tokens.pop(token, None)
            session.server.notify_raw("$/progress", {"token": token, "value": {"kind": "end"}})


async def _begin(session: Session, turn: Turn) -> str | None:
    if not session.client.work_done_progress:
        return None
    token = f"dragoman-{turn.id}"
    try:
        await session.server.window_work_done_progress_create_async(types.WorkDoneProgressCreateParams(token))
    except JsonRpcException:
        return None  # LSP 3.17, Server Initiated Progress: the token must not be used then
    session.progress_tokens[token] = turn.id
    begin = {"kind": "begin", "title": turn.agent, "cancellable": True}
    session.server.notify_raw("$/progress", {"token": token, "value": begin})
    return token
