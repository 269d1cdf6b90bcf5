"""Diagnostics for clients that ask for them: of one document, and of all files of the workspace.

A client shows what it asks for beside what is published to it. So one that asks is sent nothing unasked; it is served
this way only if it can be told to ask again, since a turn that fails changes what is to be said of a file that nobody
has touched. Any other client is published to.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from functools import partial
from typing import Any, TypeAlias

from lsprotocol import types

from dragoman.lsp.handlers.diagnostics import DiagnosticsPublisher, result_id
from dragoman.lsp.session import Session
from dragoman.paths import canonical_uri
from dragoman.project.document import Document

Report: TypeAlias = dict[str, Any]
"""A report of LSP as plain JSON."""

_NOTHING = result_id([])


def serve(session: Session, publisher: DiagnosticsPublisher) -> None:
    """Answer such requests from now on. Before the end of `initialize`, that tells the client to send them."""
    options = types.DiagnosticOptions(inter_file_dependencies=True, workspace_diagnostics=True)
    server = session.server
    server.feature(types.TEXT_DOCUMENT_DIAGNOSTIC, options)(partial(document_diagnostic, session, publisher))
    server.feature(types.WORKSPACE_DIAGNOSTIC)(partial(workspace_diagnostic, session, publisher))


async def document_diagnostic(
    session: Session, publisher: DiagnosticsPublisher, params: types.DocumentDiagnosticParams
) -> Report:
    """`textDocument/diagnostic`."""
    uri = params.text_document.uri
    items: list[dict[str, object]] = []
    is_whole = False
    while not is_whole and (document := _open_document(session, uri)) is not None:
        items, is_whole = publisher.found(document)
        publisher.told[uri] = document.version, result_id(items)
        await asyncio.sleep(0)
    return _report(items, params.previous_result_id)


def _open_document(session: Session, uri: str) -> Document | None:
    """The document, if there can be something to say of it."""
    is_ours = uri in session.project.open_files() or session.project.is_chat_document(uri)
    return session.project.document(uri) if is_ours else None


async def workspace_diagnostic(
    session: Session, publisher: DiagnosticsPublisher, params: types.WorkspaceDiagnosticParams
) -> Report:
    """`workspace/diagnostic`: each file as soon as it is looked at, where the client takes partial results."""
    await session.searched.wait()
    session.project.refresh()
    publisher.has_told_of_workspace = True
    previous = {canonical_uri(one.uri): one.value for one in params.previous_result_ids}
    token = params.partial_result_token
    items: list[Report] = []
    async for report in _reports(session, publisher, previous):
        if token is None:
            items.append(report)
        else:
            session.server.notify_raw(types.PROGRESS, {"token": token, "value": {"items": [report]}})
    return {"items": items}


async def _reports(
    session: Session, publisher: DiagnosticsPublisher, previous: dict[str, str]
) -> AsyncIterator[Report]:
    """One for each agent file and definition of the workspace, and for each file that has gone."""
    uris = session.project.workspace_files()
    for uri in uris:
        document, items = await _found(session, publisher, uri)
        if document is not None:
            version = document.version if session.project.document(uri) else None
            yield {"uri": uri, "version": version, **_report(items, previous.get(canonical_uri(uri)))}
    there = {canonical_uri(uri) for uri in [*uris, *(document.uri for document in session.project.documents())]}
    for uri, result in previous.items():
        if uri not in there and result != _NOTHING:
            yield {"uri": uri, "version": None, **_report([], result)}


async def _found(
    session: Session, publisher: DiagnosticsPublisher, uri: str
) -> tuple[Document | None, list[dict[str, object]]]:
    """A file and what is to be said of it; in steps, so that nothing else waits."""
    document: Document | None = None
    items: list[dict[str, object]] = []
    is_whole = False
    while not is_whole:
        document = session.project.document(uri) or _on_disk(session, uri)
        items, is_whole = publisher.found(document) if document else ([], True)
        await asyncio.sleep(0)
    return document, items


def _on_disk(session: Session, uri: str) -> Document | None:
    definition = session.project.definition(uri)
    file = definition.file if definition else session.project.agent_file(uri)
    return Document(uri, "", 0, file.text) if file else None


def _report(items: list[dict[str, object]], previous: str | None) -> Report:
    """The diagnostics, or that they are those of an earlier result."""
    result = result_id(items)
    if result == previous:
        return {"kind": "unchanged", "resultId": result}
    return {"kind": "full", "resultId": result, "items": items}
