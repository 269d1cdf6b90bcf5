"""The files of a workspace as they would be after a script: what the user is shown, and asked about.

Nothing is written. A command that does not fit its file changes nothing of it, and says so.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TypeAlias

from dragoman.chat.delivery.devins.apply import Refusal, patched
from dragoman.chat.delivery.devins.patch import FilePatch, Hunk, read_patch
from dragoman.chat.delivery.devins.paths import RefusedPath, SafePath, safe_path
from dragoman.chat.delivery.devins.script import NotRun, Patch, Script, Write
from dragoman.chat.delivery.devins.writing import written
from dragoman.syntax.printable import printable

ReadFile: TypeAlias = Callable[[Path], str | None]
"""The text of a file as the editor sees it, None where there is no file. May raise OSError or UnicodeDecodeError."""


class ChangeKind(StrEnum):
    """What happens to a file."""

    CREATED = "created"
    CHANGED = "changed"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True)
class FileChange:
    """One file, before and after. None: it is not there.

    `name` is its path in the workspace; `caution` is "" or says why it needs a confirmation of its own.
    """

    path: Path
    name: str
    before: str | None
    after: str | None
    caution: str = ""

    @property
    def kind(self) -> ChangeKind:
        """What happens to the file."""
        if self.before is None:
            return ChangeKind.CREATED
        return ChangeKind.DELETED if self.after is None else ChangeKind.CHANGED

    @property
    def needs_confirmation(self) -> bool:
        """Whether the user must be asked for this file in particular."""
        return bool(self.caution)


@dataclass(frozen=True, slots=True)
class Changes:
    """What comes of a script. `problems` are sentences: what is left out, and why."""

    files: tuple[FileChange, ...] = ()
    not_run: tuple[NotRun, ...] = ()
    problems: tuple[str, ...] = ()


def changes_of(script: Script, roots: Sequence[Path], read: ReadFile, agent_files: Sequence[str] = ()) -> Changes:
    """The files that `script` changes in the folders of a workspace; a later command builds on the earlier ones.

    `agent_files` are the globs of agent files that the user has added.
    """
    draft = _Draft(roots, read, agent_files)
    for change in script.changes:
        match change:
            case Write():
                _write(draft, change)
            case Patch():
                _patch(draft, change)
    return Changes(draft.changed(), script.not_run, (*script.problems, *draft.problems))


class _Draft:
    """The workspace as it would be, as far as the script touches it."""

    def __init__(self, roots: Sequence[Path], read: ReadFile, agent_files: Sequence[str]) -> None:
        self.problems: list[str] = []
        self._agent_files = agent_files
        self._roots = roots
        self._read = read
        self._files: dict[Path, FileChange] = {}

    def open(self, name: str) -> FileChange | None:
        """The file of this name as it is by now; None, and a problem, if it is out of bounds."""
        place = safe_path(name, self._roots, self._agent_files)
        if isinstance(place, RefusedPath):
            self.refuse(name, place.reason)
            return None
        return self._files.get(place.path) or self._load(place)

    def put(self, file: FileChange, text: str | None) -> None:
        """The file becomes `text`, or goes."""
        self._files[file.path] = FileChange(file.path, file.name, file.before, text, file.caution)

    def refuse(self, name: str, reason: str) -> None:
        """Something is left out."""
        self.problems.append(printable(f"{name or 'A patch'}: {reason}. Nothing of this is applied."))

    def changed(self) -> tuple[FileChange, ...]:
        """The files that are no longer what they were."""
        return tuple(file for file in self._files.values() if file.before != file.after)

    def _load(self, place: SafePath) -> FileChange | None:
        try:
            text = self._read(place.path)
        except (OSError, UnicodeDecodeError):
            self.refuse(place.name, "it cannot be read as text")
            return None
        file = FileChange(place.path, place.name, text, text, place.caution)
        self._files[place.path] = file
        return file


def _write(draft: _Draft, command: Write) -> None:
    file = draft.open(command.path)
    if file is not None:
        _put(draft, file, written(file.after, command))


def _patch(draft: _Draft, command: Patch) -> None:
    files = read_patch(command.text)
    if all(file.says_nothing and not file.problem for file in files):
        draft.refuse(command.path, "the block holds no unified diff")
        return
    for file in files:
        if command.path and len(files) == 1:
            _name(file, command.path)
        _patch_file(draft, file)


def _name(file: FilePatch, path: str) -> None:
    """The command's own word on the file counts."""
    file.old_path = None if file.old_path is None else path
    file.new_path = None if file.new_path is None else path


def _patch_file(draft: _Draft, patch: FilePatch) -> None:
    name = patch.new_path or patch.old_path or ""
    if reason := _unclear(patch):
        draft.refuse(name, reason)
        return
    old = draft.open(patch.old_path or name)
    new = old if patch.old_path in (None, patch.new_path) or patch.new_path is None else draft.open(name)
    if old is None or new is None:
        return
    result = _result(patch, old, new)
    if result is not None:
        _put(draft, new, result)
    if result is None or (new is not old and isinstance(result, str)):
        draft.put(old, None)


def _unclear(patch: FilePatch) -> str:
    """What keeps a patch from being tried, whatever its file holds."""
    if patch.problem:
        return patch.problem
    if not (patch.old_path or patch.new_path):
        return "it does not say which file it is for"
    if None not in (patch.old_path, patch.new_path) and patch.old_path != patch.new_path and not patch.is_rename:
        return f"it names two files, {patch.old_path} too"
    return "it changes no line" if patch.says_nothing else ""


def _result(patch: FilePatch, old: FileChange, new: FileChange) -> str | Refusal | None:
    """The new text; None where the file goes."""
    if patch.old_path is None:
        return _created(old.after, patch.hunks)
    if old.after is None:
        return Refusal("there is no such file")
    if new is not old and new.after is not None:
        return Refusal("a file of that name is there already")
    text = patched(old.after, patch.hunks)
    if patch.new_path is not None or isinstance(text, Refusal):
        return text
    return Refusal("more stands in it than the patch removes") if text else None


def _created(existing: str | None, hunks: Sequence[Hunk]) -> str | Refusal:
    if existing:
        return Refusal("the patch makes a new file, and there is one already")
    return patched("", hunks)


def _put(draft: _Draft, file: FileChange, text: str | Refusal) -> None:
    if isinstance(text, Refusal):
        draft.refuse(file.name, text.reason)
    elif text == file.after:
        draft.refuse(file.name, "it is like that already")
    else:
        draft.put(file, text)
