"""A regular expression as a tree."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

CharacterTest: TypeAlias = Callable[[str], bool]
PlaceTest: TypeAlias = Callable[[str, int], bool]


@dataclass(frozen=True, slots=True)
class One:
    """One character that passes the test."""

    test: CharacterTest


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the text, such as its start; takes no character."""

    test: PlaceTest


@dataclass(frozen=True, slots=True)
class Ahead:
    """`(?=…)` or `(?!…)`."""

    body: Node
    negative: bool


@dataclass(frozen=True, slots=True)
class Sequence:
    """One after the other."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several."""

    options: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    """So many times; `maximum` is None for any number. Greedy or not makes no difference to a whole match."""

    body: Node
    minimum: int
    maximum: int | None


Node: TypeAlias = One | Place | Ahead | Sequence | Choice | Repeat
