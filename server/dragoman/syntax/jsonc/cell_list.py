"""All cells of a text, in groups: an edit makes one new group, and moves the others as they are."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from typing import Any, overload

from dragoman.syntax.jsonc.cell import Cell, PlacedCell

_SIZE = 32
"""Cells in a group. An edit costs its group's cells and the number of groups: about as many, for a few thousand."""


class CellGroup:
    """Some cells in a row, never changed, and where they stand in it: what is worked out of them can be kept with it.

    `reach` is how far its cells have looked, `effort` what it took to read them. `kept` is for what others work out of
    it (`kept.py`). Compared by identity.
    """

    __slots__ = ("__weakref__", "cells", "effort", "kept", "length", "reach", "starts")

    def __init__(self, cells: Sequence[Cell]) -> None:
        self.cells = tuple(cells)
        self.kept: dict[object, Any] = {}
        *self.starts, self.length = accumulate((cell.length for cell in self.cells), initial=0)
        self.effort = sum(cell.effort for cell in self.cells)
        self.reach = max(start + cell.examined for start, cell in zip(self.starts, self.cells, strict=True))


class Cells(Sequence[PlacedCell]):
    """All cells of a text, in order; never changed."""

    __slots__ = ("_efforts", "_firsts", "groups", "starts")

    def __init__(self, groups: Iterable[CellGroup]) -> None:
        self.groups = tuple(groups)
        self.starts = list(accumulate((group.length for group in self.groups), initial=0))
        """The offset of each group, and of the end."""
        self._firsts = list(accumulate((len(group.cells) for group in self.groups), initial=0))
        self._efforts = list(accumulate((group.effort for group in self.groups), initial=0))

    @classmethod
    def of(cls, cells: Sequence[Cell]) -> Cells:
        """These cells, from the start of a text."""
        return cls(_grouped(cells))

    def __len__(self) -> int:
        return self._firsts[-1]

    def __iter__(self) -> Iterator[PlacedCell]:
        for base, group in zip(self.starts, self.groups, strict=False):
            for start, cell in zip(group.starts, group.cells, strict=True):
                yield PlacedCell(base + start, cell)

    @overload
    def __getitem__(self, index: int) -> PlacedCell: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[PlacedCell]: ...
    def __getitem__(self, index: int | slice) -> PlacedCell | Sequence[PlacedCell]:
        if isinstance(index, slice):
            return tuple(self)[index]
        number, inside = self._locate(range(len(self))[index])
        group = self.groups[number]
        return PlacedCell(self.starts[number] + group.starts[inside], group.cells[inside])

    def first_reaching(self, offset: int) -> int:
        """The index of the first cell that has looked at what stands behind `offset`."""
        for number, group in enumerate(self.groups):
            if self.starts[number] + group.reach > offset:
                here = offset - self.starts[number]
                ends = (start + cell.examined for start, cell in zip(group.starts, group.cells, strict=True))
                return self._firsts[number] + next(inside for inside, end in enumerate(ends) if end > here)
        return len(self)

    def effort_before(self, index: int) -> int:
        """What it took to read the cells before this one."""
        number, inside = self._locate(index)
        return self._efforts[number] + sum(cell.effort for cell in self._cells_of(number)[:inside])

    def replaced(self, first: int, last: int, fresh: Sequence[Cell]) -> Cells:
        """With `fresh` in place of the cells from `first` up to and without `last`."""
        (head, before), (tail, behind) = self._locate(first), self._locate(last)
        cells = [*self._cells_of(head)[:before], *fresh, *self._cells_of(tail)[behind:]]
        tail += 1
        if len(cells) < _SIZE // 4:
            cells += self._cells_of(tail)
            tail += 1
        return Cells([*self.groups[:head], *_grouped(cells), *self.groups[tail:]])

    def _locate(self, index: int) -> tuple[int, int]:
        """The number of the group that holds a cell, and the cell's index in it."""
        number = bisect_right(self._firsts, index) - 1
        return number, index - self._firsts[number]

    def _cells_of(self, number: int) -> tuple[Cell, ...]:
        return self.groups[number].cells if number < len(self.groups) else ()


def _grouped(cells: Sequence[Cell]) -> Iterator[CellGroup]:
    size = _SIZE if len(cells) > 2 * _SIZE else max(len(cells), 1)
    return (CellGroup(cells[start : start + size]) for start in range(0, len(cells), size))
