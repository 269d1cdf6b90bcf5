"""What a rule is. Its module's docstring is its documentation: what, why, example, what to write instead."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import TypeAlias

from dragoman.agents.provider_check import DefinitionProblem
from dragoman.lint.diagnostic import Diagnostic
from dragoman.lint.subject import Subject
from dragoman.project.agent_file import AgentFile

CellCheck: TypeAlias = Callable[[Subject], Iterable[Diagnostic]]
"""Looks at one cell; spans count from its start. Depends on nothing else, since results are kept with the cell."""

FileCheck: TypeAlias = Callable[[AgentFile], Iterable[Diagnostic]]
"""Looks at a whole file, after every edit, so it must be quick: what it finds in a group of cells it keeps with that.
Spans count from the file's start."""

DefinitionCheck: TypeAlias = Callable[[Subject, Sequence[DefinitionProblem]], Iterable[Diagnostic]]
"""Looks at the first cell of a provider's definition, and at what is wrong with that; spans as in `CellCheck`."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its name is the diagnostics' code. It looks at cells of agent files, at whole ones, at definitions."""

    name: str
    documentation: str
    check_cell: CellCheck | None = None
    check_file: FileCheck | None = None
    check_definition: DefinitionCheck | None = None


def rule_of(module: ModuleType) -> Rule:
    """The rule in a module of `rules/`: `unknown_key` holds `unknown-key`, in `check_…`."""
    name = module.__name__.rpartition(".")[2].replace("_", "-")
    check_cell: CellCheck | None = getattr(module, "check_cell", None)
    check_file: FileCheck | None = getattr(module, "check_file", None)
    check_definition: DefinitionCheck | None = getattr(module, "check_definition", None)
    return Rule(name, module.__doc__ or "", check_cell, check_file, check_definition)
