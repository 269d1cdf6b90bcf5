"""Which files are agent files or chat documents, and where in a workspace agent files are looked for."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path, PurePosixPath

LANGUAGE_ID = "agent-config"
NAMES = ("agents.json", "*.agents.json", "*.agent.json", ".agents/*.json", "AutoDevCustomAgentFile.json")
"""Globs of agent files; each counts with `.jsonc` too."""

DEFINITIONS = (".agents/providers/*.json", ".agents/providers/*.jsonc")
"""Globs of a workspace's definitions of providers."""

USER_DEFINITIONS = ("dragoman/providers/*.json", "dragoman/providers/*.jsonc")
"""Globs of the user's own, which are in `paths.user_provider_folder`."""

CHAT_LANGUAGE_ID = "dragoman-chat"
CHAT_SUFFIX = ".chat.md"

_SKIPPED_FOLDERS = {"node_modules", "venv", "env", "__pycache__", "site-packages"}
_MOST_FOLDERS = 20_000
"""Where a search ends: a home folder or a whole disk opened as a workspace must not hang the editor."""


def is_agent_file(path: PurePosixPath | None, language_id: str, more_globs: Sequence[str] = ()) -> bool:
    """Whether a document is an agent file: by its language id, else by its path."""
    if language_id == LANGUAGE_ID:
        return True
    return path is not None and any(_matches(path, glob) for glob in (*_all_names(), *more_globs))


def is_chat_document(path: PurePosixPath | None, language_id: str) -> bool:
    """Whether a document is a chat document: by its language id, else by its name."""
    return language_id == CHAT_LANGUAGE_ID or (path is not None and path.name.endswith(CHAT_SUFFIX))


def is_definition(path: PurePosixPath) -> bool:
    """Whether a file of a workspace defines a provider."""
    return any(_matches(path, glob) for glob in DEFINITIONS)


def find_files(root: Path, more_globs: Sequence[str] = ()) -> list[Path]:
    """The agent files and definitions below a workspace folder, but for hidden folders and what git ignores.

    `.agents` is no hidden folder.
    """
    found = [path for path in walk(root) if _is_ours(PurePosixPath(path.as_posix()), more_globs)]
    ignored = _ignored_by_git(root, found)
    return [path for path in found if path not in ignored]


def walk(root: Path) -> Iterator[Path]:
    """All files below a folder, but for hidden folders, `.agents` excepted, and those that tools fill."""
    for count, (folder, folders, files) in enumerate(os.walk(root)):
        if count >= _MOST_FOLDERS:
            return
        here = Path(folder)
        folders[:] = sorted(name for name in folders if not _is_skipped(here, name))
        yield from (here / name for name in sorted(files))


def _is_ours(path: PurePosixPath, more_globs: Sequence[str]) -> bool:
    return is_definition(path) or is_agent_file(path, "", more_globs)


@lru_cache(maxsize=1)
def _all_names() -> tuple[str, ...]:
    return (*NAMES, *(f"{name}c" for name in NAMES))


def _is_skipped(parent: Path, name: str) -> bool:
    if name == ".agents":
        return False
    return name.startswith(".") or name in _SKIPPED_FOLDERS or (parent / name / "pyvenv.cfg").exists()


def _ignored_by_git(root: Path, paths: Iterable[Path]) -> set[Path]:
    listed = "\0".join(str(path) for path in paths)
    if not listed:
        return set()
    command = ["git", "-C", str(root), "check-ignore", "-z", "--stdin"]
    try:
        answer = subprocess.run(command, input=os.fsencode(listed), capture_output=True, timeout=5, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return set()  # no git, no ignored files
    return {Path(os.fsdecode(path)) for path in answer.stdout.split(b"\0") if path}


def _matches(path: PurePosixPath, glob: str) -> bool:
    return _pattern(glob).search(str(path).replace("\\", "/")) is not None


@lru_cache(maxsize=256)
def _pattern(glob: str) -> re.Pattern[str]:
    """A glob as a regular expression for the end of a path."""
    return re.compile("(?:^|/)" + _translated(glob.removeprefix("/")) + r"\Z")


def _translated(glob: str) -> str:
    """`**` crosses folders, `*` and `?` do not; `{a,b}` stands for either."""
    parts: list[str] = []
    for token in re.findall(r"\*\*/?|\*|\?|\{[^{}]*\}|[^*?{]+|\{", glob):
        match token[0]:
            case "*" if token.startswith("**"):
                parts.append("(?:.*/)?" if token.endswith("/") else ".*")
            case "*":
                parts.append("[^/]*")
            case "?":
                parts.append("[^/]")
            case "{" if token.endswith("}"):
                parts.append("(?:" + "|".join(_translated(choice) for choice in token[1:-1].split(",")) + ")")
            case _:
                parts.append(re.escape(token))
    return "".join(parts)
