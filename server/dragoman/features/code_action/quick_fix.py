"""Quick-fixes: the edits that come with a diagnostic."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dragoman.lint.diagnostic import Diagnostic, Fix
from dragoman.syntax.text import Span


@dataclass(frozen=True, slots=True)
class QuickFix:
    """A fix and the diagnostic that it mends."""

    diagnostic: Diagnostic
    fix: Fix


def quick_fixes(diagnostics: Sequence[Diagnostic], span: Span) -> list[QuickFix]:
    """The fixes of all diagnostics that touch `span`."""
    return [
        QuickFix(diagnostic, fix)
        for diagnostic in diagnostics
        if diagnostic.span.start <= span.end and span.start <= diagnostic.span.end
        for fix in diagnostic.fixes
    ]
