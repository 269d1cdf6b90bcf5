"""Where the path that an agent gave may lead: to a plain file inside the workspace, and nowhere else.

A path is refused if any system could take it for something else than what it looks like.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from dragoman.chat.delivery.devins.protected import caution_about

_DEVICE = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³])(?: *\..*)?", re.IGNORECASE)
_SHORT_NAME = re.compile(r"~\d")
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_LONGEST_NAME = 255
"""Bytes, of one step of a path."""


@dataclass(frozen=True, slots=True)
class SafePath:
    """A file that may be written to. `name` is what to call it: its path in the workspace.

    `caution` is "" or says why the user must be asked for this file in particular, as the end of a sentence.
    """

    path: Path
    name: str
    caution: str = ""


@dataclass(frozen=True, slots=True)
class RefusedPath:
    """Why a path is not followed, as the end of a sentence."""

    reason: str


def safe_path(text: str, roots: Sequence[Path], agent_files: Sequence[str] = ()) -> SafePath | RefusedPath:
    """The file that `text` means in the folders of the workspace. Looks at the disk, to follow links.

    `agent_files` are the globs of agent files that the user has added.
    """
    if reason := _unsafe(text):
        return RefusedPath(reason)
    relative = PurePosixPath(text.replace("\\", "/"))
    if not relative.parts:
        return RefusedPath("it names no file")
    if reason := next((reason for step in relative.parts if (reason := _unsafe_step(step))), ""):
        return RefusedPath(reason)
    if not roots:
        return RefusedPath("no folder is open")
    try:
        root = next((root for root in roots if (root / relative).exists()), roots[0])
        return _inside(root, relative, agent_files)
    except (OSError, RuntimeError, ValueError):  # a circle of links is either of the first two
        return RefusedPath("its place cannot be looked at")


def _inside(root: Path, relative: PurePosixPath, agent_files: Sequence[str]) -> SafePath | RefusedPath:
    """The same for a path that is harmless as it is written, once links are followed."""
    real_root = root.resolve()
    path = (real_root / relative).resolve()
    if not path.is_relative_to(real_root) or path == real_root:
        return RefusedPath("it leads out of the workspace")
    if path.exists() and not path.is_file():
        return RefusedPath("what stands there is no plain file")
    if not _can_hold_files(path.parent):
        return RefusedPath("a part of it is no folder")
    real = PurePosixPath(path.relative_to(real_root).as_posix())
    return SafePath(path, str(relative), caution_about(relative, agent_files) or caution_about(real, agent_files))


def _can_hold_files(folder: Path) -> bool:
    """Whether the folder is one, or could be made."""
    nearest = next(parent for parent in (folder, *folder.parents) if parent.exists())
    return nearest.is_dir()


def _unsafe(text: str) -> str:
    if any(unicodedata.category(character) in _INVISIBLE for character in text):
        return "it holds characters that cannot be seen"
    if text.startswith(("/", "\\", "~")) or re.match(r"[A-Za-z]:", text):
        return "it does not begin in the workspace"
    return "it holds a colon" if ":" in text else ""


def _unsafe_step(step: str) -> str:
    if step == "..":
        return "it leads upwards"
    if _DEVICE.fullmatch(step.rstrip(" .")):
        return f"{step} is a device on some systems"
    if step != step.strip() or step.endswith("."):
        return "a blank or a dot at an end is dropped on some systems"
    if _SHORT_NAME.search(step):
        return f"{step} is a short name of another file on some systems"
    return "a part of it is too long" if len(step.encode("utf-8")) > _LONGEST_NAME else ""
