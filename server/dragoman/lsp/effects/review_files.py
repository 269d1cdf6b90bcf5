"""The files of a review as the editor has them, else the disk; and their changes written where no client does it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from tempfile import NamedTemporaryFile

from dragoman.chat.delivery.devins.changes import FileChange
from dragoman.lsp.effects.new_file import write_new
from dragoman.lsp.session import Session
from dragoman.paths import path_of
from dragoman.project.document import Document

_LARGEST_FILE = 4 << 20
"""Bytes; a larger file is not changed by a script."""


def open_documents(session: Session) -> dict[Path, Document]:
    """The open documents that are files, by where these really are."""
    found = {path_of(document.uri): document for document in session.project.documents()}
    return {path.resolve(): document for path, document in found.items() if path is not None}


def read_file(path: Path, documents: Mapping[Path, Document]) -> str | None:
    """The text of a file; None where there is none. Raises OSError and UnicodeDecodeError."""
    if path in documents:
        return documents[path].text
    if not path.exists():
        return None
    if path.stat().st_size > _LARGEST_FILE:
        raise OSError(f"larger than {_LARGEST_FILE} bytes")
    return path.read_bytes().decode("utf-8")


def write_change(file: FileChange) -> None:
    """The change itself, if the file on the disk is still as it was looked at. Raises OSError."""
    if file.before is None:
        write_new(file.path, file.after or "")
        return
    if file.path.read_bytes() != file.before.encode("utf-8", "surrogatepass"):
        raise OSError(0, "it has been changed meanwhile, or is open with changes that are not saved")
    if file.after is None:
        file.path.unlink()
    else:
        _rewrite(file.path, file.after)


def _rewrite(path: Path, text: str) -> None:
    """All at once, or not at all; who may read and run it stays."""
    with NamedTemporaryFile("w", encoding="utf-8", newline="", dir=path.parent, delete=False) as file:
        file.write(text)
    os.chmod(file.name, path.stat().st_mode)
    os.replace(file.name, path)
