"""The operators of a filter."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import TypeAlias

from dragoman.syntax.jsonpath.ast import Operator
from dragoman.syntax.jsonpath.java import utf16_length, utf16_order
from dragoman.syntax.jsonpath.operands import Json, Operand, Pattern, are_equal, are_equal_in_list, from_list
from dragoman.syntax.jsonpath.run import NotApplicableError, Run, StoppedError

Compare: TypeAlias = Callable[[Operand, Operand, Run], bool]


def _equal(left: Operand, right: Operand, run: Run) -> bool:
    return are_equal(left, right)


def _same(left: Operand, right: Operand, run: Run) -> bool:
    return type(left) is type(right) and are_equal(left, right)


def _negated(compare: Compare) -> Compare:
    return lambda left, right, run: not compare(left, right, run)


def _ordered(signs: tuple[int, ...]) -> Compare:
    """Numbers with numbers, text with text; nothing else has an order."""

    def compare(left: Operand, right: Operand, run: Run) -> bool:
        if isinstance(left, Decimal) and isinstance(right, Decimal):
            return (left > right) - (left < right) in signs
        if isinstance(left, str) and isinstance(right, str):
            one, other = utf16_order(left), utf16_order(right)
            return (one > other) - (one < other) in signs
        return False

    return compare


def _matches_pattern(left: Operand, right: Operand, run: Run) -> bool:
    """The pattern may stand on either side. Of a list, one element must match."""
    pattern, subject = (left, right) if isinstance(left, Pattern) else (right, left)
    if not isinstance(pattern, Pattern) or isinstance(subject, Pattern):
        return False
    if isinstance(subject, Json) and isinstance(values := subject.read(), list):
        return any(pattern.matches(_as_text(element), run) for element in from_list(values, run))
    return pattern.matches(_as_text(subject), run)


def _as_text(operand: Operand) -> str:
    if isinstance(operand, bool):
        return "true" if operand else "false"
    return str(operand) if isinstance(operand, (str, Decimal)) else ""


def _elements(operand: Operand, run: Run) -> list[Operand] | None:
    """The elements of a list, None for an object. Anything else makes the whole condition false."""
    if not isinstance(operand, Json):
        raise NotApplicableError("The operator needs a list.")
    values = operand.read()
    return from_list(values, run) if isinstance(values, list) else None


def _contains(elements: list[Operand], wanted: Operand, run: Run) -> bool:
    run.shared.spend(len(elements))
    return any(are_equal_in_list(wanted, element) for element in elements)


def _in(left: Operand, right: Operand, run: Run) -> bool:
    elements = _elements(right, run)
    return elements is not None and _contains(elements, left, run)


def _subset_of(left: Operand, right: Operand, run: Run) -> bool:
    allowed = _elements(right, run)
    elements = None if allowed is None else _elements(left, run)
    if allowed is None or elements is None:
        return False
    return all(_contains(allowed, element, run) for element in elements)


def _any_of(left: Operand, right: Operand, run: Run) -> bool:
    return _have_common(left, right, run) is True


def _none_of(left: Operand, right: Operand, run: Run) -> bool:
    return _have_common(left, right, run) is False


def _have_common(left: Operand, right: Operand, run: Run) -> bool | None:
    """Whether two lists have an element in common; None if one of both is an object."""
    allowed = _elements(right, run)
    elements = None if allowed is None else _elements(left, run)
    if allowed is None or elements is None:
        return None
    return any(_contains(allowed, element, run) for element in elements)


def _has_part(left: Operand, right: Operand, run: Run) -> bool:
    if isinstance(left, str) and isinstance(right, str):
        return right in left
    if not isinstance(left, Json) or not isinstance(values := left.read(), list):
        return False
    return _contains(from_list(values, run), right, run)


def _has_size(left: Operand, right: Operand, run: Run) -> bool:
    """The fraction of a number is cut off. An object has the size -1."""
    if not isinstance(right, Decimal) or not isinstance(left, (str, Json)):
        return False
    size = utf16_length(left) if isinstance(left, str) else _size(left)
    return abs(right) < 1 << 31 and int(right) == size


def _size(json: Json) -> int:
    values = json.read()
    return len(values) if isinstance(values, list) else -1


def _is_empty(left: Operand, right: Operand, run: Run) -> bool:
    if not isinstance(left, (str, Json)):
        return False
    if isinstance(left, Json) and isinstance(left.read(), dict):
        raise StoppedError("empty applies to lists and texts; here is an object.")
    if not isinstance(right, bool):
        raise NotApplicableError("empty needs true or false.")
    size = len(left) if isinstance(left, str) else _size(left)
    return (size == 0) is right


def _exists(left: Operand, right: Operand, run: Run) -> bool:
    if isinstance(left, bool) and isinstance(right, bool):
        return left is right
    if isinstance(left, bool) or isinstance(right, bool):
        raise NotApplicableError("exists needs true or false on both sides.")
    raise StoppedError("exists needs true or false. Write @.name alone to test that it is there.")


def _never(left: Operand, right: Operand, run: Run) -> bool:
    """`all`, `type` and `matches` compare with what only a Java program can give."""
    raise NotApplicableError("The operator cannot be used in the text of a path.")


OPERATORS: dict[Operator, Compare] = {
    Operator.EQUAL: _equal,
    Operator.SAME: _same,
    Operator.NOT_EQUAL: _negated(_equal),
    Operator.NOT_SAME: _negated(_same),
    Operator.LESS: _ordered((-1,)),
    Operator.AT_MOST: _ordered((-1, 0)),
    Operator.GREATER: _ordered((1,)),
    Operator.AT_LEAST: _ordered((0, 1)),
    Operator.MATCHES_PATTERN: _matches_pattern,
    Operator.IN: _in,
    Operator.NOT_IN: _negated(_in),
    Operator.ANY_OF: _any_of,
    Operator.NONE_OF: _none_of,
    Operator.SUBSET_OF: _subset_of,
    Operator.CONTAINS: _has_part,
    Operator.SIZE: _has_size,
    Operator.EMPTY: _is_empty,
    Operator.EXISTS: _exists,
    Operator.ALL: _never,
    Operator.TYPE: _never,
    Operator.MATCHES: _never,
}
"""What each operator does with its two operands. An undefined operand equals nothing, not even null."""
