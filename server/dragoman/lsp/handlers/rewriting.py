"""Code actions that change an agent file as a whole: all safe fixes, and the same written in another way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from lsprotocol import types

from dragoman.features.agents import surroundings_of
from dragoman.features.code_action import fix_all, rewrite
from dragoman.lint.diagnostic import Diagnostic, Fix
from dragoman.lint.runner import lint
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
    """What can be written in another way at `offset`; new files only for a client that makes them."""
    path, client = path_of(document.uri), session.client
    folder = path.parent if path else Path()
    can_create = path is not None and client.versioned_edits and "create" in client.file_operations
    catalog = session.project.providers_in(document.uri)
    for one in rewrite.rewrites(file, offset, catalog, lambda name: (folder / name).exists()):
        if one.created and not can_create:
            continue
        edit = to_proto.workspace_edit(document, Fix(one.title, one.edits), client)
        if one.created and edit.document_changes is not None:
            created = [change for new in one.created for change in creation(folder / new.name, new.text)]
            edit = types.WorkspaceEdit(document_changes=[*created, *edit.document_changes])
        yield types.CodeAction(one.title, types.CodeActionKind.RefactorRewrite, edit=edit)


def _linter(session: Session, uri: str) -> Callable[[str], list[Diagnostic]]:
    """What the linter says of a text in the place of a file."""
    project = session.project
    severities, providers, around = project.settings.rules, project.providers_in(uri), surroundings_of(project, uri)
    return lambda text: lint(read_agent_file(text), severities, providers, around)
