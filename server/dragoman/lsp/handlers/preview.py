"""`dragoman/preview`: the request that a prompt would make, for people to look at. Nothing is sent or resolved."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Mapping
from typing import Any

from dragoman.chat.errors import TurnFailedError
from dragoman.chat.events import TurnError
from dragoman.chat.preview import Preview
from dragoman.chat.preview import preview as preview_of
from dragoman.features.agents import agent_status
from dragoman.lsp.prompt_params import read_prompt_params
from dragoman.lsp.prompt_parts import context_of
from dragoman.lsp.session import Session
from dragoman.lsp.turn_messages import Json, turn_error
from dragoman.lsp.turn_request import Prepared, blamed_location, obstacle, prompt_request, recalled


def preview(session: Session, params: Mapping[str, Any]) -> Awaitable[Json]:
    """The documents are taken as they are now."""
    prompt = read_prompt_params(params)
    context = context_of(session, prompt.context)
    return _preview(session, Prepared(prompt.turn_id or "", prompt, context, asyncio.Event()))


async def _preview(session: Session, prepared: Prepared) -> Json:
    await session.searched.wait()
    prepared = await recalled(session, prepared)
    found = await _found(session, prepared)
    if isinstance(found, TurnError):
        return {"error": turn_error(found, blamed_location(session, prepared.params.agent, found.blame))}
    return {
        "method": found.method,
        "url": found.url,
        "headers": dict(found.headers),
        "body": found.body,
        "curl": found.curl,
    }


async def _found(session: Session, prepared: Prepared) -> Preview | TurnError:
    session.project.refresh()
    name = prepared.params.agent
    status = agent_status(session.project, name)
    if (error := obstacle(session, name, status)) is not None:
        return error
    start = session.sessions.turn_input(prompt_request(session, prepared, status))
    if isinstance(start, TurnError):
        return start
    try:
        return await asyncio.to_thread(preview_of, start)
    except TurnFailedError as failed:
        return failed.error
