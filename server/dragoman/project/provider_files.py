"""The files that define providers, wherever they are, and the catalogs that come of them.

`.agents/providers/<name>.jsonc` or `.json` in a workspace, `providers/<name>.jsonc` or `.json` in the user's config
folder. An open buffer counts more than the file on disk.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Literal

from dragoman.agents.catalog import DefinitionSource, Owner, ProviderCatalog, make_catalog
from dragoman.paths import canonical_uri, path_of, user_provider_folder
from dragoman.project import recognise
from dragoman.project.agent_file import AgentFile, read_agent_file

Origin = Literal["workspace", "user"]


@dataclass(frozen=True, slots=True)
class DefinitionFile:
    """An open file that defines a provider: its text in cells, and what it means among all others."""

    file: AgentFile
    source: DefinitionSource
    catalog: ProviderCatalog


def is_definition(uri: str) -> bool:
    """Whether a file defines a provider, by where it is."""
    path = path_of(uri)
    if path is None or path.suffix not in (".json", ".jsonc"):
        return False
    return path.parent == user_provider_folder() or recognise.is_definition(PurePosixPath(path.as_posix()))


def user_definitions() -> list[Path]:
    """The user's own definitions that are there."""
    folder = user_provider_folder()
    return sorted(file for pattern in ("*.jsonc", "*.json") for file in folder.glob(pattern))


class ProviderFiles:
    """Owns what is known of such files. What it hands out is frozen."""

    def __init__(self) -> None:
        self._open: dict[str, str] = {}
        self._on_disk: dict[str, str] = {}
        self._catalogs: dict[Origin, ProviderCatalog] = {}
        self._sources: dict[Origin, tuple[DefinitionSource, ...]] = {}
        self._is_stale = True

    def edit(self, uri: str, text: str) -> None:
        """An editor has this text."""
        self._open[uri] = text
        self._is_stale = True

    def close(self, uri: str) -> None:
        """The disk counts again."""
        if self._open.pop(uri, None) is not None:
            self._is_stale = True

    def take(self, texts: Mapping[str, str]) -> None:
        """Everything that is on the disk, by canonical URI."""
        if texts != self._on_disk:
            self._on_disk = dict(texts)
            self._is_stale = True

    def is_open(self, uri: str) -> bool:
        """Whether an editor has it."""
        return uri in self._open

    @property
    def uris(self) -> list[str]:
        """All of them; of open ones as their editor writes them."""
        opened = {canonical_uri(uri): uri for uri in self._open}
        return [opened.get(canonical, canonical) for canonical in self._texts()]

    def uri_of(self, name: str, origin: Origin) -> str | None:
        """The file that says what a name means; None where that is what everybody has, or nothing."""
        if name not in self.catalog(origin).own:
            return None
        sources = ((uri, _source(uri, "")) for uri in self.uris)
        of_name = [(uri, source.owner) for uri, source in sources if source.name == name]
        return min(of_name, key=lambda found: found[1] is not Owner.USER)[0]

    @property
    def open_uris(self) -> list[str]:
        """Those that an editor has."""
        return list(self._open)

    def catalog(self, origin: Origin) -> ProviderCatalog:
        """The providers that the agents of the user's own file can name, or those of a workspace."""
        if self._is_stale:
            self._make_catalogs()
        return self._catalogs[origin]

    def definition(self, uri: str) -> DefinitionFile | None:
        """A file, as the editor has it, else as the disk has it."""
        text = self._open.get(uri, self._on_disk.get(canonical_uri(uri)))
        if text is None:
            return None
        source = _source(uri, text)
        catalog = self.catalog("user" if source.owner is Owner.USER else "workspace")
        return DefinitionFile(read_agent_file(text), source, catalog)

    def _make_catalogs(self) -> None:
        """Anew, but for those that nothing has changed for: much is kept as long as a catalog stays the same."""
        sources = tuple(self._every_source())
        visible: dict[Origin, tuple[DefinitionSource, ...]] = {
            "user": tuple(source for source in sources if source.owner is Owner.USER),
            "workspace": sources,
        }
        for origin, seen in visible.items():
            if origin not in self._catalogs or self._sources[origin] != seen:
                self._catalogs[origin], self._sources[origin] = make_catalog(seen), seen
        self._is_stale = False

    def _every_source(self) -> Iterator[DefinitionSource]:
        """Those nearest to the root of a workspace first, and `.jsonc` before `.json`."""
        return (_source(uri, text) for uri, text in self._texts().items())

    def _texts(self) -> dict[str, str]:
        """Canonical URI → text, in the order in which they count."""
        texts = {**self._on_disk, **{canonical_uri(uri): text for uri, text in self._open.items()}}
        in_order = sorted(texts, key=lambda uri: (uri.count("/"), uri.endswith(".json"), uri))
        return {uri: texts[uri] for uri in in_order}


def _source(uri: str, text: str) -> DefinitionSource:
    path = path_of(uri)
    assert path is not None, "a definition is known by its path"
    owner = Owner.USER if path.parent == user_provider_folder() else Owner.WORKSPACE
    place = str(path) if owner is Owner.USER else f".agents/providers/{path.name}"
    return DefinitionSource(path.stem, text, place, owner)
