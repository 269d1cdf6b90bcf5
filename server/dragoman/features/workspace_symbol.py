"""Workspace symbols: the agents of all files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from dragoman.project.known_agent import KnownAgent
from dragoman.project.project import Project

MOST_SYMBOLS = 1000
"""Nobody reads more; a longer query finds the others."""


@dataclass(frozen=True, slots=True)
class AgentSymbol:
    """One agent that a query finds. `rank` is lower the better it fits."""

    known: KnownAgent
    rank: int


def workspace_symbols(project: Project, query: str) -> list[KnownAgent]:
    """The agents whose names have the letters of `query` in that order, the likeliest first."""
    found = sorted(_matching(project, query.casefold()), key=lambda symbol: symbol.rank)
    return [symbol.known for symbol in found[:MOST_SYMBOLS]]


def _matching(project: Project, wanted: str) -> Iterator[AgentSymbol]:
    for known in project.all_agents():
        name = known.agent.name.casefold()
        rank = _rank(name, wanted)
        if name and rank is not None:
            yield AgentSymbol(known, rank)


def _rank(name: str, wanted: str) -> int | None:
    if name.startswith(wanted):
        return 0
    if wanted in name:
        return 1
    letters = iter(name)
    return 2 if all(letter in letters for letter in wanted) else None
