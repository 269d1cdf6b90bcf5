"""Open documents: opened, changed, closed. In order, at once, and diagnostics after all changes that have arrived."""

from __future__ import annotations

from lsprotocol import types

from dragoman.lsp.agent_search import start_search
from dragoman.lsp.handlers.diagnostics import DiagnosticsPublisher
from dragoman.lsp.positions import span_of
from dragoman.lsp.session import Session


def did_open(session: Session, publisher: DiagnosticsPublisher, params: types.DidOpenTextDocumentParams) -> None:
    """`textDocument/didOpen`."""
    document = params.text_document
    session.document_closed(document.uri)  # a client that opens a document again means another one
    version = max(document.version, session.client.first_checked_version)
    session.project.open(document.uri, str(document.language_id), version, document.text)
    publisher.schedule(document.uri)
    publisher.schedule_dependents()


def did_change(session: Session, publisher: DiagnosticsPublisher, params: types.DidChangeTextDocumentParams) -> None:
    """`textDocument/didChange`; a change of a document that is not open is dropped."""
    uri, version = params.text_document.uri, params.text_document.version
    texts: list[str] = []
    for change in params.content_changes:
        document = session.project.document(uri)
        if document is None:
            return
        span = None
        if isinstance(change, types.TextDocumentContentChangePartial):
            span = span_of(document.lines, change.range, session.client.encoding)
        texts.append(session.project.change(uri, version, span, change.text).text)
    session.document_changed(uri, texts, version)
    publisher.schedule(uri)
    publisher.schedule_dependents()


def did_close(session: Session, publisher: DiagnosticsPublisher, params: types.DidCloseTextDocumentParams) -> None:
    """`textDocument/didClose`."""
    uri = params.text_document.uri
    was_ours = uri in session.project.open_files()
    session.project.close(uri)
    session.document_closed(uri)
    publisher.clear(uri)
    publisher.schedule_dependents()
    if was_ours and session.project.agent_file(uri) is None:
        # It may have been saved for the first time. The search knows whether it counts when nobody has it open.
        start_search(session, publisher)


def did_change_watched_files(
    session: Session, publisher: DiagnosticsPublisher, params: types.DidChangeWatchedFilesParams
) -> None:
    """`workspace/didChangeWatchedFiles`: known agent files are read again, new ones are searched for."""
    session.project.refresh()
    publisher.agent_files_read()
    publisher.schedule_dependents()
    publisher.files_changed()
    publisher.announce_agents()
    there = [event.uri for event in params.changes if event.type != types.FileChangeType.Deleted]
    if any(session.project.agent_file(uri) is None for uri in there):
        start_search(session, publisher)
