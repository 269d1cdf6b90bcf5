"""A file that defines a provider has something in it that means nothing, or is not as it must be.

Such a definition is not used at all: the agents that name it cannot be asked until it is mended. One that a workspace
gives a name which everybody or the user has already is sound, but has no effect.

Example: `{"like": "openai", "respones": {"text": ["$.answer"]}}`
Instead: `{"like": "openai", "response": {"text": ["$.answer"]}}`
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dragoman.agents.provider_check import DefinitionProblem
from dragoman.lint.diagnostic import Diagnostic, Severity
from dragoman.lint.json_path import check_path
from dragoman.lint.subject import Subject, key_mark, owner_mark
from dragoman.lint.suggest import closest, correction
from dragoman.syntax.jsonc import encode_string, find, find_property
from dragoman.syntax.text import Span


def check_definition(subject: Subject, problems: Sequence[DefinitionProblem]) -> Iterator[Diagnostic]:
    """One diagnostic for each thing that is wrong, where it stands."""
    for problem in problems:
        node = find(subject.node, problem.path)
        match problem.kind:
            case "syntax" if subject.problems or subject.node is not None:
                pass  # told already
            case "format":
                yield from check_path(subject, node, "jayway", "provider-definition", problem.key)
            case "hidden":
                yield Diagnostic("provider-definition", problem.message, _mark(subject, problem), Severity.WARNING)
            case _:
                yield _with_hint(subject, problem)


def _mark(subject: Subject, problem: DefinitionProblem) -> Span:
    """The key that means nothing, else the value that is wrong, else the first brace."""
    entry = find_property(subject.node, problem.path)
    if entry is not None and (problem.kind in ("additionalProperties", "required") or entry.value is None):
        return key_mark(entry)
    node = find(subject.node, problem.path)
    if node is None or not problem.path:
        return owner_mark(node) if node else Span(0, 0)
    return node.span


def _with_hint(subject: Subject, problem: DefinitionProblem) -> Diagnostic:
    span, is_key = _mark(subject, problem), problem.kind == "additionalProperties"
    value = getattr(find(subject.node, problem.path), "value", "")
    word = str(problem.path[-1]) if is_key else value if isinstance(value, str) else ""
    meant = closest(word, problem.known)
    if meant is None or meant == word:
        return Diagnostic("provider-definition", problem.message, span)
    fix = correction(word, meant, span, meant if is_key else encode_string(meant))
    return Diagnostic("provider-definition", f'{problem.message} Did you mean "{meant}"?', span, fixes=(fix,))
