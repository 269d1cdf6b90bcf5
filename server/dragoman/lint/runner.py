"""Runs the rules over a file. What was found in a cell is kept as long as the cell and its providers are the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from weakref import WeakKeyDictionary

from dragoman.agents.catalog import ProviderCatalog, built_in_catalog
from dragoman.lint.diagnostic import Diagnostic, Severity
from dragoman.lint.registry import RULES
from dragoman.lint.rule import PlacedSubject
from dragoman.lint.rules import duplicate_key, syntax
from dragoman.lint.subject import Subject
from dragoman.project.agent_file import AgentFile
from dragoman.project.provider_files import DefinitionFile
from dragoman.syntax.jsonc import Cell

_SEVERITY_NAMES = {"error": Severity.ERROR, "warning": Severity.WARNING, "information": Severity.INFORMATION}


_RULES_OF_JSON = (syntax, duplicate_key)
"""What holds for every file; the other rules are about agents."""


@dataclass(frozen=True, slots=True)
class _Linted:
    """What was found in a cell with these providers."""

    subject: Subject
    diagnostics: tuple[Diagnostic, ...]


_linted_cells: WeakKeyDictionary[Cell, _Linted] = WeakKeyDictionary()


def lint(file: AgentFile, severities: Mapping[str, str], providers: ProviderCatalog | None = None) -> list[Diagnostic]:
    """Everything to say about `file`, in the order of the text; spans count from the file's start.

    `severities` is the setting `rules`: rule → "off", "information", "warning" or "error". `providers` are those that
    its agents can name; without any, those that everybody has.
    """
    providers = providers or built_in_catalog()
    found: list[Diagnostic] = []
    subjects: list[PlacedSubject] = []
    for start, cell in file.cells:
        linted = _lint_cell(cell, file.text, start, providers)
        subjects.append(PlacedSubject(start, linted.subject))
        found.extend(diagnostic.shifted(start) for diagnostic in linted.diagnostics)
    for rule in RULES:
        if rule.check_file:
            found.extend(rule.check_file(subjects))
    return _in_order(found, severities)


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
    return _in_order(found, severities)


def _in_order(found: list[Diagnostic], severities: Mapping[str, str]) -> list[Diagnostic]:
    if severities:
        found = [_with_severity(diagnostic, severities) for diagnostic in found if _is_on(diagnostic, severities)]
    return sorted(found, key=lambda diagnostic: (diagnostic.span.start, diagnostic.span.end))


def _lint_cell(cell: Cell, text: str, start: int, providers: ProviderCatalog) -> _Linted:
    linted = _linted_cells.get(cell)
    if linted is None or linted.subject.providers is not providers:
        subject = Subject(cell, text[start : start + cell.length], providers)
        checks = [rule.check_cell for rule in RULES if rule.check_cell]
        linted = _Linted(subject, tuple(diagnostic for check in checks for diagnostic in check(subject)))
        _linted_cells[cell] = linted
    return linted


def _is_on(diagnostic: Diagnostic, severities: Mapping[str, str]) -> bool:
    return severities.get(diagnostic.code) != "off"


def _with_severity(diagnostic: Diagnostic, severities: Mapping[str, str]) -> Diagnostic:
    wanted = _SEVERITY_NAMES.get(severities.get(diagnostic.code, ""))
    return diagnostic if wanted is None else replace(diagnostic, severity=wanted)
