"""The file holds a comment.

Dragoman allows them; JSON does not, and AutoDev drops every agent of such a file without a word.

Example: `{"name": "docs" /* ours */, "url": "http://127.0.0.1:8765/"}`
Instead: say it in `description`
"""

from __future__ import annotations

from collections.abc import Iterator

from dragoman.lint.diagnostic import Diagnostic, Severity
from dragoman.lint.subject import Subject


def check_cell(subject: Subject) -> Iterator[Diagnostic]:
    """One piece of information for each comment."""
    message = "JSON has no comments: Dragoman allows this one, AutoDev would drop the whole file."
    for comment in subject.cell.comments:
        yield Diagnostic("comment", message, comment, Severity.INFORMATION)
