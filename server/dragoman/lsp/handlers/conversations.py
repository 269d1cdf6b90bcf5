"""The history: the requests about conversations that were kept."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from typing import Any

from lsprotocol import types
from pygls.exceptions import JsonRpcException, JsonRpcInvalidParams

from dragoman.chat.history.export import FORMATS, as_json, shown_time
from dragoman.chat.history.history import HistoryError
from dragoman.chat.history.kept import Summary
from dragoman.chat.history.queries import BadCursorError
from dragoman.lsp.prompt_params import needed_text, optional_text
from dragoman.lsp.session import Session
from dragoman.lsp.turn_messages import Json
from dragoman.paths import uri_of

MOST_AT_ONCE = 200
"""Conversations in one answer, whatever `limit` says."""

_USUAL_LIMIT = 50


async def conversations(session: Session, params: Mapping[str, Any]) -> Json:
    """`dragoman/conversations`."""
    query, cursor = optional_text(params, "query") or "", optional_text(params, "cursor")
    limit = min(_limit(params), MOST_AT_ONCE)
    with _told_as_errors():
        page = await session.history.page(query, cursor, limit)
    items = [_summary(item) for item in page.items]
    return {"items": items} if page.cursor is None else {"items": items, "cursor": page.cursor}


async def conversation(session: Session, params: Mapping[str, Any]) -> Json:
    """`dragoman/conversation`."""
    with _told_as_errors():
        found = await session.history.conversation(needed_text(params, "conversationId"))
    if found is None:
        raise _unknown()
    return as_json(found)


async def rename(session: Session, params: Mapping[str, Any]) -> Json:
    """`dragoman/renameConversation`."""
    title = " ".join(needed_text(params, "title").split())
    if not title:
        raise JsonRpcInvalidParams("title must say something.")
    with _told_as_errors():
        if not await session.history.rename(needed_text(params, "conversationId"), title):
            raise _unknown()
    return {}


async def delete(session: Session, params: Mapping[str, Any]) -> Json:
    """`dragoman/deleteConversation`: a turn that runs in it is stopped."""
    conversation_id = needed_text(params, "conversationId")
    session.sessions.forget(conversation_id)
    with _told_as_errors():
        if not await session.history.delete(conversation_id):
            raise _unknown()
    return {}


async def export(session: Session, params: Mapping[str, Any]) -> Json:
    """`dragoman/exportConversation`."""
    file_format = needed_text(params, "format")
    if file_format not in FORMATS:
        raise JsonRpcInvalidParams(f"format must be one of {', '.join(FORMATS)}.")
    with _told_as_errors():
        path = await session.history.export(needed_text(params, "conversationId"), file_format)
    if path is None:
        raise _unknown()
    return {"uri": uri_of(path)}


@contextmanager
def _told_as_errors() -> Generator[None]:
    try:
        yield
    except BadCursorError as error:
        raise JsonRpcInvalidParams(str(error)) from None
    except HistoryError as error:
        raise JsonRpcException(str(error), types.LSPErrorCodes.RequestFailed.value) from error


def _summary(item: Summary) -> Json:
    return {
        "conversationId": item.id,
        "title": item.title,
        "agent": item.agent,
        "updated": shown_time(item.updated),
        "turns": item.turns,
    }


def _limit(params: Mapping[str, Any]) -> int:
    limit = params.get("limit")
    if limit is None:
        return _USUAL_LIMIT
    if not isinstance(limit, int) or isinstance(limit, bool) or limit < 1:
        raise JsonRpcInvalidParams("limit must be a positive integer.")
    return limit


def _unknown() -> JsonRpcInvalidParams:
    return JsonRpcInvalidParams("There is no conversation of that id in the history.")
