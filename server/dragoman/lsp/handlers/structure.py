"""The structure of an open file: folding and selection ranges, links, formatting."""

from __future__ import annotations

from collections.abc import Awaitable, Iterable
from functools import reduce
from typing import TypeAlias

from lsprotocol import types

from dragoman.features.chat_document.links import LinkFault, folders_of, followed_link
from dragoman.features.document_link import document_links
from dragoman.features.folding import folding_ranges
from dragoman.features.formatting import Style, format_file
from dragoman.features.selection_range import selection_ranges
from dragoman.lsp import to_proto
from dragoman.lsp.handlers.open_file import open_agent_file, open_json, without_waiting
from dragoman.lsp.positions import offset_of, range_of, span_of
from dragoman.lsp.session import Session
from dragoman.paths import uri_of
from dragoman.project.agent_file import AgentFile
from dragoman.project.document import Document
from dragoman.syntax.text import Span

Edits: TypeAlias = Awaitable[list[types.TextEdit]]

_FOLD_KINDS = {"region": types.FoldingRangeKind.Region, "comment": types.FoldingRangeKind.Comment}


def fold(session: Session, params: types.FoldingRangeParams) -> Awaitable[list[types.FoldingRange]] | None:
    """`textDocument/foldingRange`, by whole lines: every client can do that."""
    opened = open_json(session, params.text_document.uri)
    return _folds(session, *opened) if opened else None


async def _folds(session: Session, document: Document, file: AgentFile) -> list[types.FoldingRange]:

    def work() -> list[types.FoldingRange]:
        found = folding_ranges(file, document.lines, session.client.most_folds)
        return [types.FoldingRange(one.first, one.last, kind=_FOLD_KINDS[one.kind]) for one in found]

    return await without_waiting(session, file.text, work)


def select(session: Session, params: types.SelectionRangeParams) -> list[types.SelectionRange] | None:
    """`textDocument/selectionRange`."""
    opened = open_json(session, params.text_document.uri)
    if opened is None:
        return None
    document, file = opened
    offsets = [offset_of(document.lines, position, session.client.encoding) for position in params.positions]
    return [_selection(session, document, selection_ranges(file, offset)) for offset in offsets]


def _selection(session: Session, document: Document, spans: Iterable[Span]) -> types.SelectionRange:
    ranges = [range_of(document.lines, span, session.client.encoding) for span in spans]
    outermost = types.SelectionRange(ranges[-1])
    return reduce(lambda parent, range_: types.SelectionRange(range_, parent), reversed(ranges[:-1]), outermost)


def links(
    session: Session, params: types.DocumentLinkParams
) -> list[types.DocumentLink] | Awaitable[list[types.DocumentLink]] | None:
    """`textDocument/documentLink`: of an agent file, and of the files that a chat document's question names."""
    uri, project = params.text_document.uri, session.project
    document, opened = project.document(uri), open_agent_file(session, uri)
    if document is not None and project.is_chat_document(uri):
        return _links_in_chat(session, document)
    return _links(session, *opened) if opened else None


async def _links(session: Session, document: Document, file: AgentFile) -> list[types.DocumentLink]:
    providers = session.project.providers_in(document.uri)

    def work() -> list[types.DocumentLink]:
        return [
            types.DocumentLink(
                range_of(document.lines, link.span, session.client.encoding),
                target=link.target,
                tooltip=(link.tooltip or None) if session.client.link_tooltips else None,
            )
            for link in document_links(file, providers)
        ]

    return await without_waiting(session, file.text, work)


def _links_in_chat(session: Session, document: Document) -> list[types.DocumentLink]:
    folders = folders_of(session.project.roots, document.uri)
    found = (
        (link, followed_link(link.path, folders, lambda path: session.project.document_at(path) is not None))
        for turn in document.chat.turns
        for link in turn.links
    )
    return [
        types.DocumentLink(
            range_of(document.lines, link.span, session.client.encoding),
            target=uri_of(target) + (f"#L{link.lines[0]}" if link.lines else ""),
        )
        for link, target in found
        if not isinstance(target, LinkFault)
    ]


def format_document(session: Session, params: types.DocumentFormattingParams) -> Edits | None:
    """`textDocument/formatting`."""
    return _format(session, params.text_document.uri, params.options, None)


def format_range(session: Session, params: types.DocumentRangeFormattingParams) -> Edits | None:
    """`textDocument/rangeFormatting`: the gaps between tokens in the range, each as in the whole file formatted."""
    return _format(session, params.text_document.uri, params.options, params.range)


def _format(session: Session, uri: str, options: types.FormattingOptions, range_: types.Range | None) -> Edits | None:
    opened = open_json(session, uri)
    return _edits(session, *opened, options, range_) if opened else None


async def _edits(
    session: Session,
    document: Document,
    file: AgentFile,
    options: types.FormattingOptions,
    range_: types.Range | None,
) -> list[types.TextEdit]:
    within = span_of(document.lines, range_, session.client.encoding) if range_ else None
    style = Style.of(
        options.tab_size, with_tabs=not options.insert_spaces, ends_with_line=options.insert_final_newline is True
    )

    def work() -> list[types.TextEdit]:
        return to_proto.text_edits(document.lines, format_file(file, style, within), session.client)

    return await without_waiting(session, file.text, work)
