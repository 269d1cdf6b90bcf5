"""One evaluation: what it has found, how much work is left to it, and the ways in which it can stop early.

StoppedError               the evaluation fails
├── NotApplicableError     …but inside a filter it only makes the condition false
│   └── MissingError       …and as an operand the path is undefined; at the top there is no match
└── OutOfRangeError        …but it only skips an element if a step over an array is on the way
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, TypeAlias

from dragoman.syntax.jsonpath.outcome import JsonValue

MAXIMUM_WORK = 2_000_000
"""Elements looked at, and states of patterns, in one evaluation. It takes about a second to use this up."""


class StoppedError(Exception):
    """The path cannot be applied to the document. The message is a sentence for the user."""


class NotApplicableError(StoppedError):
    """A step or an operator does not fit the value before it."""


class MissingError(NotApplicableError):
    """The document lacks what the path needs."""


class OutOfRangeError(StoppedError):
    """A function asked for an element that the array lacks."""


class Shared:
    """What all runs of one evaluation share."""

    __slots__ = ("last_index", "work_left")

    def __init__(self) -> None:
        self.work_left = MAXIMUM_WORK
        self.last_index: dict[int, int] = {}
        """By the identity of a step: the index of the element that it was last applied to. See `descend`."""

    def spend(self, amount: int) -> None:
        """Take from the work that is left. Raises when nothing is."""
        self.work_left -= amount
        if self.work_left < 0:
            raise StoppedError("Gave up: on this document the path takes too much work.")


class Run:
    """One path on its way through a document."""

    __slots__ = ("results", "root", "shared")

    def __init__(self, root: JsonValue, shared: Shared) -> None:
        self.root = root
        self.shared = shared
        self.results: list[JsonValue] = []


class Kind(NamedTuple):
    """What a step must know of the path around it."""

    is_last: bool
    follows_definite: bool
    required: bool


Step: TypeAlias = Callable[[JsonValue, Run], None]
"""Takes a value and hands what it selects to the next step; the last one adds to `results`."""

ReadValue: TypeAlias = Callable[[JsonValue, Run], JsonValue]
"""Evaluates a whole path, starting at a value. Raises `MissingError` if the path is definite and finds nothing."""

Test: TypeAlias = Callable[[JsonValue, Run], bool]
"""A condition on a value."""
