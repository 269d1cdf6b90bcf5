"""Commands about chat documents. Each answers at once and works on afterwards."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, cast

from lsprotocol import types
from pygls.exceptions import JsonRpcException, JsonRpcInvalidParams

from dragoman.chat.history.history import HistoryError
from dragoman.features.agents import agent_statuses
from dragoman.features.chat_document.sending import question_at
from dragoman.lsp.chat_documents.answering import start_answer
from dragoman.lsp.chat_documents.asking import ask
from dragoman.lsp.chat_documents.files import create_chat, create_conversation
from dragoman.lsp.dialogs import say, show_file
from dragoman.lsp.positions import offset_of
from dragoman.lsp.prompt_params import argument_of, needed_text, optional_text
from dragoman.lsp.session import Session
from dragoman.lsp.turn_messages import Json
from dragoman.paths import uri_of

_SEARCH_SECONDS = 0.05
"""How long a new chat waits to know which agents there are: the command has to be answered."""


def send(session: Session, *arguments: Any) -> Json:
    """`dragoman.send` `[{textDocument, position?, turnId?, agent?}]`."""
    argument = argument_of(arguments)
    uri = _uri_in(argument)
    opened, document = session.project.document(uri), session.project.chat_document(uri)
    if opened is None or document is None:
        raise JsonRpcInvalidParams("textDocument must be a chat document that is open: its name ends in .chat.md.")
    if uri in session.document_turns:
        raise JsonRpcInvalidParams("A question of this document is being answered: wait for it, or stop it.")
    position = _optional_position(argument.get("position"))
    offset = offset_of(opened.lines, position, session.client.encoding) if position else None
    question = question_at(document, offset, optional_text(argument, "turnId"))
    if question is None:
        raise JsonRpcInvalidParams("There is nothing to send: write a question at the end of the document.")
    asked = ask(session, uri, document, question, optional_text(argument, "agent"))
    start_answer(session, asked)
    return {"turnId": asked.turn_id}


async def new_chat(session: Session, *arguments: Any) -> Json:
    """`dragoman.newChat` `[{agent?}]`: a file for a conversation, which is then opened."""
    agent = optional_text(argument_of(arguments), "agent")
    if agent is None:
        with suppress(TimeoutError):
            await asyncio.wait_for(session.searched.wait(), _SEARCH_SECONDS)
        usable = [status.known.agent.name for status in agent_statuses(session.project) if status.is_usable]
        agent = usable[0] if usable else ""
    try:
        path = await asyncio.to_thread(create_chat, session.project.roots, agent)
    except OSError as error:
        raise _not_created(error) from error
    session.background(_open(session, path))
    return {"uri": uri_of(path)}


async def show_conversation(session: Session, *arguments: Any) -> Json:
    """`dragoman.showConversation` `[{conversationId}]`: a conversation of the history as a chat document."""
    conversation_id = needed_text(argument_of(arguments), "conversationId")
    try:
        conversation = await session.history.conversation(conversation_id)
    except HistoryError as error:
        raise JsonRpcException(str(error), types.LSPErrorCodes.RequestFailed.value) from error
    if conversation is None:
        raise JsonRpcInvalidParams("There is no conversation of that id in the history.")
    try:
        path = await asyncio.to_thread(create_conversation, session.project.roots, conversation)
    except OSError as error:
        raise _not_created(error) from error
    session.conversations_there[conversation_id] = True
    session.background(_open(session, path))
    return {"uri": uri_of(path)}


async def _open(session: Session, path: Path) -> None:
    if not await show_file(session, path):
        say(session, f"The conversation is {path}")


def _uri_in(argument: Mapping[str, Any]) -> str:
    document = argument.get("textDocument")
    uri = cast("Mapping[str, Any]", document).get("uri") if isinstance(document, Mapping) else None
    if not isinstance(uri, str):
        raise JsonRpcInvalidParams("textDocument.uri must be a string.")
    return uri


def _optional_position(value: Any) -> types.Position | None:
    if value is None:
        return None
    try:
        return types.Position(int(value["line"]), int(value["character"]))
    except (TypeError, KeyError, ValueError, OverflowError):
        raise JsonRpcInvalidParams("position must be a position.") from None


def _not_created(error: OSError) -> JsonRpcException:
    message = f"No file can be made for the conversation: {error.strerror}."
    return JsonRpcException(message, types.LSPErrorCodes.RequestFailed.value)
