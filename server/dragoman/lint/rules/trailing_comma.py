"""A comma stands behind the last item of an array or object.

Dragoman reads on; JSON does not allow it, and AutoDev drops every agent of such a file without a word.

Example: `{"name": "docs", "url": "http://127.0.0.1:8765/",}`
Instead: `{"name": "docs", "url": "http://127.0.0.1:8765/"}`
"""

from __future__ import annotations

from collections.abc import Iterator

from dragoman.lint.diagnostic import Diagnostic, Severity
from dragoman.lint.subject import Subject
from dragoman.lint.suggest import replacement


def check_cell(subject: Subject) -> Iterator[Diagnostic]:
    """One warning for each such comma."""
    for problem in subject.problems:
        if problem.code == "trailing-comma":
            fixes = (replacement("Remove the comma", problem.span, ""),)
            yield Diagnostic("trailing-comma", problem.message, problem.span, Severity.WARNING, fixes)
