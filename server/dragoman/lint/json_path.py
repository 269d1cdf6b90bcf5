"""What is wrong with a string that should hold a JsonPath, at its place inside the string."""

from __future__ import annotations

from collections.abc import Iterator

from dragoman.lint.diagnostic import Diagnostic, Related
from dragoman.lint.subject import Subject
from dragoman.syntax.jsonc import Node, StringNode


def check_path(subject: Subject, node: Node | None, dialect: str, code: str, key: str) -> Iterator[Diagnostic]:
    """One error at the character at which `node`, the value of `key`, stops being a path; a blank one is none."""
    if not isinstance(node, StringNode) or not node.value.strip():
        return
    # Not at the top: a server that has no agent file open does without.
    from dragoman.syntax.jsonpath import PathProblem, compile_path

    problem = compile_path(node.value.strip(), dialect)
    if isinstance(problem, PathProblem):
        decoded = subject.decode(node)
        skipped = len(node.value) - len(node.value.lstrip())
        span = decoded.span(problem.span.start + skipped, problem.span.end + skipped)
        related = ()
        if problem.related:
            opened = decoded.span(problem.related.start + skipped, problem.related.end + skipped)
            related = (Related(opened, "It was opened here."),)
        yield Diagnostic(code, f"Inside {key}: {problem.message}", span, related=related)
