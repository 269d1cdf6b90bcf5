"""Turns the steps of a path into closures, each of which calls the next one. The rules are the engine's.

Two facts explain most of them. A definite path gives one value, any other a list. And what is missing stops the
evaluation only as long as all steps before it are definite; after that it is skipped.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

from dragoman.syntax.jsonpath import ast
from dragoman.syntax.jsonpath.conditions import compile_test
from dragoman.syntax.jsonpath.descend import descend_step
from dragoman.syntax.jsonpath.functions import CHILDREN, call_step
from dragoman.syntax.jsonpath.outcome import JsonValue
from dragoman.syntax.jsonpath.run import (
    Kind,
    MissingError,
    NotApplicableError,
    OutOfRangeError,
    ReadValue,
    Run,
    Step,
    Test,
)


def compile_value(path: ast.Path, *, required: bool = False, children_of_last: bool = False) -> ReadValue:
    """A function that evaluates `path` from any value.

    `required`: every name must be there, as in a test for existence. `children_of_last`: as `length(path)` asks.
    """
    steps, before_is_definite = _calls_first(path.steps)
    definite = are_definite(steps)
    if children_of_last and steps and not isinstance(steps[-1], ast.Call):
        steps = (*steps, CHILDREN)
    first = _compile_steps(steps, before_is_definite, required=required)

    def read(start: JsonValue, run: Run) -> JsonValue:
        inner = Run(run.root, run.shared)
        first(start, inner)
        if not definite:
            return inner.results
        if not inner.results:
            raise MissingError("The document has nothing at this path.")
        return inner.results[-1]

    return read


def are_definite(steps: Sequence[ast.Step]) -> bool:
    """Whether steps select at most one value. Several names do if they come last: they give one object."""
    return all(_is_definite(step, is_last=step is steps[-1]) for step in steps)


def _is_definite(step: ast.Step, *, is_last: bool) -> bool:
    match step:
        case ast.Property(names=names):
            return len(names) == 1 or is_last
        case ast.Index(indexes=indexes):
            return len(indexes) == 1
        case ast.Call():
            return True
        case _:
            return False


def _calls_first(steps: tuple[ast.Step, ...]) -> tuple[tuple[ast.Step, ...], bool]:
    """`$..a.sum()` sums all that `$..a` finds: the engine reads it as `$.sum($..a)`.

    Also says whether what stands before the second step counts as definite.
    """
    if not steps or not isinstance(steps[0], ast.Descend) or not isinstance(steps[-1], ast.Call):
        return steps, True
    place, call = next((place, step) for place, step in enumerate(steps) if isinstance(step, ast.Call))
    argument = ast.Path(call.span, "$", steps[:place])
    return (replace(call, arguments=(argument,)), *steps[place + 1 :]), False


def _collect(value: JsonValue, run: Run) -> None:
    run.results.append(value)


def _compile_steps(steps: Sequence[ast.Step], before_is_definite: bool, *, required: bool) -> Step:
    """The closure of the first step. Built from the last one on, since each knows the next."""
    definite_so_far = [True]
    for step in steps:
        is_definite = _is_definite(step, is_last=step is steps[-1])
        definite_so_far.append(definite_so_far[-1] and is_definite and before_is_definite)
    closures: list[Step] = [_collect]
    for place in reversed(range(len(steps))):
        kind = Kind(len(closures) == 1, definite_so_far[place], required)
        if isinstance(steps[place], ast.Descend):
            closures.append(descend_step(steps[place + 1 :], closures, kind, compile_step, compile_value))
        else:
            closures.append(compile_step(steps[place], closures[-1], kind))
    return closures[-1]


def compile_step(step: ast.Step, follow: Step, kind: Kind) -> Step:
    """One step, which hands what it selects to `follow`."""
    match step:
        case ast.Property(names=(name,)):
            return _property(name, follow, kind)
        case ast.Property(names=names) if kind.is_last:
            return _merged_properties(names, follow, kind)
        case ast.Property(names=names):
            return _each_property(names, follow, kind)
        case ast.Index(indexes=indexes):
            return _indexes(indexes, follow, kind)
        case ast.Slice():
            return _slice(step, follow, kind)
        case ast.Wildcard():
            return _wildcard(follow, kind)
        case ast.Filter(condition=condition):
            return _filter(compile_test(condition, compile_value), follow, kind)
        case ast.Call():
            return call_step(step, None if kind.is_last else follow, compile_value)
        case ast.Descend():
            raise AssertionError("compiled with its target")


def _property(name: str, follow: Step, kind: Kind) -> Step:
    must_exist = kind.required or (kind.follows_definite and not kind.is_last)

    def step(value: JsonValue, run: Run) -> None:
        if isinstance(value, dict):
            if name in value:
                follow(value[name], run)
            elif must_exist:
                raise MissingError(f"The document has no {name!r} there.")
        elif kind.follows_definite:
            raise MissingError(f"{name!r} is looked for in something that is not an object.")

    return step


def _merged_properties(names: tuple[str, ...], follow: Step, kind: Kind) -> Step:
    """`['a', 'b']` at the end: one object with the names that are there."""

    def step(value: JsonValue, run: Run) -> None:
        if isinstance(value, dict):
            if kind.required and not all(name in value for name in names):
                raise MissingError("The document lacks one of the names.")
            follow({name: value[name] for name in names if name in value}, run)
        elif kind.follows_definite:
            raise MissingError("Names are looked for in something that is not an object.")

    return step


def _each_property(names: tuple[str, ...], follow: Step, kind: Kind) -> Step:
    """`['a', 'b']` before other steps: these go on from each name that is there."""

    def step(value: JsonValue, run: Run) -> None:
        if isinstance(value, dict):
            for name in names:
                if name in value:
                    follow(value[name], run)
                elif kind.required:
                    raise MissingError(f"The document has no {name!r} there.")
        elif kind.follows_definite:
            raise MissingError("Names are looked for in something that is not an object.")

    return step


def _array_of(value: JsonValue, kind: Kind) -> list[JsonValue]:
    if isinstance(value, list):
        return value
    if kind.follows_definite:
        raise MissingError("An index is looked for in something that is not an array.")
    return []


def _follow_element(element: JsonValue, run: Run, follow: Step) -> None:
    # The engine takes "no such element" from anywhere further on for "no such element here".
    with suppress(OutOfRangeError):
        follow(element, run)


def _indexes(indexes: tuple[int, ...], follow: Step, kind: Kind) -> Step:
    def step(value: JsonValue, run: Run) -> None:
        array = _array_of(value, kind)
        for index in indexes:
            if -len(array) <= index < len(array):
                _follow_element(array[index], run, follow)

    return step


def _slice(part: ast.Slice, follow: Step, kind: Kind) -> Step:
    def step(value: JsonValue, run: Run) -> None:
        array = _array_of(value, kind)
        run.shared.spend(len(array))
        for index in _slice_range(part, len(array)):
            if -len(array) <= index < len(array):
                _follow_element(array[index], run, follow)

    return step


def _slice_range(part: ast.Slice, length: int) -> range:
    """With both a start and an end the engine takes neither from behind, but each index it gets to."""
    if part.start is None:
        end = part.end or 0
        return range(min(length, end + length if end < 0 else end))
    if part.end is None:
        return range(max(0, part.start + length if part.start < 0 else part.start), length)
    return range(max(part.start, -length), min(length, part.end))


def _wildcard(follow: Step, kind: Kind) -> Step:
    def step(value: JsonValue, run: Run) -> None:
        if isinstance(value, dict):
            run.shared.spend(len(value))
            for member in value.values():
                follow(member, run)
        elif isinstance(value, list):
            run.shared.spend(len(value))
            for element in value:
                try:
                    _follow_element(element, run, follow)
                except MissingError:
                    if kind.required:
                        raise

    return step


def _filter(test: Test, follow: Step, kind: Kind) -> Step:
    """An object is tested itself; of an array the elements are."""

    def step(value: JsonValue, run: Run) -> None:
        if isinstance(value, dict):
            if test(value, run):
                follow(value, run)
        elif isinstance(value, list):
            for element in value:
                if test(element, run):
                    _follow_element(element, run, follow)
        elif kind.follows_definite:
            raise NotApplicableError("A filter applies to objects and arrays; here is neither.")

    return step
