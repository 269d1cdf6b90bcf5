"""What is known of the answers of a kind of agent: which keys are where, and what they mean.

It is put together from the paths at which a provider's definition finds things. Of an agent that describes itself, all
that any provider has is possible, the common shapes first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from dragoman.agents.catalog import ProviderCatalog
from dragoman.agents.provider import ProviderDefinition, Selector
from dragoman.syntax.jsonpath import parse
from dragoman.syntax.jsonpath.ast import (
    And,
    Comparison,
    Condition,
    Descend,
    Exists,
    Filter,
    Index,
    Not,
    Or,
    Path,
    Property,
    Slice,
    Step,
    Wildcard,
)

_COMMON = ("openai", "ollama", "dify", "coze")
"""Whose shapes others often have, the most frequent first."""


@dataclass(slots=True)
class Shape:
    """One place in an answer. `keys` are those of an object, `items` what an array holds, `meaning` what is there."""

    keys: dict[str, Shape] = field(default_factory=dict[str, "Shape"])
    items: Shape | None = None
    meaning: str = ""

    def item(self) -> Shape:
        """What an array here holds."""
        self.items = self.items or Shape()
        return self.items


@dataclass(frozen=True, slots=True)
class KnownPath:
    """A JsonPath that finds something, and what that is."""

    path: str
    meaning: str
    is_text: bool


@lru_cache(maxsize=8)
def known_paths(provider: str, catalog: ProviderCatalog) -> tuple[KnownPath, ...]:
    """The paths at which agents of a kind have something, those of the text first, each once."""
    definition = None if provider == "custom" else catalog.definition(provider)
    if definition is not None:
        found = list(_paths_of(definition))
    else:
        others = sorted(catalog.definitions, key=lambda one: _COMMON.index(one.name) if one.name in _COMMON else 9)
        found = [path for other in others for path in _paths_of(other)]
    distinct: dict[str, KnownPath] = {}
    for known in found:
        distinct.setdefault(known.path, known)
    return tuple(sorted(distinct.values(), key=lambda known: not known.is_text))


@lru_cache(maxsize=8)
def answer_shape(provider: str, catalog: ProviderCatalog) -> Shape:
    """The shape of the answers of such agents."""
    root = Shape()
    for known in known_paths(provider, catalog):
        path = parse(known.path).path
        if path is not None:
            _add(root, path.steps, known.meaning)
    return root


def shapes_at(root: Shape, steps: Sequence[Step]) -> list[Shape]:
    """The places to which the steps of a path can lead."""
    places = [root]
    for step in steps:
        places = [found for place in places for found in _follow(place, step)]
    return places


def _paths_of(definition: ProviderDefinition) -> Iterator[KnownPath]:
    response, title = definition.response, definition.title
    yield from _selected(
        [*response.text, *response.replace, *response.final], f"The text of the answer ({title}).", is_text=True
    )
    yield from _selected(response.reasoning, f"The reasoning ({title}).")
    yield from _selected(response.follow_ups, f"Questions to go on with ({title}).")
    yield from _selected(response.errors, f"An error ({title}).")
    yield from _selected(response.end, f"The end of the answer ({title}).")
    for name, selectors in (*response.conversation.items(), *response.turn.items()):
        yield from _selected(selectors, f"What goes back as `${name}` ({title}).")
    for name, paths in response.usage.items():
        yield from (KnownPath(path, f"Usage: {name} ({title}).", is_text=False) for path in paths)
    if response.sources is not None:
        yield KnownPath(response.sources.path, f"The sources of the answer ({title}).", is_text=False)
    for path in response.stop.paths if response.stop else ():
        yield KnownPath(path, f"Why the answer stopped ({title}).", is_text=False)


def _selected(selectors: Iterable[Selector], meaning: str, *, is_text: bool = False) -> Iterator[KnownPath]:
    return (KnownPath(one.path, meaning, is_text) for one in selectors if one.path not in ("", "$"))


def _add(root: Shape, steps: Sequence[Step], meaning: str) -> None:
    places = [root]
    for step in steps:
        places = [found for place in places for found in _grow(place, step, is_root=place is root)]
    for place in places:
        place.meaning = place.meaning or meaning


def _grow(place: Shape, step: Step, *, is_root: bool) -> list[Shape]:
    """The places one step further, made where they are missing. An answer as a whole is an object."""
    match step:
        case Property(names=names):
            return [place.keys.setdefault(name, Shape()) for name in names]
        case Index() | Slice() | Wildcard():
            return [place.item()]
        case Filter(condition=condition):
            chosen = place if is_root else place.item()
            for path in _paths_in(condition):
                _add(chosen, path.steps, "")
            return [chosen]
        case _:
            return []


def _paths_in(condition: Condition) -> Iterator[Path]:
    match condition:
        case Comparison(left=left, right=right):
            yield from (side for side in (left, right) if isinstance(side, Path) and side.root == "@")
        case Exists(path=path):
            yield path
        case Not(condition=inner):
            yield from _paths_in(inner)
        case And(conditions=conditions) | Or(conditions=conditions):
            for one in conditions:
                yield from _paths_in(one)


def _follow(place: Shape, step: Step) -> Iterator[Shape]:
    match step:
        case Property(names=names):
            yield from (place.keys[name] for name in names if name in place.keys)
        case Index() | Slice():
            yield from [place.items] if place.items else []
        case Wildcard():
            yield from [*place.keys.values(), *([place.items] if place.items else [])]
        case Filter():
            yield place.items or place
        case Descend():
            yield place
            for inner in [*place.keys.values(), *([place.items] if place.items else [])]:
                yield from _follow(inner, step)
        case _:
            pass
