"""A new file of the workspace: by the client, which then has it open, else on the disk. Nothing is ever overwritten."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from itertools import count
from pathlib import Path, PurePosixPath

from lsprotocol import types

from dragoman.chat.delivery.devins.paths import SafePath, safe_path
from dragoman.lsp.dialogs import apply_edit, say, show_file
from dragoman.lsp.edits import Delivery
from dragoman.lsp.session import Session
from dragoman.paths import uri_of


async def create_file(session: Session, name: str, text: str) -> str:
    """Make it and open it; "" if it is there now, else why not, as a clause."""
    path = _free_path(session, name)
    if path is None:
        return "no folder is open that could hold it"
    if not (await _create_by_client(session, path, text) or path.exists()):
        try:
            await asyncio.to_thread(write_new, path, text)
        except OSError as error:
            return f"it could not be written ({error.strerror})"
    if not await show_file(session, path):
        say(session, f"The answer is in {path}.")
    return ""


def can_create(session: Session) -> bool:
    """Whether the client makes files by edits of the workspace."""
    client = session.client
    return (
        client.versioned_edits
        and "create" in client.file_operations
        and session.writers.delivery is not Delivery.NOTIFY
    )


def creation(path: Path, text: str, annotation: str | None = None) -> list[types.CreateFile | types.TextDocumentEdit]:
    """The changes of an edit that make a file of this text."""
    at_start = types.Range(types.Position(0, 0), types.Position(0, 0))
    identifier = types.OptionalVersionedTextDocumentIdentifier(uri=uri_of(path), version=None)
    options = types.CreateFileOptions(overwrite=False, ignore_if_exists=False)
    edit = types.AnnotatedTextEdit(annotation, at_start, text) if annotation else types.TextEdit(at_start, text)
    created = types.CreateFile(uri_of(path), options=options, annotation_id=annotation)
    return [created, types.TextDocumentEdit(identifier, [edit])]


def write_new(path: Path, text: str) -> None:
    """A file that was not there. Raises OSError, also where it is there by now."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("x", encoding="utf-8", errors="replace", newline="") as file:
        file.write(text)


async def _create_by_client(session: Session, path: Path, text: str) -> bool:
    if not can_create(session):
        return False
    return await apply_edit(session, types.WorkspaceEdit(document_changes=creation(path, text)))


def _free_path(session: Session, name: str) -> Path | None:
    """A place in the workspace where nothing stands yet."""
    project = session.project
    for variant in _variants(name):
        place = safe_path(variant, project.roots, project.settings.files)
        if not isinstance(place, SafePath):
            return None
        if not place.path.exists():
            return place.path
    return None


def _variants(name: str) -> Iterator[str]:
    yield name
    path = PurePosixPath(name)
    yield from (f"{path.stem}-{number}{path.suffix}" for number in count(2))
