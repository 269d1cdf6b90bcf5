"""Agent files as the disk has them. Nothing here is kept: may run in a thread."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from dragoman.paths import path_of, uri_of, user_agent_file
from dragoman.project.agent_file import AgentFile, read_agent_file
from dragoman.project.provider_files import user_definitions
from dragoman.project.recognise import find_files

_log = logging.getLogger(__name__)
_LARGEST_FILE = 16 << 20
"""Bytes; a larger file on disk is no agent file that somebody wrote."""


@dataclass(frozen=True, slots=True)
class FileOnDisk:
    """An agent file as the disk has it. `stamp` is its time (ns) and size when it was read."""

    file: AgentFile
    stamp: tuple[int, int]


def read_agent_files(roots: Iterable[Path], more_globs: Sequence[str] = ()) -> dict[str, FileOnDisk]:
    """All agent files and definitions of providers below some folders, and the user's own.

    Touches nothing but the disk: may run in a thread.
    """
    paths = [path for root in roots for path in find_files(root, more_globs)]
    read = {uri: read_file(uri) for uri in (uri_of(path) for path in [*paths, *users_files()])}
    return {uri: file for uri, file in read.items() if file is not None}


def users_files() -> list[Path]:
    """The user's own agents, and their own definitions of providers."""
    return [user_agent_file(), *user_definitions()]


def read_file(uri: str) -> FileOnDisk | None:
    """The file as it is now; None if there is none that can be read."""
    path, stamp = path_of(uri), stamp_of(uri)
    if path is None or stamp is None or stamp[1] > _LARGEST_FILE:
        return None
    try:
        return FileOnDisk(read_agent_file(path.read_text(encoding="utf-8", errors="replace")), stamp)
    except OSError as error:
        _log.warning("%s cannot be read: %s", path, error.strerror)
        return None


def stamp_of(uri: str) -> tuple[int, int] | None:
    """Time (ns) and size of a file; None where there is none."""
    path = path_of(uri)
    try:
        found = path.stat() if path else None
    except OSError:
        return None
    return (found.st_mtime_ns, found.st_size) if found else None
