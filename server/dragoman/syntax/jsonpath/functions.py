"""The functions that a path can call, such as `length()` and `concat("a", $.b)`."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Sequence
from typing import Protocol, TypeAlias

from dragoman.syntax.jsonpath import ast
from dragoman.syntax.jsonpath.java import to_text
from dragoman.syntax.jsonpath.literals import BadJsonError, parse_lenient_json
from dragoman.syntax.jsonpath.outcome import JsonValue
from dragoman.syntax.jsonpath.run import NotApplicableError, OutOfRangeError, ReadValue, Run, Step, StoppedError
from dragoman.syntax.text import Span

Function: TypeAlias = Callable[[JsonValue, Sequence[JsonValue]], JsonValue]


_LARGEST_DOUBLE = sys.float_info.max
_SMALLEST_DOUBLE = 5e-324


class CompileValue(Protocol):
    """What turns a path into a function."""

    def __call__(self, path: ast.Path, *, required: bool = False, children_of_last: bool = False) -> ReadValue:
        """See `steps.compile_value`."""
        ...


class NameSet(list[JsonValue]):
    """What `keys()` gives. The engine does not take it for an array."""


def call_step(call: ast.Call, follow: Step | None, compile_value: CompileValue) -> Step:
    """The step that calls a function. Its result is found, even if other steps go on from it."""
    arguments = [_compile_argument(argument, compile_value) for argument in call.arguments]
    invoke = _compile_function(call, compile_value)

    def step(value: JsonValue, run: Run) -> None:
        run.shared.spend(len(value) if isinstance(value, (list, dict)) else 1)
        if call.name not in FUNCTIONS:
            raise NotApplicableError(f"There is no function {call.name}().")
        result = invoke(value, [read(run.root, run) for read in arguments], run)
        run.results.append(result)
        if follow:
            follow(result, run)

    return step


def _compile_argument(argument: ast.Argument, compile_value: CompileValue) -> ReadValue:
    """An argument path starts at the root of the document, also if it is written with `@`."""
    if isinstance(argument, ast.Path):
        return compile_value(argument)
    text = argument.text

    def read(value: JsonValue, run: Run) -> JsonValue:
        try:
            return parse_lenient_json(text)
        except BadJsonError as error:
            raise StoppedError(f"The argument {text} is no JSON.") from error

    return read


def _compile_function(
    call: ast.Call, compile_value: CompileValue
) -> Callable[[JsonValue, list[JsonValue], Run], JsonValue]:
    if call.name in ("length", "size") and call.arguments:
        return _length_of(call.arguments[0], compile_value)
    function = FUNCTIONS.get(call.name, _length)
    return lambda value, arguments, run: function(value, arguments)


def _length_of(
    argument: ast.Argument, compile_value: CompileValue
) -> Callable[[JsonValue, list[JsonValue], Run], JsonValue]:
    """`length(path)` counts the children of what the path finds below the value; else it is `length()`."""
    read = compile_value(argument, children_of_last=True) if isinstance(argument, ast.Path) else None

    def invoke(value: JsonValue, arguments: list[JsonValue], run: Run) -> JsonValue:
        if read is None:
            raise StoppedError("length takes a path as its argument.")
        inner = Run(value, run.shared)
        found = read(value, inner)
        return len(_elements(found)) if _is_array(found) else _length(value, ())

    return invoke


def _is_array(value: JsonValue) -> bool:
    return isinstance(value, list) and not isinstance(value, NameSet)


def _elements(value: JsonValue) -> list[JsonValue]:
    return value if isinstance(value, list) and not isinstance(value, NameSet) else []


def _numbers(value: JsonValue, arguments: Sequence[JsonValue]) -> list[float]:
    candidates = list(_elements(value))
    for argument in arguments:
        candidates.extend(_elements(argument) if isinstance(argument, list) else [argument])
    numbers = [_to_double(each) for each in candidates if isinstance(each, (int, float)) and not isinstance(each, bool)]
    if not numbers:
        raise StoppedError("There are no numbers to calculate with.")
    return numbers


def _to_double(number: float) -> float:
    try:
        return float(number)
    except OverflowError:
        return math.inf if number > 0 else -math.inf


def _finite(number: float) -> float:
    if not math.isfinite(number):
        raise StoppedError("The result is too large to be a number.")
    return number


def _minimum(value: JsonValue, arguments: Sequence[JsonValue]) -> JsonValue:
    return _finite(min(_LARGEST_DOUBLE, *_numbers(value, arguments)))


def _maximum(value: JsonValue, arguments: Sequence[JsonValue]) -> JsonValue:
    # The engine starts from the smallest double above zero, so that the largest of negative numbers is just that.
    return _finite(max(_SMALLEST_DOUBLE, *_numbers(value, arguments)))


def _sum(value: JsonValue, arguments: Sequence[JsonValue]) -> JsonValue:
    return _finite(_add(_numbers(value, arguments)))


def _add(numbers: list[float]) -> float:
    """One after the other, as Java does: since Python 3.12 `sum` rounds more exactly."""
    total = 0.0
    for number in numbers:
        total += number
    return total


def _average(value: JsonValue, arguments: Sequence[JsonValue]) -> JsonValue:
    numbers = _numbers(value, arguments)
    return _finite(_add(numbers) / len(numbers))


def _standard_deviation(value: JsonValue, arguments: Sequence[JsonValue]) -> JsonValue:
    numbers = _numbers(value, arguments)
    count, total = len(numbers), _add(numbers)
    variance = _finite(_add([number * number for number in numbers]) / count - total * total / count / count)
    if variance < 0:
        raise StoppedError("Rounding leaves no standard deviation.")
    return math.sqrt(variance)


def _length(value: JsonValue, arguments: Sequence[JsonValue]) -> JsonValue:
    if isinstance(value, dict):
        return len(value)
    return len(_elements(value)) if _is_array(value) else None


def _keys(value: JsonValue, arguments: Sequence[JsonValue]) -> JsonValue:
    return NameSet(value) if isinstance(value, dict) else None


def _concat(value: JsonValue, arguments: Sequence[JsonValue]) -> JsonValue:
    pieces = [item for item in _elements(value) if isinstance(item, str)]
    for argument in arguments:
        items = _elements(argument) if _is_array(argument) else [argument]
        pieces.extend(to_text(item) for item in items if item is not None)
    return "".join(pieces)


def _append(value: JsonValue, arguments: Sequence[JsonValue]) -> JsonValue:
    return [*_elements(value), *arguments] if _is_array(value) else value


def _first(value: JsonValue, arguments: Sequence[JsonValue]) -> JsonValue:
    return _at(value, 0)


def _last(value: JsonValue, arguments: Sequence[JsonValue]) -> JsonValue:
    return _at(value, -1)


def _index(value: JsonValue, arguments: Sequence[JsonValue]) -> JsonValue:
    if not _is_array(value):
        return _at(value, 0)
    try:
        numbers = _numbers([], arguments)
    except StoppedError as error:
        raise OutOfRangeError("index needs a number as its argument.") from error
    return _at(value, int(max(-(2.0**31), min(2.0**31, numbers[0]))))


def _at(value: JsonValue, index: int) -> JsonValue:
    """From behind the engine reaches all elements but the first."""
    if not _is_array(value):
        raise StoppedError("The function needs an array.")
    elements = _elements(value)
    if index >= len(elements):
        raise OutOfRangeError("The array has no such element.")
    if index < 0 and index + len(elements) <= 0:
        raise StoppedError("The array has no such element.")
    return elements[index]


CHILDREN = ast.Wildcard(Span(0, 0))
"""What `length(path)` adds to its path, to count the children of what that finds."""

FUNCTIONS: dict[str, Function] = {
    "min": _minimum,
    "max": _maximum,
    "avg": _average,
    "sum": _sum,
    "stddev": _standard_deviation,
    "concat": _concat,
    "length": _length,
    "size": _length,
    "append": _append,
    "keys": _keys,
    "first": _first,
    "last": _last,
    "index": _index,
}
"""By name, which counts in lower case only."""
