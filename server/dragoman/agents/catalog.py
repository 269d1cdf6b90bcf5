"""The providers that an agent can name: those that everybody has, the user's own, and those of the workspace.

A workspace must not decide what is done with the user's tokens. So the agents of the user's own file see no definition
of a workspace; nor does the user's definition that is `like` another one. A name that everybody has means the same in
every workspace; only the user can give it another meaning.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from functools import cache
from typing import Any, TypeAlias, cast

from dragoman.agents.built_in import load_data, load_provider, provider_names
from dragoman.agents.model import JsonValue
from dragoman.agents.provider import ProviderDefinition
from dragoman.agents.provider_check import DefinitionProblem, problems_in_text, problems_in_whole
from dragoman.agents.provider_reader import merged, read_definition
from dragoman.schema.store import Form, KnownProvider, agent_form, agent_form_with
from dragoman.syntax.jsonc import parse, to_value

_TELLS_NOTHING = frozenset(
    {"$schema", "title", "description", "documentation", "billing", "url", "needs", "parameters"}
)
"""Keys of a definition that have no say in what is sent, or where."""


class Owner(IntEnum):
    """Whose a definition is. What is `like` another one may take over from owners that are not above its own."""

    EVERYBODY = 0
    USER = 1
    WORKSPACE = 2


_BY_RIGHT = (Owner.USER, Owner.EVERYBODY, Owner.WORKSPACE)
"""Of definitions with one name, that of the first of these is meant."""


@dataclass(frozen=True, slots=True)
class DefinitionSource:
    """The file of a definition. `place` is what the file is called in sentences."""

    name: str
    text: str = field(repr=False)
    place: str
    owner: Owner


@dataclass(frozen=True, slots=True)
class BrokenProvider:
    """A definition that cannot be used. `reason` is a sentence that names the file and the key."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class _Whole:
    """A definition's data with all that it took over, and what is wrong with it."""

    data: Mapping[str, Any]
    problems: tuple[DefinitionProblem, ...] = ()


Provider: TypeAlias = ProviderDefinition | BrokenProvider


@dataclass(frozen=True, slots=True, eq=False)
class ProviderCatalog:
    """Every provider that some agents can name. Frozen; equal only to itself, so that what hangs on it can be kept."""

    own: Mapping[str, Provider] = field(default_factory=dict[str, Provider])
    """Those that not everybody has, or that replace one which everybody has."""
    problems: Mapping[DefinitionSource, tuple[DefinitionProblem, ...]] = field(
        default_factory=dict[DefinitionSource, tuple[DefinitionProblem, ...]]
    )
    """What is wrong with each file, also with those that do not count."""
    form: Form = field(default_factory=agent_form)
    """What an agent looks like that can name these."""
    _from_workspace: Mapping[str, JsonValue] = field(default_factory=dict[str, JsonValue])

    @property
    def names(self) -> tuple[str, ...]:
        """All names that mean something, sorted; broken definitions too."""
        return tuple(sorted({*provider_names(), *self.own}))

    def find(self, name: str) -> Provider | None:
        """What is meant by a name; None if nothing is."""
        return self.own.get(name) or load_provider(name)

    def definition(self, name: str) -> ProviderDefinition | None:
        """What is meant by a name, if it can be used."""
        found = self.find(name)
        return found if isinstance(found, ProviderDefinition) else None

    @property
    def definitions(self) -> list[ProviderDefinition]:
        """All that can be used: `custom` first, then by name."""
        found = [definition for name in self.names if (definition := self.definition(name))]
        return sorted(found, key=lambda definition: definition.name != "custom")

    def why_not(self, name: str) -> str:
        """The sentence that tells why `definition` gives nothing."""
        found = self.find(name)
        return found.reason if isinstance(found, BrokenProvider) else f"There is no provider “{name}”."

    def from_workspace(self, name: str) -> JsonValue:
        """What files of a workspace decide of the requests of this provider's agents; None where they have no say.

        The same for the same decisions, whatever a definition says of itself.
        """
        return self._from_workspace.get(name)


@cache
def built_in_catalog() -> ProviderCatalog:
    """What everybody has."""
    return ProviderCatalog()


def make_catalog(sources: Iterable[DefinitionSource]) -> ProviderCatalog:
    """The catalog of everything that everybody has and of these; of two with one owner and name the first."""
    library = _Library(tuple(sources))
    if not library.sources:
        return built_in_catalog()
    chosen = [source for source in library.sources if library.find(source.name, Owner.WORKSPACE) is source]
    own = {source.name: _provider(source, library.whole(source)) for source in chosen}
    return ProviderCatalog(
        own=own,
        problems={source: library.problems(source) for source in library.sources},
        form=agent_form_with(map(_known, own.values())),
        _from_workspace={source.name: library.from_workspace(source) for source in chosen},
    )


def read_provider(name: str, text: str) -> ProviderDefinition:
    """A definition of the user's beside what everybody has. Raises `ValueError` where something is wrong with it."""
    found = make_catalog([DefinitionSource(name, text, f"{name}.jsonc", Owner.USER)]).find(name)
    if isinstance(found, ProviderDefinition):
        return found
    raise ValueError(found.reason if found else name)


class _Library:
    """The files that a catalog is made from."""

    def __init__(self, sources: tuple[DefinitionSource, ...]) -> None:
        self.sources = sources
        self._problems = {source: problems_in_text(source.text) for source in sources}

    def find(self, name: str, owner: Owner, without: DefinitionSource | None = None) -> DefinitionSource | str | None:
        """What `name` means to a definition of `owner`: a file, the name of what everybody has, or nothing."""
        for whose in _BY_RIGHT:
            if whose is Owner.EVERYBODY and name in provider_names():
                return name
            for source in self.sources:
                if (source.owner, source.name) == (whose, name) and whose <= owner and source != without:
                    return source
        return None

    def problems(self, source: DefinitionSource) -> tuple[DefinitionProblem, ...]:
        """What is wrong with one file, what it took over included."""
        meant = self.find(source.name, Owner.WORKSPACE)
        hidden = () if meant is source else (_hidden(source, meant),)
        return (*self.whole(source).problems, *hidden)

    def whole(self, source: DefinitionSource, above: tuple[DefinitionSource, ...] = ()) -> _Whole:
        """The definition in a file; `above` are those that are like it, to tell a circle from a chain."""
        problems = self._problems[source]
        if problems:
            return _Whole({}, problems)
        own = _data(source)
        if "like" not in own:
            return _Whole(own, tuple(problems_in_whole(own)))
        base = self._base(own["like"], source, above)
        if isinstance(base, str):
            return _Whole({}, (DefinitionProblem("like", base, ("like",), self._names(source)),))
        data = merged(base, own)
        return _Whole(data, tuple(problems_in_whole(data)))

    def from_workspace(self, source: DefinitionSource) -> JsonValue:
        """What of a definition and of those that it is like comes from a workspace, as far as it matters."""
        parts: list[JsonValue] = []
        following: DefinitionSource | str | None = source
        while isinstance(following, DefinitionSource) and following.owner is Owner.WORKSPACE:
            if self.whole(following).problems:
                break
            own = _data(following)
            parts.append({key: value for key, value in own.items() if key not in _TELLS_NOTHING})
            following = self.find(own["like"], following.owner, following) if "like" in own else None
        return parts or None

    def _base(
        self, like: str, source: DefinitionSource, above: tuple[DefinitionSource, ...]
    ) -> Mapping[str, Any] | str:
        """The data of what a definition is like, or the sentence that tells why there are none."""
        found = self.find(like, source.owner, source)
        match found:
            case None:
                return f'"like" names "{like}", and there is no such provider.'
            case str():
                return load_data(found)
            case _ if found in above:
                return f'"like" leads back to this file, by way of "{like}".'
            case _:
                whole = self.whole(found, (*above, source))
                if whole.problems:
                    return f'"like" names "{like}", which cannot be used: {_in_file(found, whole.problems)}'
                return whole.data

    def _names(self, source: DefinitionSource) -> tuple[str, ...]:
        """What `like` may name in one file."""
        others = (other.name for other in self.sources if other is not source and other.owner <= source.owner)
        return tuple(sorted({*provider_names(), *others}))


def _provider(source: DefinitionSource, whole: _Whole) -> Provider:
    if whole.problems:
        where = _in_file(source, whole.problems)
        return BrokenProvider(source.name, f"The provider “{source.name}” cannot be used: {where}")
    return read_definition(source.name, whole.data)


def _in_file(source: DefinitionSource, problems: tuple[DefinitionProblem, ...]) -> str:
    return f"{source.place}: {problems[0].message}"


def _hidden(source: DefinitionSource, meant: DefinitionSource | str | None) -> DefinitionProblem:
    whose = f"the one in {meant.place}" if isinstance(meant, DefinitionSource) else "the one that everybody has"
    return DefinitionProblem("hidden", f"This definition has no effect: “{source.name}” means {whose}.")


def _known(provider: Provider) -> KnownProvider:
    if isinstance(provider, BrokenProvider):
        return KnownProvider(provider.name, provider.reason, {})
    return KnownProvider(provider.name, provider.description or provider.title, provider.parameters)


def _data(source: DefinitionSource) -> dict[str, Any]:
    return cast("dict[str, Any]", to_value(parse(source.text).root))
