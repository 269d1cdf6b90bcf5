r"""`requestFormat` holds no JSON object.

It is a string with a JSON object inside (or that object itself). Broken JSON would mean a request that is not the one
described, so nothing is sent.

Example: `{"connector": {"requestFormat": "{'customFields': {}}"}}`
Instead: `{"connector": {"requestFormat": "{\"customFields\": {}}"}}`
"""

from __future__ import annotations

from collections.abc import Iterator

from dragoman.lint.diagnostic import Diagnostic
from dragoman.lint.subject import Subject
from dragoman.syntax.jsonc import ObjectNode


def check_cell(subject: Subject) -> Iterator[Diagnostic]:
    """One error for each problem of the JSON inside the string, at its place inside the string."""
    embedded = subject.request_format
    if embedded is None:
        return
    for problem in embedded.tree.problems:
        yield Diagnostic("request-format", f"Inside requestFormat: {problem.message}", embedded.span(problem.span))
    for comment in embedded.tree.comments:
        message = "Inside requestFormat: JSON has no comments."
        yield Diagnostic("request-format", message, embedded.span(comment))
    root = embedded.tree.root
    if not embedded.tree.problems and root is not None and not isinstance(root, ObjectNode):
        message = 'requestFormat must hold a JSON object: {"customFields": {…}} or {"fields": {…}}.'
        yield Diagnostic("request-format", message, embedded.span(root.span))
