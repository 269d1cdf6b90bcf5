"""The files that `@` links of a chat document mean. Only those inside of the workspace are ever read or sent."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from dragoman.paths import path_of


class LinkFault(StrEnum):
    """Why a link cannot be followed, as the end of a sentence about it."""

    OUTSIDE = "lies outside of the workspace, so it is never sent"
    MISSING = "does not exist"
    NO_FILE = "is no file"


@dataclass(frozen=True, slots=True)
class Folders:
    """Where links begin: the workspace's folders, real and as the editor names them."""

    named: tuple[Path, ...]
    real: tuple[str, ...]


def folders_of(roots: Sequence[Path], document_uri: str) -> Folders:
    """The workspace's folders; without one, the folder of the chat document."""
    path = path_of(document_uri)
    named = tuple(roots) or ((path.parent,) if path else ())
    return Folders(named, tuple(os.path.realpath(folder) for folder in named))


def followed_link(
    link: str, folders: Folders, is_open: Callable[[Path], bool] = lambda _path: False
) -> Path | LinkFault:
    """The file that a link means: the first that is there. What a symbolic link leads outside to is outside.

    `is_open`: whether an editor has the document of a path, which need not be on the disk then.
    """
    try:
        return _followed(link, folders, is_open)
    except (OSError, ValueError):  # no file can have such a name: too long, or a character that means its end
        return LinkFault.MISSING


def _followed(link: str, folders: Folders, is_open: Callable[[Path], bool]) -> Path | LinkFault:
    inside = [path for path in _candidates(link, folders) if _is_inside(path, folders)]
    if not inside:
        return LinkFault.OUTSIDE  # whether it exists is nobody's business
    there = next((path for path in inside if path.is_file() or is_open(path)), None)
    if there is not None:
        return there
    return LinkFault.NO_FILE if any(path.exists() for path in inside) else LinkFault.MISSING


def _candidates(link: str, folders: Folders) -> list[Path]:
    return [Path(os.path.normpath(folder / link)) for folder in folders.named]


def _is_inside(path: Path, folders: Folders) -> bool:
    real = Path(os.path.realpath(path))
    return any(real.is_relative_to(folder) for folder in folders.real)
