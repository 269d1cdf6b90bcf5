"""The file holds a comment.

Dragoman allows them; JSON does not, and AutoDev drops every agent of such a file without a word. Comments that switch
rules off are not told of.

Example: `{"name": "docs" /* ours */, "url": "http://127.0.0.1:8765/"}`
Instead: say it in `description`
"""

from __future__ import annotations

from collections.abc import Iterator

from dragoman.lint.diagnostic import Diagnostic, Severity
from dragoman.lint.directive import is_directive
from dragoman.lint.subject import Subject


def check_cell(subject: Subject) -> Iterator[Diagnostic]:
    """One piece of information for each comment."""
    message = "JSON has no comments: Dragoman allows this one, AutoDev would drop the whole file."
    for comment in subject.cell.comments:
        if is_directive(subject.text[comment.start : comment.end]):
            continue  # whoever writes one knows who reads it
        yield Diagnostic("comment", message, comment, Severity.INFORMATION)
