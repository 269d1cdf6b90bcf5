"""All safe fixes of a file in one edit."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from dragoman.lint.diagnostic import Diagnostic, Fix
from dragoman.lint.mending import mend
from dragoman.syntax.line_edits import line_edits

KIND = "source.fixAll.dragoman"


def fix_all(text: str, diagnose: Callable[[str], Sequence[Diagnostic]]) -> Fix | None:
    """The edit after which no safe fix is left, those included that others lead to; None where there is none now."""
    mended = mend(text, diagnose)
    if not mended.fixed:
        return None
    title = "Make the one safe fix" if mended.fixed == 1 else f"Make all {mended.fixed} safe fixes"
    return Fix(title, tuple(line_edits(text, mended.text)), is_preferred=True)
