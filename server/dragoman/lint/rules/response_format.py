"""`responseFormat` is no JsonPath.

It is read in the Jayway dialect, or by `jsonpath-ng` where `dialect` says so. A path that cannot be read takes nothing
from any answer.

Example: `{"connector": {"responseFormat": "$.choices[0.delta.content"}}`
Instead: `{"connector": {"responseFormat": "$.choices[0].delta.content"}}`
"""

from __future__ import annotations

from collections.abc import Iterator

from dragoman.lint.diagnostic import Diagnostic, Related
from dragoman.lint.subject import Subject
from dragoman.syntax.jsonc import StringNode, find


def check_cell(subject: Subject) -> Iterator[Diagnostic]:
    """One error at the character at which the path stops being one."""
    node = find(subject.node, ("connector", "responseFormat"))
    if not isinstance(node, StringNode) or not node.value.strip():
        return
    # Not at the top: a server that has no agent file open does without.
    from dragoman.syntax.jsonpath import PathProblem, compile_path

    dialect = find(subject.node, ("connector", "dialect"))
    is_ng = isinstance(dialect, StringNode) and dialect.value == "jsonpath-ng"
    path = node.value.strip()
    problem = compile_path(path, "jsonpath-ng" if is_ng else "jayway")
    if isinstance(problem, PathProblem):
        decoded = subject.decode(node)
        skipped = len(node.value) - len(node.value.lstrip())
        span = decoded.span(problem.span.start + skipped, problem.span.end + skipped)
        related = ()
        if problem.related:
            opened = decoded.span(problem.related.start + skipped, problem.related.end + skipped)
            related = (Related(opened, "It was opened here."),)
        yield Diagnostic("response-format", f"Inside responseFormat: {problem.message}", span, related=related)
