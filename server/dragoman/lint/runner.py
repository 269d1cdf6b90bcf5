"""Runs the rules over an agent file. What was found in a cell is kept as long as the cell is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from weakref import WeakKeyDictionary

from dragoman.lint.diagnostic import Diagnostic, Severity
from dragoman.lint.registry import RULES
from dragoman.lint.rule import PlacedSubject
from dragoman.lint.subject import Subject
from dragoman.project.agent_file import AgentFile
from dragoman.syntax.jsonc import Cell

_SEVERITY_NAMES = {"error": Severity.ERROR, "warning": Severity.WARNING, "information": Severity.INFORMATION}


@dataclass(frozen=True, slots=True)
class _Linted:
    subject: Subject
    diagnostics: tuple[Diagnostic, ...]


_linted_cells: WeakKeyDictionary[Cell, _Linted] = WeakKeyDictionary()


def lint(file: AgentFile, severities: Mapping[str, str]) -> list[Diagnostic]:
    """Everything to say about `file`, in the order of the text; spans count from the file's start.

    `severities` is the setting `rules`: rule → "off", "information", "warning" or "error".
    """
    found: list[Diagnostic] = []
    subjects: list[PlacedSubject] = []
    for start, cell in file.cells:
        linted = _lint_cell(cell, file.text, start)
        subjects.append(PlacedSubject(start, linted.subject))
        found.extend(diagnostic.shifted(start) for diagnostic in linted.diagnostics)
    for rule in RULES:
        if rule.check_file:
            found.extend(rule.check_file(subjects))
    if severities:
        found = [_with_severity(diagnostic, severities) for diagnostic in found if _is_on(diagnostic, severities)]
    return sorted(found, key=lambda diagnostic: (diagnostic.span.start, diagnostic.span.end))


def _lint_cell(cell: Cell, text: str, start: int) -> _Linted:
    linted = _linted_cells.get(cell)
    if linted is None:
        subject = Subject(cell, text[start : start + cell.length])
        checks = [rule.check_cell for rule in RULES if rule.check_cell]
        linted = _Linted(subject, tuple(diagnostic for check in checks for diagnostic in check(subject)))
        _linted_cells[cell] = linted
    return linted


def _is_on(diagnostic: Diagnostic, severities: Mapping[str, str]) -> bool:
    return severities.get(diagnostic.code) != "off"


def _with_severity(diagnostic: Diagnostic, severities: Mapping[str, str]) -> Diagnostic:
    wanted = _SEVERITY_NAMES.get(severities.get(diagnostic.code, ""))
    return diagnostic if wanted is None else replace(diagnostic, severity=wanted)
