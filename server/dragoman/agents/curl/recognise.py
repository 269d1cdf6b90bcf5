"""Which kind of agent a request is made for, told by its address and the shape of its body.

The definitions of providers are the only source: their `url`, and the template of their body.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from dragoman.agents.curl.body import Bound, bind, constants_in_common
from dragoman.agents.model import JsonValue
from dragoman.agents.provider import ProviderDefinition

_PLACE = re.compile(r"\{\w+\}")
_THIS_MACHINE = {"localhost": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::1": "127.0.0.1"}
_ENOUGH = 2
"""So many steps of the path, or constants of the body, tell a kind of agent on a host that is not its own."""


@dataclass(frozen=True, slots=True)
class Recognised:
    """A kind of agent, what its template finds in the body, and by what it was told."""

    definition: ProviderDefinition
    bound: Bound
    is_by_host: bool


@dataclass(frozen=True, slots=True)
class _Candidate:
    found: Recognised
    steps: int
    alike: int
    """Keys and constants that the body has in common with the template."""

    @property
    def rank(self) -> tuple[bool, int, int, bool, int]:
        """What is `like` another kind has to be told by its host or its own keys, not by a path that both have."""
        is_general = not self.found.definition.like
        return self.found.is_by_host, min(self.steps, _ENOUGH), self.alike, is_general, self.steps


def recognise(url: str, body: Mapping[str, JsonValue], definitions: Iterable[ProviderDefinition]) -> Recognised | None:
    """The kind of agent that best fits a request; None where none does."""
    candidates = [candidate for definition in definitions for candidate in _candidate(url, body, definition)]
    best = max(candidates, key=lambda candidate: candidate.rank, default=None)
    return best.found if best else None


def _candidate(url: str, body: Mapping[str, JsonValue], definition: ProviderDefinition) -> Iterator[_Candidate]:
    template = definition.request.body
    bound = bind(definition.request, body)
    if bound is None or not definition.url or definition.name == "custom":
        return
    literal_steps, steps = _shared_steps(definition.url, url)
    constants = constants_in_common(template, body)
    is_own_host = _is_host_of(definition.url, url)
    is_own_path = literal_steps > 0 and steps >= min(_ENOUGH, literal_steps)
    is_public = "127.0.0.1" not in definition.url
    if is_own_path or (is_own_host and is_public) or (literal_steps == 0 and constants >= _ENOUGH):
        alike = constants + sum(key in body for key in template)
        yield _Candidate(Recognised(definition, bound, is_own_host), steps, alike)


def _is_host_of(pattern: str, url: str) -> bool:
    return re.fullmatch(_as_pattern(_host(pattern), "[^.]+"), _host(url)) is not None


def _host(url: str) -> str:
    """Host and port, all names of this machine alike."""
    authority = re.split(r"[/?#]", url.partition("://")[2])[0].rpartition("@")[2].lower()
    name, colon, port = authority.partition(":")
    return f"{_THIS_MACHINE.get(name, name)}{colon}{port}"


def _shared_steps(pattern: str, url: str) -> tuple[int, int]:
    """How many steps with a text of their own the path of `pattern` has, and at how many of them `url` ends alike."""
    wanted = [step for step in _path(pattern).split("/") if step]
    given = [step for step in _path(url).split("/") if step]
    shared = 0
    for step, own in zip(reversed(wanted), reversed(given), strict=False):
        if not re.fullmatch(_as_pattern(step, "[^/]+"), own):
            break
        shared += _PLACE.fullmatch(step) is None
    return sum(_PLACE.fullmatch(step) is None for step in wanted), shared


def _path(url: str) -> str:
    try:
        return urlsplit(url).path
    except ValueError:
        return ""


def _as_pattern(text: str, place: str) -> str:
    """A regular expression for a text in which `{name}` stands for anything."""
    return place.join(map(re.escape, _PLACE.split(text)))
