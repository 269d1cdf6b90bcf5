"""The one mutable owner of what is open and known. What it hands out is frozen.

An open buffer counts more than the file on disk.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from dragoman.agents.catalog import ProviderCatalog
from dragoman.paths import (
    canonical_uri,
    data_folder,
    named_path,
    path_of,
    uri_of,
    user_agent_file,
    user_provider_folder,
)
from dragoman.project.agent_file import AgentEntry, AgentFile, read_agent_file
from dragoman.project.disk import FileOnDisk, read_file, stamp_of, users_files
from dragoman.project.document import Document
from dragoman.project.known_agent import KnownAgent
from dragoman.project.provider_files import (
    DefinitionFile,
    Origin,
    ProviderFiles,
    is_definition,
)
from dragoman.project.recognise import is_agent_file, is_chat_document
from dragoman.project.trust_store import TrustStore
from dragoman.settings import Settings
from dragoman.syntax.chat_document import ChatDocument
from dragoman.syntax.text import Span


class Project:
    """Open documents and agent files. All methods are quick and none waits for anything but the disk."""

    def __init__(self) -> None:
        self.settings = Settings()
        self.roots: tuple[Path, ...] = ()
        """The workspace's folders."""
        self.trust = TrustStore(data_folder() / "trust.json")
        """Which agents of workspaces the user has allowed to be asked."""
        self._documents: dict[str, Document] = {}
        self._open_files: dict[str, AgentFile] = {}
        self._files_on_disk: dict[str, FileOnDisk] = {}
        """By canonical URI; open documents are known by the URIs that the editor gives them."""
        self._providers = ProviderFiles()

    # Documents

    def open(self, uri: str, language_id: str, version: int, text: str) -> None:
        """An editor opened a document."""
        self._documents[uri] = Document(uri, language_id, version, text)
        if is_definition(uri):
            self._providers.edit(uri, text)
        elif self._is_agent_file(uri, language_id):
            self._open_files[uri] = read_agent_file(text)

    def change(self, uri: str, version: int, span: Span | None, new_text: str) -> Document:
        """An open document was edited; with no span, `new_text` is the whole new text. Returns the new version."""
        document = self._documents[uri]
        edited, edit = document.edited(span or Span(0, len(document.text)), new_text, version)
        self._documents[uri] = edited
        file = self._open_files.get(uri)
        if file is not None:
            self._open_files[uri] = file.edited(edited.text, edit)
        elif self._providers.is_open(uri):
            self._providers.edit(uri, edited.text)
        return edited

    def close(self, uri: str) -> None:
        """An editor closed a document; what counts from now on is the disk, as far as it is known."""
        self._documents.pop(uri, None)
        self._providers.close(uri)
        if self._open_files.pop(uri, None) is not None or is_definition(uri):
            self.refresh()

    def document(self, uri: str) -> Document | None:
        """The open document, if it is open."""
        return self._documents.get(uri)

    def document_at(self, path: Path) -> Document | None:
        """The open document of a file, however its editor writes the URI."""
        uri = uri_of(path)
        return self._documents.get(uri) or next(
            (document for document in self._documents.values() if canonical_uri(document.uri) == uri), None
        )

    def chat_document(self, uri: str) -> ChatDocument | None:
        """The newest version of an open chat document."""
        return self._documents[uri].chat if self.is_chat_document(uri) else None

    def is_chat_document(self, uri: str) -> bool:
        """Whether a document is open and a chat document; it is not read for that."""
        document = self._documents.get(uri)
        return document is not None and is_chat_document(named_path(uri), document.language_id)

    def open_chat_documents(self) -> list[str]:
        """The URIs of the chat documents that an editor has open."""
        return [uri for uri in self._documents if self.is_chat_document(uri)]

    def documents(self) -> list[Document]:
        """All open documents."""
        return list(self._documents.values())

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
        self._take_definitions()

    def reread_from_disk(self, uris: Iterable[str]) -> None:
        """Files may have changed, appeared or gone."""
        for uri in uris:
            file = read_file(uri)
            if file is None:
                self._files_on_disk.pop(uri, None)
            else:
                self._files_on_disk[uri] = file
        self._take_definitions()

    def refresh(self) -> None:
        """Reread the known files that have changed on the disk; for clients that do not tell."""
        self.trust.refresh()
        for uri in {*self._files_on_disk, *map(uri_of, users_files())}:
            known = self._files_on_disk.get(uri)
            if (known.stamp if known else None) != stamp_of(uri):
                self.reread_from_disk([uri])

    def agent_file(self, uri: str) -> AgentFile | None:
        """The agent file as the editor has it, else as the disk has it."""
        on_disk = self._files_on_disk.get(canonical_uri(uri))
        return self._open_files.get(uri) or (on_disk.file if on_disk else None)

    def agent_file_uris(self) -> list[str]:
        """The URIs of all agent files; of open ones as their editor writes them."""
        return [uri for uri, _ in self._agent_files().values()]

    def agent_files(self) -> list[tuple[str, AgentFile]]:
        """All agent files, and their URIs as above."""
        return list(self._agent_files().values())

    def users_file(self) -> tuple[str, AgentFile] | None:
        """The user's own agent file, likewise."""
        own = uri_of(user_agent_file())
        opened = next(((uri, file) for uri, file in self._open_files.items() if canonical_uri(uri) == own), None)
        on_disk = self._files_on_disk.get(own)
        return opened or ((own, on_disk.file) if on_disk else None)

    def workspace_files(self) -> list[str]:
        """The URIs of the workspace's agent files and definitions, open or not; of open ones as above."""
        definitions = {canonical_uri(uri): uri for uri in self._providers.uris}
        files = {**definitions, **{canonical: uri for canonical, (uri, _) in self._agent_files().items()}}
        return [uri for canonical, uri in sorted(files.items()) if not _is_users(canonical)]

    def open_agent_files(self) -> list[str]:
        """The URIs of the agent files that an editor has open."""
        return list(self._open_files)

    def agents(self) -> list[KnownAgent]:
        """All agents that can be chosen by name, each name once.

        The user's own come first. A workspace's agent takes the place of the user's own of the same name only once it
        is trusted: a workspace must not silently replace an agent that the user counts on.
        """
        chosen: dict[str, KnownAgent] = {}
        for known in self.all_agents():
            first = chosen.setdefault(known.agent.name, known)
            if known.rank < first.rank:
                chosen[known.agent.name] = known
        return [known for name, known in chosen.items() if name]

    def all_agents(self, name: str | None = None) -> Iterator[KnownAgent]:
        """Every agent of every file, also those that others hide, or all of one name; the user's own first."""
        user_uri = uri_of(user_agent_file())
        for canonical, (uri, file) in sorted(self._agent_files().items(), key=lambda item: item[0] != user_uri):
            if canonical == user_uri:
                yield from (KnownAgent(entry, uri, "user") for entry in file.entries(name))
            else:
                folder = self._folder_of(uri)
                yield from (self._of_workspace(entry, uri, folder) for entry in file.entries(name))

    def agent(self, name: str) -> KnownAgent | None:
        """The agent that is meant by a name."""
        return min(self.all_agents(name), key=lambda known: known.rank, default=None) if name else None

    # Definitions of providers

    def providers(self, origin: Origin) -> ProviderCatalog:
        """The providers that agents can name: those of the user's own file, or those of a workspace."""
        return self._providers.catalog(origin)

    def providers_in(self, uri: str) -> ProviderCatalog:
        """The providers that the agents of a file can name."""
        return self.providers("user" if path_of(uri) == user_agent_file() else "workspace")

    def definition(self, uri: str) -> DefinitionFile | None:
        """The file of a definition, as the editor has it, else as the disk has it."""
        return self._providers.definition(uri)

    def definition_uri(self, name: str, origin: Origin) -> str | None:
        """The file that defines what a provider's name means; None for those that everybody has."""
        return self._providers.uri_of(name, origin)

    def open_files(self) -> list[str]:
        """The URIs of the agent files and definitions that an editor has open."""
        return [*self._open_files, *self._providers.open_uris]

    def _agent_files(self) -> dict[str, tuple[str, AgentFile]]:
        """Canonical URI → the URI in use and what it holds."""
        files = {uri: (uri, on_disk.file) for uri, on_disk in self._files_on_disk.items() if not is_definition(uri)}
        return files | {canonical_uri(uri): (uri, file) for uri, file in self._open_files.items()}

    def _take_definitions(self) -> None:
        definitions = {uri: known for uri, known in self._files_on_disk.items() if is_definition(uri)}
        self._providers.take({uri: known.file.text for uri, known in definitions.items()})

    # Trust

    def _of_workspace(self, entry: AgentEntry, uri: str, folder: str) -> KnownAgent:
        definition = self.providers("workspace").from_workspace(entry.agent.provider)
        known = KnownAgent(entry, uri, "workspace", folder, definition, is_trusted=False)
        digests = self.trust.digests_of(entry.agent.name) if self.settings.trust != "userOnly" else ()
        return replace(known, is_trusted=True) if digests and known.fingerprint in digests else known

    def _folder_of(self, uri: str) -> str:
        """The workspace folder around a file; for a file outside of all of them, its own folder."""
        path = path_of(uri)
        if path is None:
            return uri
        around = [root for root in self.roots if path.is_relative_to(root)]
        return str(max(around, key=lambda root: len(root.parts), default=path.parent))

    def _is_agent_file(self, uri: str, language_id: str) -> bool:
        is_users = path_of(uri) == user_agent_file()
        is_one = is_users or is_agent_file(named_path(uri), language_id, self.settings.files)
        return is_one and not is_definition(uri)


def _is_users(canonical: str) -> bool:
    path = path_of(canonical)
    return path is not None and (path == user_agent_file() or path.parent == user_provider_folder())
