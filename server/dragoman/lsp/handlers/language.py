"""Completion, hover and document symbols."""

from __future__ import annotations

from collections.abc import Awaitable, Sequence
from typing import TypeAlias

from lsprotocol import types

from dragoman.features.completion import CompletionItem, complete, complete_definition
from dragoman.features.document_symbol import document_symbols
from dragoman.features.hover import hover, hover_definition
from dragoman.lsp import to_proto
from dragoman.lsp.handlers.chat_language import complete_chat, hover_chat
from dragoman.lsp.handlers.open_file import open_agent_file, open_json, without_waiting
from dragoman.lsp.language_options import CHAT_TRIGGERS
from dragoman.lsp.positions import offset_of
from dragoman.lsp.session import Session
from dragoman.project.agent_file import AgentFile
from dragoman.project.document import Document

Actions: TypeAlias = list[types.CodeAction | types.Command]
Symbols: TypeAlias = list[types.DocumentSymbol] | list[types.SymbolInformation]


def completion(
    session: Session, params: types.CompletionParams
) -> types.CompletionList | Awaitable[types.CompletionList | None] | None:
    """`textDocument/completion`."""
    uri, project = params.text_document.uri, session.project
    document, definition = project.document(uri), project.definition(uri)
    if document is None:
        return None
    if project.is_chat_document(uri):
        return complete_chat(session, document, params.position)
    session.last_place = uri, types.Range(params.position, params.position)
    if params.context is not None and params.context.trigger_character in CHAT_TRIGGERS:
        return None
    offset, snippets = offset_of(document.lines, params.position, session.client.encoding), session.client.snippets
    opened = open_json(session, uri)
    if opened is None:
        return None
    if definition is not None:
        items = complete_definition(definition.file, offset, with_snippets=snippets)
    else:
        items = complete(
            opened[1],
            offset,
            with_snippets=snippets,
            catalog=project.providers_in(uri),
            name_agents=lambda: (known.agent.name for known in project.agents()),
        )
    number = _keep_documentation(session, items) if session.client.lazy_documentation else None
    return to_proto.completion_list(document.lines, items, session.client, documented_later=number)


def _keep_documentation(session: Session, items: Sequence[CompletionItem]) -> int:
    """Keep what is to be said of these proposals until the next are made; the number that they are asked for by."""
    number = session.proposals[0] + 1
    session.proposals = number, [item.documentation for item in items]
    return number


def resolve_completion(session: Session, item: types.CompletionItem) -> types.CompletionItem:
    """`completionItem/resolve`: what is said of a proposal of the last answer; one of an older stays as it is."""
    number, texts = session.proposals
    match item.data:
        case {"list": wanted, "item": int(index)} if wanted == number and 0 <= index < len(texts):
            item.documentation = to_proto.documentation(texts[index], session.client)
        case _:
            pass
    return item


def hover_at(session: Session, params: types.HoverParams) -> types.Hover | Awaitable[types.Hover | None] | None:
    """`textDocument/hover`."""
    uri, project = params.text_document.uri, session.project
    document, definition = project.document(uri), project.definition(uri)
    if document is not None and project.is_chat_document(uri):
        return hover_chat(session, document, params.position)
    opened = open_json(session, uri)
    if opened is None:
        return None
    document, file = opened
    offset = offset_of(document.lines, params.position, session.client.encoding)
    found = hover_definition(file, offset) if definition else hover(file, offset, project.providers_in(uri))
    return to_proto.hover(document.lines, found, session.client) if found else None


def symbols(session: Session, params: types.DocumentSymbolParams) -> Awaitable[Symbols] | None:
    """`textDocument/documentSymbol`."""
    opened = open_agent_file(session, params.text_document.uri)
    return _symbols(session, *opened) if opened else None


async def _symbols(session: Session, document: Document, file: AgentFile) -> Symbols:
    def work() -> Symbols:
        return to_proto.document_symbols(document.uri, document.lines, document_symbols(file), session.client)

    return await without_waiting(session, file.text, work)
