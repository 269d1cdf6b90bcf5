"""What there is to say about a file: all rules, what comments and settings make of it, in order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from dragoman.agents.catalog import ProviderCatalog, built_in_catalog
from dragoman.lint.diagnostic import Diagnostic
from dragoman.lint.directive import directives_in
from dragoman.lint.disabled import Disabled
from dragoman.lint.kept import Patience, Placed, found_in_cells, scope_of
from dragoman.lint.registry import RULES
from dragoman.lint.rules import disable_comment, duplicate_key, syntax
from dragoman.lint.severity import optional_rules, with_severity
from dragoman.lint.subject import Subject
from dragoman.lint.surroundings import Surroundings
from dragoman.project.agent_file import AgentFile
from dragoman.project.provider_files import DefinitionFile
from dragoman.syntax.text import Span

_RULES_OF_JSON = (syntax, duplicate_key)
"""What holds for every file; the other rules are about agents."""

_RULES_OF_DEFINITIONS = [(rule.name, rule.check_definition) for rule in RULES if rule.check_definition]
_RULES_OF_FILES = [(rule.name, rule.is_optional, rule.check_file) for rule in RULES if rule.check_file]
_RULES_OF_PROJECTS = {rule.name: rule.check_project for rule in RULES if rule.check_project}
_ALWAYS = frozenset(rule.name for rule in RULES if not rule.is_optional and rule.name not in _RULES_OF_PROJECTS)
_OF_DEFINITIONS = frozenset({"syntax", "duplicate-key", *(name for name, _ in _RULES_OF_DEFINITIONS)})

STEP = 400
"""Cells that the rules look at in one step."""


@dataclass(frozen=True, slots=True)
class Worst:
    """The worst of what there is to say about a file, and how much more there is."""

    diagnostics: list[Diagnostic]
    left_out: int
    is_whole: bool = True
    """False where some agents have yet to be looked at: ask again."""


def lint(
    file: AgentFile,
    severities: Mapping[str, str],
    providers: ProviderCatalog | None = None,
    surroundings: Surroundings | None = None,
) -> list[Diagnostic]:
    """Everything to say about `file`, in the order of the text; spans count from the file's start.

    `severities` is the setting `rules`: rule or group → "off", "information", "warning" or "error". `providers` are
    those that its agents can name; without any, those that everybody has. Without `surroundings`, the file is looked at
    by itself.
    """
    found = _lint(file, severities, providers or built_in_catalog(), surroundings, Patience())
    return _in_order([diagnostic.shifted(start) for start, diagnostic in found])


def lint_agents(
    file: AgentFile,
    severities: Mapping[str, str],
    providers: ProviderCatalog,
    patience: Patience,
    within: Span | None = None,
) -> list[Placed]:
    """What there is to say about the agents of `file` by themselves, in the order of their starts in the text.

    Not what takes more than `patience`; of what stands outside of `within`, as much as is known anyway. There may be a
    hundred thousand, of which few are looked at: their spans count from the offsets that stand with them.
    """
    found = _lint(file, severities, providers, None, patience, within)
    return sorted(found, key=start_of)


def start_of(placed: Placed) -> int:
    """Where in the text a diagnostic begins."""
    return placed[0] + placed[1].span.start


def lint_worst(
    file: AgentFile,
    severities: Mapping[str, str],
    providers: ProviderCatalog,
    most: int,
    surroundings: Surroundings | None = None,
) -> Worst:
    """The same, but no more than `most`, and in steps that take no longer than a third of a second."""
    patience = Patience(STEP)
    found = _lint(file, severities, providers, surroundings, patience)
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
    subjects = [(start, Subject(cell, file.text[start : start + cell.length], providers)) for start, cell in file.cells]
    found = [
        (start, diagnostic)
        for start, subject in subjects
        for rule in _RULES_OF_JSON
        for diagnostic in rule.check_cell(subject)
    ]
    start, first = subjects[0]
    for _, check in _RULES_OF_DEFINITIONS:
        found.extend((start, diagnostic) for diagnostic in check(first, providers.problems[definition.source]))
    enabled = _enabled(file, found, _OF_DEFINITIONS)
    return _in_order([diagnostic.shifted(start) for start, diagnostic in _as_set(enabled, severities)])


def with_severities(found: list[Diagnostic], severities: Mapping[str, str]) -> list[Diagnostic]:
    """What is left of `found`, with the severities that the user wants."""
    return [diagnostic for _, diagnostic in _as_set([(0, one) for one in found], severities)]


def _in_order(found: list[Diagnostic]) -> list[Diagnostic]:
    return sorted(found, key=lambda diagnostic: (diagnostic.span.start, diagnostic.span.end))


def _lint(
    file: AgentFile,
    severities: Mapping[str, str],
    providers: ProviderCatalog,
    surroundings: Surroundings | None,
    patience: Patience,
    within: Span | None = None,
) -> list[Placed]:
    optional = optional_rules(severities)
    found = list(found_in_cells(file, scope_of(providers, optional), patience, within))
    for name, is_optional, check in _RULES_OF_FILES:
        if not is_optional or name in optional:
            found.extend((0, diagnostic) for diagnostic in check(file))
    if surroundings is not None:
        checks = _RULES_OF_PROJECTS.values()
        found.extend((0, diagnostic) for check in checks for diagnostic in check(file, surroundings))
    running = _ALWAYS | optional | (frozenset(_RULES_OF_PROJECTS) if surroundings else frozenset[str]())
    is_all = patience.was_enough and within is None
    return _as_set(_enabled(file, found, running if is_all else frozenset()), severities)


def _enabled(file: AgentFile, found: list[Placed], running: frozenset[str]) -> list[Placed]:
    """What comments have not switched off; and what there is to say of these. `running`: the rules that were run."""
    directives = directives_in(file)
    if not directives:
        return found
    disabled = Disabled(directives, file.text)
    left = [(start, one) for start, one in found if not disabled.hides(one.code, start + one.span.start)]
    return left + [(0, one) for one in disable_comment.check_directives(disabled.told(running))]


def _as_set(found: list[Placed], severities: Mapping[str, str]) -> list[Placed]:
    """With the severities that the user wants."""
    if not severities:
        return found
    wanted = ((start, with_severity(diagnostic, severities)) for start, diagnostic in found)
    return [(start, diagnostic) for start, diagnostic in wanted if diagnostic is not None]
