"""The files of a workspace that a link can mean: hidden ones and those that git ignores are left out."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterable, Sequence
from heapq import nsmallest
from itertools import islice
from pathlib import Path

from dragoman.project.recognise import walk

MOST_FILES = 50_000
"""Of one folder; what is behind them can be linked to, but is not offered."""

_FRESH_SECONDS = 5.0
"""How long a list of files is offered from: somebody who types a path asks with every letter."""

_GIT_SECONDS = 3.0


class WorkspaceFiles:
    """The last list of files. May wait for the disk: to be used in a thread."""

    def __init__(self) -> None:
        self._roots: tuple[Path, ...] = ()
        self._files: tuple[str, ...] = ()
        self._listed_at = float("-inf")

    def matching(self, roots: Sequence[Path], typed: str, most: int) -> list[str]:
        """Paths from their root, `/` between names; those that `typed` fits best first."""
        if self._roots != tuple(roots) or time.monotonic() - self._listed_at > _FRESH_SECONDS:
            files = dict.fromkeys(path for root in roots for path in list_files(root))
            self._roots, self._files, self._listed_at = tuple(roots), tuple(files), time.monotonic()
        return best_matches(self._files, typed, most)


def list_files(root: Path) -> list[str]:
    """The files below a folder that are offered, at most `MOST_FILES`."""
    files = _known_to_git(root)
    if files is None:
        files = (path.relative_to(root).as_posix() for path in walk(root))
    return list(islice((path for path in files if not _is_hidden(path)), MOST_FILES))


def best_matches(files: Iterable[str], typed: str, most: int) -> list[str]:
    """The files in which `typed` occurs, or at least its letters in that order; the likeliest first."""
    wanted = typed.lower()
    ranked = ((_rank(path.lower(), wanted), path.count("/"), path) for path in files)
    return [path for _, _, path in nsmallest(most, (one for one in ranked if one[0] is not None))]


def _rank(path: str, wanted: str) -> int | None:
    name = path.rpartition("/")[2]
    if path.startswith(wanted) or name.startswith(wanted):
        return 0
    if wanted in name:
        return 1
    if wanted in path:
        return 2
    letters = iter(path)
    return 3 if all(letter in letters for letter in wanted) else None


def _known_to_git(root: Path) -> list[str] | None:
    """What git tracks, and what it would if it were added; None where there is no git."""
    command = ["git", "-C", str(root), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        answer = subprocess.run(command, capture_output=True, timeout=_GIT_SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    if answer.returncode != 0:
        return None
    return sorted({os.fsdecode(path) for path in answer.stdout.split(b"\0") if path})


def _is_hidden(path: str) -> bool:
    return path.startswith(".") or "/." in path
