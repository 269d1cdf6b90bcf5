"""Where agents are named: definition, references, highlights, rename, and the agents of the workspace by name.

A request looks at what is under its position at once; what lies in files that nobody has open is then read in a thread.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Iterable

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from dragoman.features.chat_document.disk import read_chats
from dragoman.features.definition import provider_file
from dragoman.features.references import (
    Chats,
    Mention,
    mention_at,
    mention_in_chat_at,
    mentions_in_chat,
    mentions_in_file,
    mentions_of,
)
from dragoman.features.rename import FileEdits, RenameRefused, rename_agent
from dragoman.features.workspace_symbol import workspace_symbols
from dragoman.lsp import to_proto
from dragoman.lsp.handlers.open_file import open_agent_file
from dragoman.lsp.positions import offset_of, range_of
from dragoman.lsp.session import Session
from dragoman.paths import canonical_uri
from dragoman.project.known_agent import KnownAgent
from dragoman.syntax.text import LineIndex

_START = types.Range(types.Position(0, 0), types.Position(0, 0))


def definition(
    session: Session, params: types.DefinitionParams
) -> types.Location | Awaitable[types.Location | None] | None:
    """`textDocument/definition`: of an agent that is named, or of a provider that a file defines."""
    mention = _mention(session, params.text_document.uri, params.position)
    if mention is not None:
        return _definition_of(session, mention)
    document = session.project.document(params.text_document.uri)
    if document is None:
        return None
    offset = offset_of(document.lines, params.position, session.client.encoding)
    found = provider_file(session.project, document.uri, offset)
    return types.Location(found, _START) if found else None


async def _definition_of(session: Session, mention: Mention) -> types.Location | None:
    await session.searched.wait()
    session.project.refresh()
    known = session.project.agent(mention.name)
    return _location(session, known) if known else None


def references(session: Session, params: types.ReferenceParams) -> Awaitable[list[types.Location]] | None:
    """`textDocument/references` of an agent."""
    mention = _mention(session, params.text_document.uri, params.position)
    if mention is None:
        return None
    return _references(session, mention.name, with_definition=params.context.include_declaration)


async def _references(session: Session, name: str, *, with_definition: bool) -> list[types.Location]:
    chats = await _chats(session)
    return [
        types.Location(file.uri, range_of(lines, mention.span, session.client.encoding))
        for file in mentions_of(session.project, name, chats)
        for lines in [_lines_of(session, file.uri, file.text)]
        for mention in file.mentions
        if with_definition or mention.kind != "definition"
    ]


def document_highlight(session: Session, params: types.DocumentHighlightParams) -> list[types.DocumentHighlight] | None:
    """`textDocument/documentHighlight`: the same agent in the same file."""
    mention, document = (
        _mention(session, params.text_document.uri, params.position),
        session.project.document(params.text_document.uri),
    )
    if mention is None or document is None:
        return None
    opened = open_agent_file(session, document.uri)
    found = mentions_in_file(opened[1], mention.name) if opened else mentions_in_chat(document.chat, mention.name)
    kinds = types.DocumentHighlightKind
    return [
        types.DocumentHighlight(
            range_of(document.lines, one.span, session.client.encoding),
            kinds.Write if one.kind == "definition" else kinds.Read,
        )
        for one in found
    ]


def prepare_rename(session: Session, params: types.PrepareRenameParams) -> types.PrepareRenamePlaceholder | None:
    """`textDocument/prepareRename`: the name of an agent, and nothing else."""
    mention, document = (
        _mention(session, params.text_document.uri, params.position),
        session.project.document(params.text_document.uri),
    )
    if mention is None or document is None:
        return None
    return types.PrepareRenamePlaceholder(range_of(document.lines, mention.span, session.client.encoding), mention.name)


async def rename(session: Session, params: types.RenameParams) -> types.WorkspaceEdit | None:
    """`textDocument/rename`: of an agent, in all files that name it."""
    if _mention(session, params.text_document.uri, params.position) is None:
        raise _refusal("Only agents can be renamed, at a place where they are named.")
    chats = await _chats(session)
    mention = _mention(session, params.text_document.uri, params.position)  # the document may have changed meanwhile
    if mention is None:
        raise JsonRpcException("The document has changed.", types.LSPErrorCodes.ContentModified.value)
    try:
        files = rename_agent(session.project, params.text_document.uri, mention, params.new_name, chats)
    except RenameRefused as refused:
        raise _refusal(str(refused)) from refused
    return _workspace_edit(session, files)


async def symbols(session: Session, params: types.WorkspaceSymbolParams) -> list[types.SymbolInformation]:
    """`workspace/symbol`: agents by their names."""
    await session.searched.wait()
    session.project.refresh()
    return [
        types.SymbolInformation(location=_location(session, known), name=known.agent.name, kind=types.SymbolKind.Class)
        for known in workspace_symbols(session.project, params.query)
    ]


def _mention(session: Session, uri: str, position: types.Position) -> Mention | None:
    """The name of an agent under the caret."""
    document = session.project.document(uri)
    if document is None:
        return None
    offset = offset_of(document.lines, position, session.client.encoding)
    if session.project.is_chat_document(uri):
        return mention_in_chat_at(document.chat, offset)
    opened = open_agent_file(session, uri)
    return mention_at(opened[1], offset) if opened else None


async def _chats(session: Session) -> Chats:
    """All chat documents: read once everything else is known too."""
    await session.searched.wait()
    opened = session.project.open_chat_documents()
    but = [canonical_uri(uri) for uri in opened]
    on_disk = await asyncio.to_thread(read_chats, session.project.roots, but)
    session.project.refresh()
    chats = ((uri, session.project.chat_document(uri)) for uri in session.project.open_chat_documents())
    return {**on_disk, **{uri: chat for uri, chat in chats if chat is not None}}


def _location(session: Session, known: KnownAgent) -> types.Location:
    file = session.project.agent_file(known.uri)
    assert file is not None, "an agent stands in a file"
    lines = _lines_of(session, known.uri, file.text)
    return types.Location(known.uri, range_of(lines, known.entry.name_span, session.client.encoding))


def _lines_of(session: Session, uri: str, text: str) -> LineIndex:
    document = session.project.document(uri)
    return document.lines if document is not None and document.text == text else LineIndex(text)


def _workspace_edit(session: Session, files: Iterable[FileEdits]) -> types.WorkspaceEdit:
    """The edits of several files; those of open documents are for the versions that they were made from."""
    edits = {
        file.uri: to_proto.text_edits(_lines_of(session, file.uri, file.text), file.edits, session.client)
        for file in files
    }
    if not session.client.versioned_edits:
        return types.WorkspaceEdit(changes=edits)
    return types.WorkspaceEdit(document_changes=[_of_version(session, uri, edits[uri]) for uri in edits])


def _of_version(session: Session, uri: str, edits: list[types.TextEdit]) -> types.TextDocumentEdit:
    document = session.project.document(uri)
    version = document.version if document else None
    return types.TextDocumentEdit(types.OptionalVersionedTextDocumentIdentifier(uri=uri, version=version), list(edits))


def _refusal(message: str) -> JsonRpcException:
    return JsonRpcException(message, types.LSPErrorCodes.RequestFailed.value)
