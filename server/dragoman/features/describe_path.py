"""One step of a JsonPath in words: what it matches, and what is known to be there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dragoman.features.answer_shape import Shape, shapes_at
from dragoman.features.json_path_words import FUNCTIONS, OPERATORS
from dragoman.syntax.jsonpath import parse
from dragoman.syntax.jsonpath.ast import (
    And,
    Call,
    Comparison,
    Condition,
    Descend,
    Exists,
    Filter,
    Index,
    Not,
    Or,
    Path,
    Property,
    Slice,
    Step,
    Wildcard,
)
from dragoman.syntax.text import Span

_POSITIONS = {0: "The first item", -1: "The last item"}


def describe_path(text: str, caret: int, shape: Shape) -> tuple[Span, str] | None:
    """What the step around `caret` matches, and where that step is; None where the text is no path or none is there."""
    skipped = len(text) - len(text.lstrip())
    path = parse(text.strip()).path
    found = _in_path(path, text.strip(), caret - skipped, [shape]) if path else None
    return (found[0].shifted(skipped), found[1]) if found else None


def _in_path(path: Path, text: str, caret: int, roots: Sequence[Shape]) -> tuple[Span, str] | None:
    """`roots` is what the path starts from: the whole answer, or the item that a filter looks at."""
    for number, step in enumerate(path.steps):
        if not step.span.covers(caret) or (step.span.end == caret and step is not path.steps[-1]):
            continue
        if isinstance(step, Filter):
            items = [
                item for root in roots for place in shapes_at(root, path.steps[:number]) for item in _chosen(place)
            ]
            inner = _in_condition(step.condition, text, caret, items)
            if inner is not None:
                return inner
        owner = f"`{text[path.span.start : step.span.start].rstrip('.') or path.root}`"
        meanings = {place.meaning for root in roots for place in shapes_at(root, path.steps[: number + 1])} - {""}
        return step.span, "\n\n".join([_describe(step, owner, text), *sorted(meanings)])
    return None


def _chosen(place: Shape) -> Iterator[Shape]:
    yield place
    if place.items:
        yield place.items


def _in_condition(condition: Condition, text: str, caret: int, items: Sequence[Shape]) -> tuple[Span, str] | None:
    match condition:
        case Comparison(left=left, operator=operator, operator_span=span, right=right):
            if span.covers(caret):
                return span, f"`{operator}`: {OPERATORS.get(operator, 'An operator of the engine.')}"
            sides = [side for side in (left, right) if isinstance(side, Path)]
        case Exists(path=path):
            sides = [path]
        case Not(condition=inner):
            return _in_condition(inner, text, caret, items)
        case And(conditions=conditions) | Or(conditions=conditions):
            return next((said for one in conditions if (said := _in_condition(one, text, caret, items))), None)
    around = (side for side in sides if side.span.covers(caret))
    return next((said for side in around if (said := _in_path(side, text, caret, items))), None)


def _describe(step: Step, owner: str, text: str) -> str:
    match step:
        case Property(names=(name,)):
            return f"The value of the key `{name}` of {owner}."
        case Property(names=names):
            return f"The keys {', '.join(f'`{name}`' for name in names)} of {owner}, as an object."
        case Index(indexes=(index,)):
            return f"{_POSITIONS.get(index, f'The item at position {index}, counted from 0,')} of {owner}."
        case Index(indexes=indexes):
            return f"The items of {owner} at the positions {', '.join(map(str, indexes))}, counted from 0."
        case Slice():
            return f"Some items of {owner}: {_bounds(step)}."
        case Wildcard():
            return f"Every item of {owner}, or every value if it is an object."
        case Descend():
            return f"The next step is looked for in {owner} and at every depth below it."
        case Filter(condition=condition):
            told = text[condition.span.start : condition.span.end]
            return f"Those items of {owner} for which `{told}` holds; an object stays if it holds for that itself."
        case Call(name=name):
            meaning = next((told for call, told in FUNCTIONS.items() if call.startswith(f"{name}(")), None)
            return f"`{name}()`: {meaning}" if meaning else f"There is no function `{name}()`."


def _bounds(step: Slice) -> str:
    match step.start, step.end:
        case int(start), None:
            return f"the last {-start}" if start < 0 else f"from position {start} on"
        case None, int(end):
            return f"all but the last {-end}" if end < 0 else f"the first {end}"
        case start, end:
            return f"from position {start} up to {end}, which is left out"
