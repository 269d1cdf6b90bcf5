"""Code actions that change an agent file as a whole: all safe fixes, and the same written in another way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from lsprotocol import types

from dragoman.features.agents import surroundings_of
from dragoman.features.code_action import fix_all, rewrite
from dragoman.features.code_action.target import Folder
from dragoman.lint.diagnostic import Diagnostic, Fix
from dragoman.lint.runner import lint
from dragoman.lint.surroundings import Neighbour
from dragoman.lsp import to_proto
from dragoman.lsp.effects.new_file import creation
from dragoman.lsp.handlers.open_file import without_waiting
from dragoman.lsp.session import Session
from dragoman.paths import path_of
from dragoman.project.agent_file import AgentFile, read_agent_file
from dragoman.project.document import Document

FIX_ALL = fix_all.KIND
REWRITE = rewrite.KIND


async def fix_all_actions(session: Session, document: Document) -> list[types.CodeAction]:
    """All safe fixes of an agent file as one edit."""
    linter = _linter(session, document.uri)

    def work() -> list[types.CodeAction]:
        fix = fix_all.fix_all(document.text, linter)
        edit = to_proto.workspace_edit(document, fix, session.client) if fix else None
        return [types.CodeAction(fix.title, FIX_ALL, edit=edit)] if fix else []

    return await without_waiting(session, document.text, work)


def rewrite_actions(session: Session, document: Document, file: AgentFile, offset: int) -> Iterator[types.CodeAction]:
    """What can be written in another way at `offset`; with other files only for a client that makes or deletes them."""
    path, client, catalog = path_of(document.uri), session.client, session.project.providers_in(document.uri)
    for one in rewrite.rewrites(file, offset, catalog, _folder(session, path)):
        needed = {kind for kind, files in (("create", one.created), ("delete", one.deleted)) if files}
        if needed and not (path and client.versioned_edits and needed <= client.file_operations):
            continue
        edit = to_proto.workspace_edit(document, Fix(one.title, one.edits), client)
        if path is not None and edit.document_changes is not None:
            created = [change for new in one.created for change in creation(path.parent / new.name, new.text)]
            deleted = [types.DeleteFile(uri) for uri in one.deleted]
            edit = types.WorkspaceEdit(document_changes=[*created, *edit.document_changes, *deleted])
        yield types.CodeAction(one.title, types.CodeActionKind.RefactorRewrite, edit=edit)


def _folder(session: Session, path: Path | None) -> Folder:
    """What is beside a file on the disk; of an open file its text in the editor."""
    if path is None:
        return Folder()
    files = session.project.agent_files
    return Folder(
        is_taken=lambda name: (path.parent / name).exists(),
        files=lambda: [Neighbour(uri, file) for uri, file in files() if _is_beside(path_of(uri), path)],
    )


def _is_beside(other: Path | None, path: Path) -> bool:
    return other is not None and other != path and other.parent == path.parent and other.is_file()


def _linter(session: Session, uri: str) -> Callable[[str], list[Diagnostic]]:
    """What the linter says of a text in the place of a file."""
    project = session.project
    severities, providers, around = project.settings.rules, project.providers_in(uri), surroundings_of(project, uri)
    return lambda text: lint(read_agent_file(text), severities, providers, around)
