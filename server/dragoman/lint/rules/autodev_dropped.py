"""AutoDev cannot read this, and so drops every agent of the file without a word.

It reads an array of agents with the keys that it knows: no other key (not even `$schema`), no single agent without an
array around it, no comment, no `requestFormat` that is an object instead of a string.

Example: `{"name": "docs", "url": "http://127.0.0.1:8765/"}`
Instead: `[{"name": "docs", "url": "http://127.0.0.1:8765/"}]`
"""

from __future__ import annotations

from collections.abc import Iterator

from dragoman.lint.diagnostic import Diagnostic, Severity
from dragoman.lint.directive import is_directive
from dragoman.lint.subject import Subject, key_mark
from dragoman.project.agent_file import AgentFile
from dragoman.syntax.jsonc import ObjectNode, find, find_property
from dragoman.syntax.jsonc.cell import State
from dragoman.syntax.text import Span

_OURS = (
    *(("$schema",), ("system",), ("provider",), ("parameters",), ("flow",)),
    *(("connector", "dialect"), ("auth", "header")),
)
"""Keys of the format that AutoDev does not know."""

_DROPS = "AutoDev would drop every agent of this file without a word"


def check_cell(subject: Subject) -> Iterator[Diagnostic]:
    """One diagnostic for each key of that kind. Keys that nobody knows, and most comments, are told of anyway."""
    for path in _OURS:
        entry = find_property(subject.node, path)
        if entry is not None:
            yield _diagnose(f'{_DROPS}: it does not know "{path[-1]}".', key_mark(entry))
    template = find(subject.node, ("connector", "requestFormat"))
    if isinstance(template, ObjectNode):
        span = Span(template.span.start, template.span.start + 1)
        yield _diagnose(f'{_DROPS}: its "requestFormat" is a string.', span)
    for comment in subject.cell.comments:
        if is_directive(subject.text[comment.start : comment.end]):
            yield _diagnose(f"{_DROPS}: JSON has no comments.", comment)


def check_file(file: AgentFile) -> Iterator[Diagnostic]:
    """One diagnostic for a file that holds an agent and no array."""
    first = file.cells[0]
    if first.cell.next_state is State.AFTER_OBJECT and isinstance(first.cell.node, ObjectNode):
        start = first.start + first.cell.node.span.start
        yield _diagnose(f"{_DROPS}: it wants an array [ ] around them.", Span(start, start + 1))


def _diagnose(message: str, span: Span) -> Diagnostic:
    return Diagnostic("autodev-dropped", message, span, Severity.WARNING)
