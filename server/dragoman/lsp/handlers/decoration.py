"""What an editor shows in and above the text of an agent file: inlay hints, semantic tokens, code lenses."""

from __future__ import annotations

from collections.abc import Awaitable, Iterable

from lsprotocol import types

from dragoman.features.code_lens import AgentLens, agent_lenses
from dragoman.features.inlay_hint import inlay_hints
from dragoman.features.semantic_tokens import TOKEN_TYPES, SemanticToken, semantic_tokens
from dragoman.lsp.handlers import chat_language
from dragoman.lsp.handlers.open_file import open_agent_file, without_waiting
from dragoman.lsp.positions import line_and_column, position_of, range_of, span_of, units
from dragoman.lsp.session import Session
from dragoman.project.agent_file import AgentFile
from dragoman.project.document import Document
from dragoman.syntax.text import Span

_TYPES = {name: index for index, name in enumerate(TOKEN_TYPES)}
_IS_DEFINITION = 1
"""The first bit of the modifiers, which stands for the first modifier of the legend."""


def hints(session: Session, params: types.InlayHintParams) -> Awaitable[list[types.InlayHint]] | None:
    """`textDocument/inlayHint`."""
    opened = open_agent_file(session, params.text_document.uri)
    if opened is None or not session.project.settings.inlay_hints:
        return None
    return _hints(session, *opened, span_of(opened[0].lines, params.range, session.client.encoding))


async def _hints(session: Session, document: Document, file: AgentFile, within: Span) -> list[types.InlayHint]:
    providers = session.project.providers_in(document.uri)

    def work() -> list[types.InlayHint]:
        return [
            types.InlayHint(
                position_of(document.lines, hint.offset, session.client.encoding),
                hint.label,
                padding_left=True,
                tooltip=types.MarkupContent(types.MarkupKind.Markdown, hint.tooltip),
            )
            for hint in inlay_hints(file, within, providers)
        ]

    return await without_waiting(session, file.text, work)


def tokens(session: Session, params: types.SemanticTokensParams) -> Awaitable[types.SemanticTokens] | None:
    """`textDocument/semanticTokens/full`."""
    opened = open_agent_file(session, params.text_document.uri)
    return _tokens(session, *opened, None) if opened else None


def tokens_in_range(
    session: Session, params: types.SemanticTokensRangeParams
) -> Awaitable[types.SemanticTokens] | None:
    """`textDocument/semanticTokens/range`: those of the agents that the range touches."""
    opened = open_agent_file(session, params.text_document.uri)
    if opened is None:
        return None
    return _tokens(session, *opened, span_of(opened[0].lines, params.range, session.client.encoding))


async def _tokens(session: Session, document: Document, file: AgentFile, within: Span | None) -> types.SemanticTokens:
    return await without_waiting(session, file.text, lambda: _encoded(session, document, semantic_tokens(file, within)))


def _encoded(session: Session, document: Document, found: Iterable[SemanticToken]) -> types.SemanticTokens:
    """Five numbers a token (LSP 3.17): lines and columns count from the token before."""
    data: list[int] = []
    line_before = start_before = 0
    for token in found:
        line, start = line_and_column(document.lines, token.span.start, session.client.encoding)
        length = units(document.text[token.span.start : token.span.end], session.client.encoding)
        column = start - start_before if line == line_before else start
        data += line - line_before, column, length, _TYPES[token.type], _IS_DEFINITION * token.is_definition
        line_before, start_before = line, start
    return types.SemanticTokens(data)


def code_lenses(session: Session, params: types.CodeLensParams) -> Awaitable[list[types.CodeLens]] | None:
    """`textDocument/codeLens`: of a chat document, or above the agents of a file."""
    opened = open_agent_file(session, params.text_document.uri)
    return _lenses(session, opened[0]) if opened else chat_language.code_lenses(session, params)


async def _lenses(session: Session, document: Document) -> list[types.CodeLens]:
    await session.searched.wait()
    session.project.refresh()
    newest = session.project.document(document.uri) or document
    return [
        types.CodeLens(range_of(newest.lines, lens.span, session.client.encoding), _command(session, lens))
        for lens in agent_lenses(session.project, document.uri)
    ]


def _command(session: Session, lens: AgentLens) -> types.Command:
    """A client that cannot be asked for a prompt gets a chat document to write it into."""
    if not lens.chat_with:
        return types.Command(lens.title, "")
    command = "dragoman.chat" if session.client.ask else "dragoman.newChat"
    return types.Command(lens.title, command, arguments=[{"agent": lens.chat_with}])
