"""Folding ranges: the array, the agents, the objects and arrays in them, and comments."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from dragoman.project.agent_file import AgentFile
from dragoman.syntax.jsonc import ArrayNode, ObjectNode, walk
from dragoman.syntax.jsonc.cell import State
from dragoman.syntax.text import LineIndex, Span


@dataclass(frozen=True, slots=True)
class Fold:
    """Lines that fold into the first of them; the last one is folded too."""

    first: int
    last: int
    kind: Literal["region", "comment"] = "region"


def folding_ranges(file: AgentFile, lines: LineIndex, most: int | None = None) -> list[Fold]:
    """What can be folded, at most one range a line, in order; of too many the longest are kept.

    The line of a closing bracket stays to be seen.
    """
    folds: dict[int, Fold] = {}
    for fold in (*_brackets(file, lines), *_comments(file, lines)):
        known = folds.get(fold.first)
        if fold.first < fold.last and (known is None or known.last < fold.last):
            folds[fold.first] = fold
    found = list(folds.values())
    if most is not None and len(found) > most:
        found = sorted(found, key=lambda fold: fold.first - fold.last)[:most]
    return sorted(found, key=lambda fold: fold.first)


def _brackets(file: AgentFile, lines: LineIndex) -> Iterator[Fold]:
    array = _outermost_array(file)
    if array is not None:
        yield _between_brackets(lines, array)
    for start, cell in file.cells:
        for node in walk(cell.node) if cell.node is not None else ():
            if isinstance(node, ObjectNode | ArrayNode):
                yield _between_brackets(lines, node.span.shifted(start))


def _between_brackets(lines: LineIndex, span: Span) -> Fold:
    last = lines.line_at(span.end)
    stays = not lines.text[lines.start_of(last) : span.end].strip(" \t]},")  # nothing but brackets closes there
    return Fold(lines.line_at(span.start), last - stays)


def _outermost_array(file: AgentFile) -> Span | None:
    """The array around the agents, if there is one; without its closing bracket it goes to the end."""
    opened = next((placed for placed in file.cells if placed.cell.next_state is State.ARRAY_OPENED), None)
    if opened is None:
        return None
    ends = (start + cell.length for start, cell in file.cells if cell.next_state is State.AFTER_ARRAY)
    return Span(opened.start + opened.cell.length - 1, next(ends, len(file.text.rstrip())))


def _comments(file: AgentFile, lines: LineIndex) -> Iterator[Fold]:
    """Comments of several lines, and comments in lines that follow each other with nothing else in them."""
    run: Fold | None = None
    for span in (span.shifted(start) for start, cell in file.cells for span in cell.comments):
        first, last = lines.line_at(span.start), lines.line_at(span.end)
        if lines.text[lines.start_of(first) : span.start].strip():
            continue
        if run is not None and run.last + 1 == first:
            run = Fold(run.first, last, "comment")
            continue
        if run is not None:
            yield run
        run = Fold(first, last, "comment")
    if run is not None:
        yield run
