"""The open document that a request about an agent file means."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from dragoman.lsp.session import Session
from dragoman.project.agent_file import AgentFile
from dragoman.project.document import Document

_QUICK = 1 << 18
"""Characters that are looked at in a moment."""


def open_agent_file(session: Session, uri: str) -> tuple[Document, AgentFile] | None:
    """An open agent file; None for every other document."""
    document = session.project.document(uri)
    is_one = uri in session.project.open_agent_files()
    file = session.project.agent_file(uri) if is_one else None
    return (document, file) if document and file else None


def open_json(session: Session, uri: str) -> tuple[Document, AgentFile] | None:
    """An open agent file, or the open definition of a provider: both are JSON with comments, cut into cells."""
    document, definition = session.project.document(uri), session.project.definition(uri)
    if document is not None and definition is not None:
        return document, definition.file
    return open_agent_file(session, uri)


async def without_waiting(session: Session, text: str, work: Callable[[], object]) -> Any:
    """The answer that `work` makes of a text: of a long one in a thread, as JSON, so that nothing else waits."""
    if len(text) <= _QUICK:
        return work()
    return await asyncio.to_thread(lambda: session.server.protocol.plain(work()))
