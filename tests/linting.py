"""What the linter says about a text, and the text with what it offers to do about it."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from dragoman.agents.catalog import DefinitionSource, Owner, make_catalog
from dragoman.lint.diagnostic import Diagnostic, Fix
from dragoman.lint.runner import lint, lint_definition
from dragoman.lint.surroundings import Neighbour, Surroundings
from dragoman.project.agent_file import read_agent_file
from dragoman.project.provider_files import DefinitionFile
from marked import mark, unmark

AGENT = '"name": "docs", "url": "http://127.0.0.1:8765/"'
"""The inside of an agent with nothing wrong."""


def check(
    marked: str, *said: str, severities: Mapping[str, str] | None = None, surroundings: Surroundings | None = None
) -> None:
    """Exactly this is said: `said` are lines of code, severity and sentence, «…» what they mark, in the same order."""
    text, _ = unmark(marked)
    diagnostics = diagnose(text, severities, surroundings)
    assert mark(text, [diagnostic.span for diagnostic in diagnostics]) == marked
    assert [shown(diagnostic) for diagnostic in diagnostics] == list(said)


def check_agent(marked: str, *said: str) -> None:
    """The same for an agent that is good but for the keys in `marked`."""
    check(f"{{{AGENT}, {marked}}}", *said)


def diagnose(
    text: str, severities: Mapping[str, str] | None = None, surroundings: Surroundings | None = None
) -> list[Diagnostic]:
    return lint(read_agent_file(text), severities or {}, None, surroundings)


def around(users: str = "", *others: str, variables: Collection[str] = ()) -> Surroundings:
    """The user's own agent file and others of the workspace, with these texts."""
    own = Neighbour("file:///home/me/agents.json", read_agent_file(users)) if users else None
    neighbours = [Neighbour(f"file:///w/{number}.json", read_agent_file(text)) for number, text in enumerate(others)]
    return Surroundings(own, lambda: [*neighbours, *([own] if own else [])], frozenset(variables))


def diagnose_definition(text: str, name: str = "mine", owner: Owner = Owner.USER) -> list[Diagnostic]:
    """The same for the file of a provider's definition."""
    source = DefinitionSource(name, text, f"{name}.jsonc", owner)
    return lint_definition(DefinitionFile(read_agent_file(text), source, make_catalog([source])), {})


def shown(diagnostic: Diagnostic) -> str:
    return f"{diagnostic.code} {diagnostic.severity.name.lower()}: {diagnostic.message}"


def fixed(text: str, fix: Fix) -> str:
    for edit in sorted(fix.edits, key=lambda edit: edit.span.start, reverse=True):
        text = text[: edit.span.start] + edit.new_text + text[edit.span.end :]
    return text
