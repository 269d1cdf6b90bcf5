"""The step `..`: it visits every object and array, parents first, and applies the step behind it, its target."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from dragoman.syntax.jsonpath import ast
from dragoman.syntax.jsonpath.conditions import compile_test
from dragoman.syntax.jsonpath.functions import CHILDREN, CompileValue
from dragoman.syntax.jsonpath.outcome import JsonValue
from dragoman.syntax.jsonpath.run import Kind, Run, Step, StoppedError, Test

CompileStep = Callable[[ast.Step, Step, Kind], Step]


def descend_step(
    behind: Sequence[ast.Step],
    closures: Sequence[Step],
    kind: Kind,
    compile_step: CompileStep,
    compile_value: CompileValue,
) -> Step:
    """`behind` are the steps behind the dots, `closures` the same, made ready, last one first.

    On an array that fits, what follows the target goes on from every element, whatever the target would select.
    """
    if not behind:
        return _fail
    target, *rest = behind
    fits = _fits(target, not rest, compile_value)
    apply_to_object = closures[-1]
    apply_to_array = _to_elements(closures[-2]) if rest else closures[-1]
    if len(rest) == 1 and (unheard := _unheard(rest[0], closures[-2], kind, compile_step)):
        hearing = _Hearing(_wanted_index(target, rest[0]), closures[-2], unheard)
        apply_to_array = hearing.to_elements
        apply_to_object = compile_step(target, hearing.to_object, kind._replace(is_last=False, follows_definite=False))

    def step(value: JsonValue, run: Run) -> None:
        for current in _containers(value, run):
            if fits(current, run):
                (apply_to_object if isinstance(current, dict) else apply_to_array)(current, run)

    return step


def _wanted_index(target: ast.Step, last: ast.Step) -> int | None:
    if isinstance(target, ast.Index) and len(target.indexes) == 1 and last is not CHILDREN:
        return target.indexes[0]
    return None


def _fail(value: JsonValue, run: Run) -> None:
    raise StoppedError("Nothing stands behind the dots to look for.")


def _containers(value: JsonValue, run: Run) -> Iterator[list[JsonValue] | dict[str, JsonValue]]:
    """All objects and arrays, parents first. What is pending is a list, since documents can be deep."""
    pending = [value]
    while pending:
        current = pending.pop()
        if isinstance(current, (dict, list)):
            run.shared.spend(len(current) + 1)
            yield current
            pending.extend(reversed(current.values() if isinstance(current, dict) else current))


def _fits(target: ast.Step, is_last: bool, compile_value: CompileValue) -> Test:
    """Whether the target is applied to an object or array at all."""
    match target:
        case ast.Property(names=names):
            needed = names if is_last or len(names) == 1 else ()
            return lambda value, run: isinstance(value, dict) and all(name in value for name in needed)
        case ast.Index() | ast.Slice():
            return lambda value, run: isinstance(value, list)
        case ast.Wildcard():
            return lambda value, run: True
        case ast.Filter(condition=condition):
            return compile_test(condition, compile_value)
        case _:
            return lambda value, run: False


def _to_elements(follow: Step) -> Step:
    def step(value: JsonValue, run: Run) -> None:
        if isinstance(value, list):
            for element in value:
                follow(element, run)

    return step


class _Hearing:
    """`..[0].name`, `..*.*`: a last step that takes members of objects, right behind the target.

    The engine keeps with it the index of the last element it was applied to, and from then on lets it find members only
    while that is the index in the target.
    """

    def __init__(self, wanted: int | None, heard: Step, unheard: Step) -> None:
        self.wanted = wanted
        self.heard = heard
        self.unheard = unheard

    def to_elements(self, value: JsonValue, run: Run) -> None:
        if isinstance(value, list):
            for index, element in enumerate(value):
                run.shared.last_index[id(self)] = index
                self.to_object(element, run)

    def to_object(self, value: JsonValue, run: Run) -> None:
        last_index = run.shared.last_index.get(id(self))
        (self.heard if last_index is None or last_index == self.wanted else self.unheard)(value, run)


def _unheard(last: ast.Step, heard: Step, kind: Kind, compile_step: CompileStep) -> Step | None:
    """What is left of a last step that finds no members: what it raises, and the elements of arrays."""
    if isinstance(last, ast.Wildcard):
        return lambda value, run: None if isinstance(value, dict) else heard(value, run)
    if isinstance(last, ast.Property) and len(last.names) == 1:
        return compile_step(last, _discard, kind._replace(is_last=True, follows_definite=False))
    return None


def _discard(value: JsonValue, run: Run) -> None:
    """The end of a step that is taken only for what it may raise."""
