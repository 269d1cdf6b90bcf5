"""From what a client asks to a turn: which agent, with which text, and why not where it cannot be asked."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from pygls.exceptions import JsonRpcInvalidParams

from dragoman.agents.model import Agent
from dragoman.chat.conversation import PromptContext
from dragoman.chat.events import ErrorCode, TurnError
from dragoman.chat.request import uses_placeholder
from dragoman.chat.sessions import PromptRequest, new_id
from dragoman.chat.turn import Turn
from dragoman.features.agents import AgentStatus, agent_status, agent_statuses
from dragoman.features.prompt_context import DocumentPart, PlainText, shown_path, with_context
from dragoman.lsp.positions import span_of
from dragoman.lsp.prompt_params import ContextItem, PromptParams
from dragoman.lsp.session import Session
from dragoman.lsp.to_proto import json_range
from dragoman.paths import path_of
from dragoman.project.document import Document
from dragoman.syntax.text import LineIndex, Span

_LARGEST_FILE = 4 << 20
"""Bytes; a larger file is not read into a prompt."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A prompt with everything of the editor's that belongs to it, as it was when the client asked."""

    turn_id: str
    params: PromptParams
    parts: tuple[DocumentPart | PlainText, ...]
    stopped: asyncio.Event
    """Set when the turn is stopped before it has started."""


def prepare(session: Session, params: PromptParams) -> Prepared:
    """Take the documents as they are now; the user may type on while the agent is waited for.

    From here on the turn can be stopped. Raises JsonRpcInvalidParams for a document that cannot be had.
    """
    parts = tuple(_part(session, item) for item in params.context)
    turn_id = params.turn_id or new_id()
    return Prepared(turn_id, params, parts, session.coming.setdefault(turn_id, asyncio.Event()))


async def start_turn(session: Session, prepared: Prepared) -> Turn:
    """The turn, ready to be consumed; one that fails at once where the agent is unknown or cannot be asked."""
    try:
        await session.searched.wait()
        if prepared.params.conversation_id is not None:
            await session.sessions.recall(prepared.params.conversation_id)
    finally:
        session.coming.pop(prepared.turn_id, None)
    turn = _turn(session, prepared)
    if prepared.stopped.is_set():
        turn.stop()
    return turn


def _turn(session: Session, prepared: Prepared) -> Turn:
    session.project.refresh()
    params = prepared.params
    status = agent_status(session.project, params.agent)
    if status is not None and status.is_usable:
        return session.sessions.start(_request(session, prepared, status.known.agent))
    error = TurnError(ErrorCode.CONFIG, _why_not(session, params.agent, status), blame=_blame(session, status))
    return session.sessions.refuse(
        params.agent, error, turn_id=prepared.turn_id, conversation_id=params.conversation_id
    )


def _request(session: Session, prepared: Prepared, agent: Agent) -> PromptRequest:
    params = prepared.params
    has_own_selection = uses_placeholder(agent, "selection")
    prompt = with_context(params.prompt, prepared.parts, session.project.roots, has_own_selection=has_own_selection)
    return PromptRequest(
        agent,
        prompt,
        prepared.turn_id,
        params.conversation_id,
        _template_values(session, prepared.parts),
        workspace=str(next(iter(session.project.roots), "")),
    )


def _template_values(session: Session, parts: tuple[DocumentPart | PlainText, ...]) -> PromptContext:
    """What templates can ask for: the first selection, and the document that it or the first file part is of."""
    documents = [part for part in parts if isinstance(part, DocumentPart)]
    selected = next((part for part in documents if part.is_selection), None)
    part = selected or next(iter(documents), None)
    if part is None:
        return PromptContext()
    path = shown_path(part.document.uri, session.project.roots)
    return PromptContext(
        selection=selected.text if selected else "",
        language=part.document.language_id,
        file_path=path,
        file_name=path.rpartition("/")[2],
    )


def _part(session: Session, item: ContextItem) -> DocumentPart | PlainText:
    if item.kind == "text":
        return PlainText(item.text, item.label, item.language_id)
    document = session.project.document(item.uri) or _read(item.uri)
    if document is None:
        # Not to be left out in silence: the user counts on the agent to have seen it.
        raise JsonRpcInvalidParams(f"context: {PurePosixPath(item.uri).name} is not open and cannot be read.")
    span = Span(0, len(document.text))
    if item.range is not None:
        span = span_of(document.lines, item.range, session.client.encoding)
    return DocumentPart(document, span, is_selection=item.kind == "selection")


def _read(uri: str) -> Document | None:
    """A file that the editor has not open; the user has named it as context."""
    path = path_of(uri)
    try:
        if path is None or not path.is_file() or path.stat().st_size > _LARGEST_FILE:
            return None
        return Document(uri, path.suffix.removeprefix("."), 0, path.read_text(encoding="utf-8", errors="replace"))
    except OSError:
        return None


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
