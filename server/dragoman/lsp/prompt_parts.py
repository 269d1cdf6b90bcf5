"""The context that a client names, as it is now: pieces of documents, texts and diagnostics."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath

from pygls.exceptions import JsonRpcInvalidParams

from dragoman.chat.conversation import ContextBlock, PromptContext
from dragoman.features.agents import diagnose
from dragoman.features.prompt_context import (
    DocumentPart,
    Part,
    PlainText,
    Problem,
    Problems,
    context_block,
    named,
    shown_path,
)
from dragoman.lsp.positions import span_of
from dragoman.lsp.prompt_params import ContextItem, DiagnosticItem
from dragoman.lsp.session import Session
from dragoman.paths import path_of
from dragoman.project.document import Document
from dragoman.syntax.text import Span

_LARGEST_FILE = 4 << 20
"""Bytes; a larger file is not read into a prompt."""

_SOURCE = "dragoman"


def context_of(session: Session, items: Sequence[ContextItem]) -> PromptContext:
    """The context of a prompt: a block for each item, and what templates can ask for.

    That is the first selection, and the document that it or else the first file is of. Raises JsonRpcInvalidParams for
    a document that cannot be had.
    """
    parts = [_part(session, item) for item in items]
    documents = [part for part in parts if isinstance(part, DocumentPart)]
    selected = next((part for part in documents if part.is_selection), None)
    roots = session.project.roots
    blocks = tuple(ContextBlock(context_block(part, roots), named(part, roots), part is selected) for part in parts)
    part = selected or next(iter(documents), None)
    if part is None:
        return PromptContext(blocks=blocks)
    path = shown_path(part.document.uri, roots)
    return PromptContext(
        selection=selected.text if selected else "",
        language=part.document.language_id,
        file_path=path,
        file_name=path.rpartition("/")[2],
        blocks=blocks,
    )


def _part(session: Session, item: ContextItem) -> Part:
    match item.kind:
        case "text":
            return PlainText(item.text, item.label, item.language_id)
        case "diagnostics":
            return _problems(session, item)
        case _:
            return _document_part(session, item)


def _document_part(session: Session, item: ContextItem) -> DocumentPart:
    document = session.project.document(item.uri) or _read(item.uri)
    if document is None:
        # Not to be left out in silence: the user counts on the agent to have seen it.
        raise JsonRpcInvalidParams(f"context: {PurePosixPath(item.uri).name} is not open and cannot be read.")
    span = Span(0, len(document.text))
    if item.range is not None:
        span = span_of(document.lines, item.range, session.client.encoding)
    return DocumentPart(document, span, is_selection=item.kind == "selection")


def _problems(session: Session, item: ContextItem) -> Problems:
    """The diagnostics that the client names, or else our own; those that touch the lines of the range."""
    problems = _own(session, item.uri) if item.diagnostics is None else [_problem(one) for one in item.diagnostics]
    if item.range is not None:
        first, last = item.range.start.line + 1, item.range.end.line + 1
        problems = [one for one in problems if one.first_line <= last and first <= one.last_line]
    return Problems(item.uri, tuple(problems))


def _own(session: Session, uri: str) -> list[Problem]:
    """What we say of an agent file that is open; of nothing else is the server told."""
    document = session.project.document(uri)
    if document is None or uri not in session.project.open_agent_files():
        return []
    return [
        Problem(
            document.lines.line_at(one.span.start) + 1,
            document.lines.line_at(one.span.end) + 1,
            one.message,
            one.severity.name.lower(),
            _SOURCE,
            one.code,
        )
        for one in diagnose(session.project, uri)
    ]


def _problem(item: DiagnosticItem) -> Problem:
    first, last = item.range.start.line + 1, item.range.end.line + 1
    return Problem(first, last, item.message, item.severity, item.source, item.code)


def _read(uri: str) -> Document | None:
    """A file that the editor has not open; the user has named it as context."""
    path = path_of(uri)
    try:
        if path is None or not path.is_file() or path.stat().st_size > _LARGEST_FILE:
            return None
        return Document(uri, path.suffix.removeprefix("."), 0, path.read_text(encoding="utf-8", errors="replace"))
    except OSError:
        return None
