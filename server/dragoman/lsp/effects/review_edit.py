"""The files of a review as one edit of the workspace, each change marked so that the client asks its user about it."""

from __future__ import annotations

from collections.abc import Sequence

from lsprotocol import types

from dragoman.chat.delivery.devins.changes import ChangeKind, FileChange
from dragoman.lsp.client import Client
from dragoman.lsp.effects.new_file import creation
from dragoman.lsp.positions import range_of
from dragoman.paths import uri_of
from dragoman.project.document import Document
from dragoman.syntax.line_edits import line_edits
from dragoman.syntax.text import LineIndex

DocumentChange = types.TextDocumentEdit | types.CreateFile | types.RenameFile | types.DeleteFile


def review_edit(
    files: Sequence[FileChange], documents: Sequence[Document | None], client: Client, *, asks: bool
) -> types.WorkspaceEdit:
    """The edit. `documents` are those that are open, in the order of the files; `asks`: the client is to ask."""
    changes: list[DocumentChange] = []
    for file, document in zip(files, documents, strict=True):
        changes += _changes(file, document, client, file.name if asks else None)
    if not asks:
        return types.WorkspaceEdit(document_changes=changes)
    annotations = {file.name: _annotation(file) for file in files}
    return types.WorkspaceEdit(document_changes=changes, change_annotations=annotations)


def _changes(
    file: FileChange, document: Document | None, client: Client, annotation: str | None
) -> list[DocumentChange]:
    match file.kind:
        case ChangeKind.CREATED:
            return [*creation(file.path, file.after or "", annotation)]
        case ChangeKind.DELETED:
            return [types.DeleteFile(uri_of(file.path), annotation_id=annotation)]
        case ChangeKind.CHANGED:
            return [_edited(file, document, client, annotation)]


def _edited(
    file: FileChange, document: Document | None, client: Client, annotation: str | None
) -> types.TextDocumentEdit:
    before, after = file.before or "", file.after or ""
    lines = document.lines if document else LineIndex(before)
    edits = [(range_of(lines, edit.span, client.encoding), edit.new_text) for edit in line_edits(before, after)]
    identifier = types.OptionalVersionedTextDocumentIdentifier(
        uri=document.uri if document else uri_of(file.path), version=document.version if document else None
    )
    return types.TextDocumentEdit(
        identifier,
        [
            types.AnnotatedTextEdit(annotation, range_, text) if annotation else types.TextEdit(range_, text)
            for range_, text in edits
        ],
    )


def _annotation(file: FileChange) -> types.ChangeAnnotation:
    return types.ChangeAnnotation(f"{file.kind} {file.name}", needs_confirmation=True, description=file.caution or None)
