"""Paths of the Jayway dialect that are legal and surely a mistake: the engine reads them otherwise than people do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import zip_longest

from dragoman.syntax.jsonpath import ast, parse
from dragoman.syntax.jsonpath.functions import FUNCTIONS
from dragoman.syntax.text import Span

_NOWHERE = Span(0, 0)
_FULL_WIDTH = frozenset("．［］（）＄＠")
_OPERATORS = ("&&", "||", "==")


@dataclass(frozen=True, slots=True)
class Hint:
    """Where it stands in the path, a sentence, and what to write there instead (None: that is for the user to say)."""

    span: Span
    message: str
    instead: str | None = None
    is_minor: bool = False
    """Whether it does what was meant all the same."""


@lru_cache(maxsize=512)
def hints(text: str) -> tuple[Hint, ...]:
    """All about a path; none about a text that is no path."""
    path = parse(text).path
    if path is None:
        return ()
    return tuple(sorted(_of_path(path, is_top=True), key=lambda hint: hint.span.start))


def _of_path(path: ast.Path, *, is_top: bool = False) -> Iterator[Hint]:
    if is_top and not path.root_is_written:
        yield Hint(
            _NOWHERE, 'This path begins without "$" and is read as if "$." stood before it.', "$.", is_minor=True
        )
    if path.ignored:
        yield Hint(
            path.ignored, "This last character is passed over in silence: remove it, or write what is meant.", ""
        )
    for step, behind in zip_longest(path.steps, path.steps[1:]):
        yield from _of_step(step, behind)


def _of_step(step: ast.Step, behind: ast.Step | None) -> Iterator[Hint]:
    match step:
        case ast.Property(quoted=False):
            yield from _of_name(step)
        case ast.Slice():
            yield from _of_slice(step)
        case ast.Call():
            yield from _of_call(step, behind)
        case ast.Filter():
            yield from _of_condition(step.condition)
        case _:
            pass


def _of_name(step: ast.Property) -> Iterator[Hint]:
    name, span = step.names[0], step.name_spans[0]
    operator = next((operator for operator in _OPERATORS if operator in name), None)
    if operator:
        yield Hint(span, f'All of this is read as one name: write blanks around "{operator}".')
    elif not _FULL_WIDTH.isdisjoint(name):
        yield Hint(span, "This name holds full-width signs: write the plain ones . [ ] ( ) instead.")
    elif not {"{", "}"}.isdisjoint(name):
        yield Hint(span, "Braces belong to the name here: an index stands in [ ].")


def _of_slice(step: ast.Slice) -> Iterator[Hint]:
    if step.has_step:
        yield Hint(step.span, "The step of a slice has no effect: every item is taken.", _without_step(step))
    elif step.start is not None and step.end is not None and step.end < 0:
        yield Hint(step.span, "A slice from the front to an end that counts from behind takes nothing.")


def _without_step(step: ast.Slice) -> str:
    start, end = ("" if bound is None else str(bound) for bound in (step.start, step.end))
    return f"[{start}:{end}]"


def _of_call(step: ast.Call, behind: ast.Step | None) -> Iterator[Hint]:
    if step.name not in FUNCTIONS:
        yield Hint(step.name_span, f"There is no function {step.name}(); known are {', '.join(sorted(FUNCTIONS))}.")
    elif behind is not None and not step.arguments:
        yield Hint(behind.span, f"A step behind {step.name}() is not read as one: it becomes a part of an odd name.")
    for argument in step.arguments:
        if isinstance(argument, ast.Path):
            yield from _of_path(argument)


def _of_condition(condition: ast.Condition) -> Iterator[Hint]:
    match condition:
        case ast.And() | ast.Or():
            for one in condition.conditions:
                yield from _of_condition(one)
        case ast.Not():
            yield from _of_condition(condition.condition)
        case ast.Exists():
            if condition.path.root == "$":
                span = Span(condition.path.span.start, condition.path.span.start + 1)
                yield Hint(span, '"$" means the item here, as "@" does: only in comparisons it is the whole.', "@")
            yield from _of_path(condition.path)
        case ast.Comparison():
            yield from _of_comparison(condition)


def _of_comparison(one: ast.Comparison) -> Iterator[Hint]:
    if one.ignored_not:
        yield Hint(one.ignored_not, 'This "!" is dropped: write !( ) around the comparison.')
    patterns = [isinstance(side, ast.PatternLiteral) for side in (one.left, one.right)]
    if one.operator in (ast.Operator.EQUAL, ast.Operator.SAME) and any(patterns):
        yield Hint(one.operator_span, f'"{one.operator}" never matches a /pattern/: write "=~".', "=~")
    elif one.operator is ast.Operator.MATCHES_PATTERN and isinstance(one.right, ast.StringLiteral):
        yield Hint(one.right.span, '"=~" wants a /pattern/ here, not text in quotes.')
    for side in (one.left, one.right):
        if isinstance(side, ast.Path):
            yield from _of_path(side)
