"""Completion, hover, code actions and code lenses in chat documents. All take the document as it is when asked."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Sequence

from lsprotocol import types

from dragoman.features.agents import AgentStatus, agent_statuses
from dragoman.features.chat_document import completion as completing
from dragoman.features.chat_document.actions import SEND, ChatAction, Elsewhere, actions_at, lenses
from dragoman.features.chat_document.hover import chat_hover
from dragoman.features.chat_document.links import Folders, LinkFault, folders_of, followed_link
from dragoman.lsp import to_proto
from dragoman.lsp.positions import offset_of, range_of
from dragoman.lsp.session import Session
from dragoman.paths import named_path
from dragoman.project.document import Document
from dragoman.syntax.text import Span

_LARGEST_FILE = 1 << 20
"""Bytes of a file whose lines are offered."""


async def complete_chat(session: Session, document: Document, position: types.Position) -> types.CompletionList | None:
    """`textDocument/completion`; files are looked for in a thread."""
    offset, roots = offset_of(document.lines, position, session.client.encoding), session.project.roots
    folders = folders_of(roots, document.uri)
    lines = completing.linked_lines_at(document.chat, offset)
    link = completing.link_at(document.chat, offset)
    if lines is not None:
        text = await _text_of(session, lines.path, folders)
        items = completing.complete_lines(text, lines) if text is not None else []
    elif link is not None:
        files = await asyncio.to_thread(
            session.workspace_files.matching, folders.named, link.typed, completing.MOST_FILES
        )
        items = completing.complete_link(document.chat, link, files)
    else:
        items = completing.complete_name(document.chat, offset, await _agents(session))
    return to_proto.completion_list(document.lines, items, session.client, is_incomplete=link is not None)


async def hover_chat(session: Session, document: Document, position: types.Position) -> types.Hover | None:
    """`textDocument/hover`."""
    offset = offset_of(document.lines, position, session.client.encoding)
    found = chat_hover(document.chat, offset, await _agents(session))
    return to_proto.hover(document.lines, found, session.client) if found else None


async def chat_actions(session: Session, document: Document, span: Span) -> list[types.CodeAction | types.Command]:
    """`textDocument/codeAction`, but for quick-fixes."""
    agents = await _agents(session)
    found = actions_at(document.chat, span, agents, session.document_turns.get(document.uri), _elsewhere(session))
    return [to_proto.offered(_command(action, document.uri), action.disabled, session.client) for action in found]


def code_lenses(session: Session, params: types.CodeLensParams) -> Awaitable[list[types.CodeLens]] | None:
    """`textDocument/codeLens`: the same actions, for clients that show them above the lines."""
    document = session.project.document(params.text_document.uri)
    if document is None or not session.project.is_chat_document(document.uri):
        return None
    return _lenses(session, document)


async def _lenses(session: Session, document: Document) -> list[types.CodeLens]:
    running = session.document_turns.get(document.uri)
    return [
        types.CodeLens(range_of(document.lines, action.span, session.client.encoding), _command(action, document.uri))
        for action in lenses(document.chat, await _agents(session), running)
        if action.disabled is None
    ]


async def _agents(session: Session) -> Sequence[AgentStatus]:
    await session.searched.wait()
    session.project.refresh()
    return agent_statuses(session.project)


async def _text_of(session: Session, link: str, folders: Folders) -> str | None:
    """The text of a file that is linked to, as the editor has it, else as the disk has it."""
    found = followed_link(link, folders, lambda path: session.project.document_at(path) is not None)
    if isinstance(found, LinkFault):
        return None
    opened = session.project.document_at(found)
    if opened is not None:
        return opened.text
    try:
        if found.stat().st_size > _LARGEST_FILE:
            return None
        return await asyncio.to_thread(found.read_text, "utf-8", "replace")
    except OSError:
        return None  # it has gone, or may not be read; the diagnostics tell


def _elsewhere(session: Session) -> Elsewhere | None:
    """The last place in another document that the client has told of, if that document is still open."""
    uri, range_ = session.last_place or ("", None)
    document = session.project.document(uri)
    if document is None or range_ is None:
        return None
    argument = {"textDocument": {"uri": uri}, "range": to_proto.plain_range(range_)}
    name = f"{named_path(uri).name}:{range_.start.line + 1}"
    return Elsewhere(name, range_.start != range_.end, argument)


def _command(action: ChatAction, uri: str) -> types.Command:
    argument = dict(action.argument)
    if action.command == SEND:
        argument = {"textDocument": {"uri": uri}, **argument}
    return types.Command(action.title, action.command, arguments=[argument])
