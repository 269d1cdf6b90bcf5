"""A reference to a variable of the environment that is not set, the first one to each.

Such agents cannot be asked from here. That may be as it should: the variable may be set where others use the file.

Example: `{"auth": {"type": "Bearer", "token": "${env:DOCS_TOKN}"}}`
Instead: `{"auth": {"type": "Bearer", "token": "${env:DOCS_TOKEN}"}}`
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from dragoman.agents.catalog import built_in_catalog
from dragoman.lint.diagnostic import Diagnostic, Severity
from dragoman.lint.subject import Subject
from dragoman.lint.suggest import closest, proposal
from dragoman.lint.surroundings import Surroundings
from dragoman.project.agent_file import AgentFile
from dragoman.secrets.reference import find_references
from dragoman.syntax.jsonc import Cell, CellGroup, find, keep
from dragoman.syntax.text import Span

_MENTION = re.compile(r"\$\{env:([^{}]*)\}")
_REFERRING = (("url",), ("auth", "token"), ("parameters",))


def check_project(file: AgentFile, surroundings: Surroundings) -> Iterator[Diagnostic]:
    """One piece of information for each such variable, at the first reference: once it is set, it is for all."""
    groups = zip(file.cells.starts, file.cells.groups, strict=False)
    placed = [(start, group, _mentioned(group, file.text, start)) for start, group in groups]
    mentioned = frozenset[str]().union(*(names for _, _, names in placed))
    unset = {name for name in mentioned if name and name not in surroundings.variables}
    for start, group, names in placed:
        cells = zip(group.starts, group.cells, strict=True) if not unset.isdisjoint(names) else ()
        for place, cell in cells:
            for name, span in _references_in(cell, file.text, start + place):
                if name in unset:
                    unset.discard(name)
                    yield _diagnose(name, span.shifted(start + place), surroundings.variables)


@keep
def _mentioned(group: CellGroup, text: str, start: int) -> frozenset[str]:
    """The variables that are named anywhere in a group of cells."""
    return frozenset(_MENTION.findall(text, start, start + group.length))


@keep
def _references_in(cell: Cell, text: str, start: int) -> tuple[tuple[str, Span], ...]:
    """Each variable that a cell refers to, and where."""
    own = text[start : start + cell.length]
    return tuple(_references_of(Subject(cell, own, built_in_catalog()))) if _MENTION.search(own) else ()


def _references_of(subject: Subject) -> Iterator[tuple[str, Span]]:
    """Each variable where it counts: in the url, the token, parameters, templates and headers."""
    strings = [found for path in _REFERRING for found in subject.strings(*path)]
    template = find(subject.node, ("connector", "requestFormat"))
    if template is not None and _MENTION.search(subject.text, template.span.start, template.span.end):
        strings += subject.template_strings("fields", "customFields", "customHeaders")
    for string in strings:
        for found in find_references(string.value):
            if found.source == "env":
                yield found.name, string.place(found.start, found.end)


@lru_cache(maxsize=256)
def _meant(name: str, variables: frozenset[str]) -> str | None:
    return closest(name, sorted(variables))


def _diagnose(name: str, span: Span, variables: frozenset[str]) -> Diagnostic:
    meant = _meant(name, variables)
    hint = f' Did you mean "{meant}"?' if meant else ""
    fixes = (proposal(meant, span, f"${{env:{meant}}}"),) if meant else ()
    message = f"The environment variable {name} is not set here, so this agent cannot be asked.{hint}"
    return Diagnostic("unset-variable", message, span, Severity.INFORMATION, fixes)
