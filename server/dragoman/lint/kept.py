"""Runs the rules over cells, and keeps what they found.

What was found in a cell, and in a group of cells, is kept as long as that and the scope are the same, with places that
count from its own start. So an edit costs what is said of its agent, not of the others.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from dragoman.agents.catalog import ProviderCatalog
from dragoman.lint.clean import is_clean
from dragoman.lint.diagnostic import Diagnostic
from dragoman.lint.registry import RULES
from dragoman.lint.rule import CellCheck
from dragoman.lint.subject import Subject
from dragoman.project.agent_file import AgentFile
from dragoman.syntax.jsonc import Cell, CellGroup, PlainCell
from dragoman.syntax.text import Span

Placed: TypeAlias = tuple[int, Diagnostic]
"""A diagnostic and the offset that its spans count from."""


@dataclass(frozen=True, slots=True, eq=False)
class Scope:
    """What the rules that look at cells depend on besides the cell. The same for the same, so that `is` compares."""

    providers: ProviderCatalog
    always: tuple[CellCheck, ...]
    optional: tuple[CellCheck, ...]
    """Those that may have something to say about what is called clean."""


@lru_cache(maxsize=8)
def scope_of(providers: ProviderCatalog, optional: frozenset[str]) -> Scope:
    """The scope with these providers, and with these of the rules that are off unless they are asked for."""
    checks = [(rule, rule.check_cell) for rule in RULES if rule.check_cell]
    return Scope(
        providers,
        tuple(check for rule, check in checks if not rule.is_optional),
        tuple(check for rule, check in checks if rule.name in optional),
    )


@dataclass(slots=True)
class Patience:
    """How many more cells the rules may look at; most cells are clean, and need none."""

    cells: float = float("inf")
    was_enough: bool = True

    def take(self) -> bool:
        """Whether there is some left for one more cell."""
        self.cells -= 1
        self.was_enough = self.was_enough and self.cells >= 0
        return self.cells >= 0


def found_in_cells(file: AgentFile, scope: Scope, patience: Patience, within: Span | None = None) -> Iterator[Placed]:
    """What was found in the cells of a file; or in those that touch a part of it alone."""
    for start, group in zip(file.cells.starts, file.cells.groups, strict=False):
        if within is not None:
            if start < within.end and within.start < start + group.length:
                yield from _found_in_part(group, file, start, scope, patience, within)
            continue
        for place, diagnostic in _found_in_group(group, file, start, scope, patience):
            yield start + place, diagnostic


_FOUND = object()
"""Stands for what was found last in a cell or a group, and in which scope, in what is kept with it."""


def _found_in_group(
    group: CellGroup, file: AgentFile, start: int, scope: Scope, patience: Patience
) -> tuple[Placed, ...]:
    """What was found in the cells of a group, each with its cell's place in the group."""
    kept: tuple[Scope, tuple[Placed, ...]] | None = group.kept.get(_FOUND)
    if kept is None or kept[0] is not scope:
        cells = zip(group.starts, group.cells, strict=True)
        found = ((place, _found_in_cell(cell, file.text, start + place, scope, patience)) for place, cell in cells)
        kept = scope, tuple((place, diagnostic) for place, said in found for diagnostic in said)
        if patience.was_enough:
            group.kept[_FOUND] = kept
    return kept[1]


def _found_in_part(
    group: CellGroup, file: AgentFile, start: int, scope: Scope, patience: Patience, within: Span
) -> Iterator[Placed]:
    for place, cell in zip(group.starts, group.cells, strict=True):
        at = start + place
        if at < within.end and within.start < at + cell.length:
            yield from ((at, diagnostic) for diagnostic in _found_in_cell(cell, file.text, at, scope, patience))


def _found_in_cell(cell: Cell, text: str, start: int, scope: Scope, patience: Patience) -> tuple[Diagnostic, ...]:
    kept: tuple[Scope, tuple[Diagnostic, ...]] | None = cell.kept.get(_FOUND)
    if kept is None or kept[0] is not scope:
        checks = _checks_for(cell, scope)
        if checks and not patience.take():
            return ()
        subject = Subject(cell, text[start : start + cell.length], scope.providers) if checks else None
        kept = scope, tuple(diagnostic for check in checks for diagnostic in check(subject)) if subject else ()
        cell.kept[_FOUND] = kept
    return kept[1]


def _checks_for(cell: Cell, scope: Scope) -> tuple[CellCheck, ...]:
    if isinstance(cell, PlainCell) and is_clean(cell.value, scope.providers):
        return scope.optional
    return scope.always + scope.optional
