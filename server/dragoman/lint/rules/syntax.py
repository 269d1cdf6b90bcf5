"""The text is no JSON.

Every place where the grammar is broken is told, each once; what stands behind it is read all the same, so one broken
agent hides no other.

Example: `{"name": "docs" "url": "http://127.0.0.1:8765/"}`
Instead: `{"name": "docs", "url": "http://127.0.0.1:8765/"}`
"""

from __future__ import annotations

from collections.abc import Iterator

from dragoman.lint.diagnostic import Diagnostic, Related
from dragoman.lint.subject import Subject
from dragoman.lint.suggest import replacement
from dragoman.syntax.jsonc import Problem
from dragoman.syntax.text import Span


def check_cell(subject: Subject) -> Iterator[Diagnostic]:
    """One diagnostic for each problem of the parser."""
    for problem in subject.problems:
        if problem.code == "syntax":
            yield _diagnose(problem)


def _diagnose(problem: Problem) -> Diagnostic:
    insertion = Span(problem.insert_at, problem.insert_at)
    return Diagnostic(
        "syntax",
        problem.message,
        problem.span,
        fixes=(replacement(f"Insert {problem.missing}", insertion, problem.missing),) if problem.missing else (),
        related=(Related(problem.opened, "It was opened here."),) if problem.opened else (),
    )
