"""Runs the rules over a file.

What was found in a cell, and in a group of cells, is kept as long as that and its providers are the same, with places
that count from its own start. So an edit costs what is said of its agent, not of the others.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias
from weakref import WeakKeyDictionary

from dragoman.agents.catalog import ProviderCatalog, built_in_catalog
from dragoman.lint.clean import is_clean
from dragoman.lint.diagnostic import Diagnostic, Severity
from dragoman.lint.registry import RULES
from dragoman.lint.rules import duplicate_key, syntax
from dragoman.lint.subject import Subject
from dragoman.project.agent_file import AgentFile
from dragoman.project.provider_files import DefinitionFile
from dragoman.syntax.jsonc import Cell, CellGroup, PlainCell

_SEVERITY_NAMES = {"error": Severity.ERROR, "warning": Severity.WARNING, "information": Severity.INFORMATION}


_RULES_OF_JSON = (syntax, duplicate_key)
"""What holds for every file; the other rules are about agents."""

_RULES_OF_CELLS = [rule.check_cell for rule in RULES if rule.check_cell]
_RULES_OF_FILES = [rule.check_file for rule in RULES if rule.check_file]


_STEP = 400
"""Cells that the rules look at in one step."""


@dataclass(frozen=True, slots=True)
class Worst:
    """The worst of what there is to say about a file, and how much more there is."""

    diagnostics: list[Diagnostic]
    left_out: int
    is_whole: bool = True
    """False where some agents have yet to be looked at: ask again."""


@dataclass(slots=True)
class _Patience:
    """How many more cells the rules may look at; most cells are clean, and need none."""

    cells: float = float("inf")
    was_enough: bool = True

    def take(self) -> bool:
        """Whether there is some left for one more cell."""
        self.cells -= 1
        self.was_enough = self.was_enough and self.cells >= 0
        return self.cells >= 0


def lint(file: AgentFile, severities: Mapping[str, str], providers: ProviderCatalog | None = None) -> list[Diagnostic]:
    """Everything to say about `file`, in the order of the text; spans count from the file's start.

    `severities` is the setting `rules`: rule → "off", "information", "warning" or "error". `providers` are those that
    its agents can name; without any, those that everybody has.
    """
    found = _lint(file, severities, providers or built_in_catalog(), _Patience())
    return _in_order([diagnostic.shifted(start) for start, diagnostic in found])


def lint_worst(file: AgentFile, severities: Mapping[str, str], providers: ProviderCatalog, most: int) -> Worst:
    """The same, but no more than `most`, and in steps that take no longer than a third of a second."""
    patience = _Patience(_STEP)
    found = _lint(file, severities, providers, patience)
    worst = found if len(found) <= most else sorted(found, key=lambda placed: placed[1].severity)[:most]
    told = worst_of(_in_order([diagnostic.shifted(start) for start, diagnostic in worst]), most)
    return replace(told, left_out=len(found) - len(worst), is_whole=patience.was_enough)


def worst_of(found: list[Diagnostic], most: int) -> Worst:
    """The same of what has been found already: in the order of the text, or if that is too much, the worst first."""
    worst = found if len(found) < most else sorted(found, key=lambda one: one.severity)[:most]
    return Worst(worst, len(found) - len(worst))


def lint_definition(definition: DefinitionFile, severities: Mapping[str, str]) -> list[Diagnostic]:
    """Everything to say about the file of a provider's definition, likewise."""
    file, providers = definition.file, definition.catalog
    subjects = [Subject(cell, file.text[start : start + cell.length], providers) for start, cell in file.cells]
    starts = [start for start, _ in file.cells]
    found = [
        diagnostic.shifted(start)
        for start, subject in zip(starts, subjects, strict=True)
        for rule in _RULES_OF_JSON
        for diagnostic in rule.check_cell(subject)
    ]
    for rule in RULES:
        if rule.check_definition:
            said = rule.check_definition(subjects[0], providers.problems[definition.source])
            found.extend(diagnostic.shifted(starts[0]) for diagnostic in said)
    return _in_order(with_severities(found, severities))


def with_severities(found: list[Diagnostic], severities: Mapping[str, str]) -> list[Diagnostic]:
    """What is left of `found`, with the severities that the user wants."""
    return [diagnostic for _, diagnostic in _as_set([(0, one) for one in found], severities)]


def _in_order(found: list[Diagnostic]) -> list[Diagnostic]:
    return sorted(found, key=lambda diagnostic: (diagnostic.span.start, diagnostic.span.end))


Placed: TypeAlias = tuple[int, Diagnostic]
"""A diagnostic and the offset that its spans count from."""


def _lint(
    file: AgentFile, severities: Mapping[str, str], providers: ProviderCatalog, patience: _Patience
) -> list[Placed]:
    found: list[Placed] = []
    for start, group in zip(file.cells.starts, file.cells.groups, strict=False):
        said = _lint_group(group, file, start, providers, patience)
        found.extend((start + place, diagnostic) for place, diagnostic in said)
    found.extend((0, diagnostic) for rule in _RULES_OF_FILES for diagnostic in rule(file))
    return _as_set(found, severities)


_linted_groups: WeakKeyDictionary[CellGroup, tuple[ProviderCatalog, tuple[Placed, ...]]] = WeakKeyDictionary()
_linted_cells: WeakKeyDictionary[Cell, tuple[ProviderCatalog, tuple[Diagnostic, ...]]] = WeakKeyDictionary()


def _lint_group(
    group: CellGroup, file: AgentFile, start: int, providers: ProviderCatalog, patience: _Patience
) -> tuple[Placed, ...]:
    """What was found in the cells of a group, each with its cell's place in the group."""
    linted = _linted_groups.get(group)
    if linted is None or linted[0] is not providers:
        cells = zip(group.starts, group.cells, strict=True)
        found = ((place, _lint_cell(cell, file.text, start + place, providers, patience)) for place, cell in cells)
        linted = providers, tuple((place, diagnostic) for place, said in found for diagnostic in said)
        if patience.was_enough:
            _linted_groups[group] = linted
    return linted[1]


def _lint_cell(
    cell: Cell, text: str, start: int, providers: ProviderCatalog, patience: _Patience
) -> tuple[Diagnostic, ...]:
    linted = _linted_cells.get(cell)
    if linted is None or linted[0] is not providers:
        if isinstance(cell, PlainCell) and is_clean(cell.value, providers):
            linted = providers, ()
        elif not patience.take():
            return ()
        else:
            subject = Subject(cell, text[start : start + cell.length], providers)
            linted = providers, tuple(diagnostic for check in _RULES_OF_CELLS for diagnostic in check(subject))
        _linted_cells[cell] = linted
    return linted[1]


def _as_set(found: list[Placed], severities: Mapping[str, str]) -> list[Placed]:
    """With the severities that the user wants."""
    if not severities:
        return found
    return [
        (start, _with_severity(diagnostic, severities)) for start, diagnostic in found if _is_on(diagnostic, severities)
    ]


def _is_on(diagnostic: Diagnostic, severities: Mapping[str, str]) -> bool:
    return severities.get(diagnostic.code) != "off"


def _with_severity(diagnostic: Diagnostic, severities: Mapping[str, str]) -> Diagnostic:
    wanted = _SEVERITY_NAMES.get(severities.get(diagnostic.code, ""))
    return diagnostic if wanted is None else replace(diagnostic, severity=wanted)
