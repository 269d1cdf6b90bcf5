"""A path that is legal, and surely not meant as it is read.

The Jayway engine takes nearly every character for a part of a name, passes over one stray character at the end and
ignores the step of a slice: no error tells of that, the path just finds nothing or something else.

Example: `{"connector": {"responseFormat": "$.messages[?(@.final&&@.text)].text"}}`
Instead: `{"connector": {"responseFormat": "$.messages[?(@.final && @.text)].text"}}`
"""

from __future__ import annotations

from collections.abc import Iterator

from dragoman.lint.diagnostic import Diagnostic, Fix, Severity, TextEdit
from dragoman.lint.subject import Subject
from dragoman.syntax.jsonc import ArrayNode, Node, StringNode, encode_string, find


def check_cell(subject: Subject) -> Iterator[Diagnostic]:
    """One warning for each such place; information where the path does what was meant all the same."""
    dialect = find(subject.node, ("connector", "dialect"))
    if not isinstance(dialect, StringNode) or dialect.value == "jayway":
        yield from _check(subject, find(subject.node, ("connector", "responseFormat")))
    transition = find(subject.node, ("transition",))
    for entry in transition.items if isinstance(transition, ArrayNode) else ():
        for key in ("source", "target"):
            yield from _check(subject, find(entry, (key,)))


def _check(subject: Subject, node: Node | None) -> Iterator[Diagnostic]:
    if not isinstance(node, StringNode) or not node.value.strip():
        return
    # Not at the top: a server that has no agent file open does without.
    from dragoman.lint.path_hints import hints

    skipped = len(node.value) - len(node.value.lstrip())
    decoded = subject.decode(node)
    for hint in hints(node.value.strip()):
        start, end = hint.span.start + skipped, hint.span.end + skipped
        severity = Severity.INFORMATION if hint.is_minor else Severity.WARNING
        span, place = decoded.span(start, max(end, start + 1)), decoded.span(start, end)
        fixes = ()
        if hint.instead is not None:
            title = f"Change to “{hint.instead}”" if hint.instead else "Remove it"
            fixes = (Fix(title, (TextEdit(place, encode_string(hint.instead)[1:-1]),), is_preferred=True),)
        yield Diagnostic("odd-path", hint.message, span, severity, fixes)
