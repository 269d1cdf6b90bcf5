"""Adding all keys that an agent lacks, each with a value to begin with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dragoman.agents.catalog import ProviderCatalog
from dragoman.features.code_action.quick_fix import QuickFix
from dragoman.lint.diagnostic import Diagnostic, Fix, TextEdit
from dragoman.lint.mending import edited
from dragoman.lint.rules import missing_key
from dragoman.lint.subject import Subject
from dragoman.project.agent_file import AgentFile, read_agent_file
from dragoman.syntax.line_edits import line_edits
from dragoman.syntax.text import Span

_CODE = "missing-key"


def additions(
    file: AgentFile, diagnostics: Sequence[Diagnostic], span: Span, catalog: ProviderCatalog
) -> Iterator[QuickFix]:
    """For the agent at `span` that lacks several keys, the fix that adds them all."""
    missing = [one for one in diagnostics if one.code == _CODE and one.fixes]
    touched = next((one for one in missing if one.span.start <= span.end and span.start <= one.span.end), None)
    if touched is None:
        return
    for entry in file.entries():
        if not entry.span.start <= touched.span.start < entry.span.end:
            continue
        before = file.text[entry.span.start : entry.span.end]
        after, count = _completed(before, catalog)
        if count > 1:
            edits = (TextEdit(edit.span.shifted(entry.span.start), edit.new_text) for edit in line_edits(before, after))
            yield QuickFix(touched, Fix(f"Add all {count} missing keys", tuple(edits), needs_user=True))
        return


def _completed(agent: str, catalog: ProviderCatalog) -> tuple[str, int]:
    """An agent with one key after the other, since each is put behind the one before; and how many these are."""
    count = 0
    while fixes := [fix for one in missing_key.check_cell(_subject(agent, catalog)) for fix in one.fixes]:
        agent, count = edited(agent, fixes[0].edits), count + 1
    return agent, count


def _subject(agent: str, catalog: ProviderCatalog) -> Subject:
    (_, cell), *_ = read_agent_file(agent).cells
    return Subject(cell, agent[: cell.length], catalog)
