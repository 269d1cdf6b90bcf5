"""What a rule is. Its module's docstring is its documentation: what, why, example, what to write instead."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import TypeAlias

from dragoman.agents.provider_check import DefinitionProblem
from dragoman.lint.diagnostic import Diagnostic
from dragoman.lint.directive import Told
from dragoman.lint.subject import Subject
from dragoman.lint.surroundings import Surroundings
from dragoman.project.agent_file import AgentFile

CellCheck: TypeAlias = Callable[[Subject], Iterable[Diagnostic]]
"""Looks at one cell; spans count from its start. Depends on nothing else, since results are kept with the cell."""

FileCheck: TypeAlias = Callable[[AgentFile], Iterable[Diagnostic]]
"""Looks at a whole file, after every edit, so it must be quick: what it finds in a group of cells it keeps with that.
Spans count from the file's start."""

ProjectCheck: TypeAlias = Callable[[AgentFile, Surroundings], Iterable[Diagnostic]]
"""Looks at a whole file in its surroundings, likewise."""

DefinitionCheck: TypeAlias = Callable[[Subject, Sequence[DefinitionProblem]], Iterable[Diagnostic]]
"""Looks at the first cell of a provider's definition, and at what is wrong with that; spans as in `CellCheck`."""

DirectiveCheck: TypeAlias = Callable[[Sequence[Told]], Iterable[Diagnostic]]
"""Looks at the comments that switch rules off, once all others have been run. Spans count from the file's start."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its name is the diagnostics' code.

    It looks at cells of agent files, at whole ones, at those and what is around them, at definitions, or at comments
    that switch rules off. One that `is_optional` is run only where it was asked for.
    """

    name: str
    group: str
    documentation: str
    is_optional: bool = False
    check_cell: CellCheck | None = None
    check_file: FileCheck | None = None
    check_project: ProjectCheck | None = None
    check_definition: DefinitionCheck | None = None
    check_directives: DirectiveCheck | None = None


def markdown(rule: Rule) -> str:
    """Its documentation, with the example and what to write instead as a list."""
    return re.sub(r"^(Example|Instead): ", r"- *\1:* ", rule.documentation.strip(), flags=re.MULTILINE)


CHECKS = ("check_cell", "check_file", "check_project", "check_definition", "check_directives")
"""What a rule's module may hold, by the names that they have there."""


def rule_of(module: ModuleType, group: str, *, is_optional: bool = False) -> Rule:
    """The rule in a module of `rules/`: `unknown_key` holds `unknown-key`, in `check_…`."""
    name = module.__name__.rpartition(".")[2].replace("_", "-")
    checks = {check: getattr(module, check, None) for check in CHECKS}
    return Rule(name, group, module.__doc__ or "", is_optional, **checks)
