"""The one mutable owner of what is open and known. What it hands out is frozen.

An open buffer counts more than the file on disk.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Literal

from dragoman.agents.model import Agent
from dragoman.paths import canonical_uri, path_of, uri_of, user_agent_file
from dragoman.project.agent_file import AgentEntry, AgentFile, read_agent_file
from dragoman.project.document import Document
from dragoman.project.recognise import find_agent_files, is_agent_file
from dragoman.settings import Settings
from dragoman.syntax.text import Span

_log = logging.getLogger(__name__)
_LARGEST_FILE = 16 << 20
"""Bytes; a larger file on disk is no agent file that somebody wrote."""

Origin = Literal["workspace", "user"]


@dataclass(frozen=True, slots=True)
class KnownAgent:
    """An agent of the registry: where it comes from, and the file it stands in."""

    entry: AgentEntry
    uri: str
    origin: Origin

    @property
    def agent(self) -> Agent:
        """The agent itself."""
        return self.entry.agent


@dataclass(frozen=True, slots=True)
class FileOnDisk:
    """An agent file as the disk has it. `stamp` is its time (ns) and size when it was read."""

    file: AgentFile
    stamp: tuple[int, int]


class Project:
    """Open documents and agent files. All methods are quick and none waits for anything but the disk."""

    def __init__(self) -> None:
        self.settings = Settings()
        self.roots: tuple[Path, ...] = ()
        """The workspace's folders."""
        self._documents: dict[str, Document] = {}
        self._open_files: dict[str, AgentFile] = {}
        self._files_on_disk: dict[str, FileOnDisk] = {}
        """By canonical URI; open documents are known by the URIs that the editor gives them."""

    # Documents

    def open(self, uri: str, language_id: str, version: int, text: str) -> None:
        """An editor opened a document."""
        self._documents[uri] = Document(uri, language_id, version, text)
        if self._is_agent_file(uri, language_id):
            self._open_files[uri] = read_agent_file(text)

    def change(self, uri: str, version: int, span: Span | None, new_text: str) -> None:
        """An open document was edited; with no span, `new_text` is the whole new text."""
        document = self._documents[uri]
        edited, edit = document.edited(span or Span(0, len(document.text)), new_text, version)
        self._documents[uri] = edited
        file = self._open_files.get(uri)
        if file is not None:
            self._open_files[uri] = file.edited(edited.text, edit)

    def close(self, uri: str) -> None:
        """An editor closed a document; what counts from now on is the disk, as far as it is known."""
        self._documents.pop(uri, None)
        if self._open_files.pop(uri, None) is not None:
            self.refresh()

    def document(self, uri: str) -> Document | None:
        """The open document, if it is open."""
        return self._documents.get(uri)

    # Agent files

    def set_roots(self, roots: Iterable[Path]) -> None:
        """Take the workspace's folders; `read_agent_files` searches them."""
        self.roots = tuple(roots)

    def apply_settings(self, settings: Settings) -> None:
        """Take new settings; which open documents are agent files may change with them."""
        self.settings = settings
        for uri, document in self._documents.items():
            is_one = self._is_agent_file(uri, document.language_id)
            if is_one and uri not in self._open_files:
                self._open_files[uri] = read_agent_file(document.text)
            elif not is_one:
                self._open_files.pop(uri, None)

    def take_files(self, files: Mapping[str, FileOnDisk]) -> None:
        """Take what `read_agent_files` found as all the agent files there are on the disk."""
        self._files_on_disk = dict(files)

    def reread_from_disk(self, uris: Iterable[str]) -> None:
        """Files may have changed, appeared or gone."""
        for uri in uris:
            file = _read(uri)
            if file is None:
                self._files_on_disk.pop(uri, None)
            else:
                self._files_on_disk[uri] = file

    def refresh(self) -> None:
        """Reread the known files that have changed on the disk; for clients that do not tell."""
        user_uri = uri_of(user_agent_file())
        for uri in {*self._files_on_disk, user_uri}:
            known = self._files_on_disk.get(uri)
            if (known.stamp if known else None) != _stamp(uri):
                self.reread_from_disk([uri])

    def agent_file(self, uri: str) -> AgentFile | None:
        """The agent file as the editor has it, else as the disk has it."""
        on_disk = self._files_on_disk.get(canonical_uri(uri))
        return self._open_files.get(uri) or (on_disk.file if on_disk else None)

    def open_agent_files(self) -> list[str]:
        """The URIs of the agent files that an editor has open."""
        return list(self._open_files)

    def agents(self) -> list[KnownAgent]:
        """All agents that can be chosen by name, each name once.

        The user's own come first and win over a workspace's agent of the same name: a workspace must not silently
        replace an agent that the user trusts.
        """
        chosen: dict[str, KnownAgent] = {}
        for known in self.all_agents():
            chosen.setdefault(known.agent.name, known)
        return [known for name, known in chosen.items() if name]

    def all_agents(self) -> Iterator[KnownAgent]:
        """Every agent of every file, also those that others hide; the user's own first."""
        user_uri = uri_of(user_agent_file())
        files = {uri: (uri, on_disk.file) for uri, on_disk in self._files_on_disk.items()}
        files |= {canonical_uri(uri): (uri, file) for uri, file in self._open_files.items()}
        for canonical, (uri, file) in sorted(files.items(), key=lambda item: item[0] != user_uri):
            origin: Origin = "user" if canonical == user_uri else "workspace"
            yield from (KnownAgent(entry, uri, origin) for entry in file.entries())

    def agent(self, name: str) -> KnownAgent | None:
        """The agent that is meant by a name."""
        return next((known for known in self.agents() if known.agent.name == name), None)

    def _is_agent_file(self, uri: str, language_id: str) -> bool:
        path = path_of(uri)
        pure = PurePosixPath(path.as_posix()) if path else PurePosixPath(uri.partition(":")[2])
        return path == user_agent_file() or is_agent_file(pure, language_id, self.settings.files)


def read_agent_files(roots: Iterable[Path], more_globs: Sequence[str] = ()) -> dict[str, FileOnDisk]:
    """All agent files below some folders, and the user's own. Touches nothing but the disk: may run in a thread."""
    paths = [path for root in roots for path in find_agent_files(root, more_globs)]
    read = {uri: _read(uri) for uri in (uri_of(path) for path in [*paths, user_agent_file()])}
    return {uri: file for uri, file in read.items() if file is not None}


def _read(uri: str) -> FileOnDisk | None:
    path, stamp = path_of(uri), _stamp(uri)
    if path is None or stamp is None or stamp[1] > _LARGEST_FILE:
        return None
    try:
        return FileOnDisk(read_agent_file(path.read_text(encoding="utf-8", errors="replace")), stamp)
    except OSError as error:
        _log.warning("%s cannot be read: %s", path, error.strerror)
        return None


def _stamp(uri: str) -> tuple[int, int] | None:
    path = path_of(uri)
    try:
        found = path.stat() if path else None
    except OSError:
        return None
    return (found.st_mtime_ns, found.st_size) if found else None
