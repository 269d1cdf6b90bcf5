"""Matches by keeping the set of all states that a pattern may be in, one character at a time.

That is Thompson's construction: time is bounded by pattern × text, whatever the pattern. No pattern can run away.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TypeAlias

from dragoman.syntax.jsonpath.regex.nodes import (
    Ahead,
    CharacterTest,
    Choice,
    Node,
    One,
    Place,
    PlaceTest,
    Repeat,
    Sequence,
)
from dragoman.syntax.jsonpath.regex.parser import UnsupportedPatternError, parse_pattern

MAXIMUM_STATES = 2000
Spend: TypeAlias = Callable[[int], None]
Matches: TypeAlias = Callable[[str, Spend], bool]


@lru_cache(maxsize=256)
def compile_pattern(pattern: str, flags: str) -> Matches:
    """A function that says whether the whole of a text matches.

    The function reports its work to its second argument, which may raise to stop it. Raises `BadPatternError`
    and `UnsupportedPatternError`.
    """
    program = _compile(parse_pattern(pattern, flags))

    def matches(text: str, spend: Spend) -> bool:
        return _run(program, text, 0, spend, whole=True)

    return matches


@dataclass(frozen=True, slots=True)
class _Ahead:
    """A program that must match from here on, or must not."""

    program: _Program
    negative: bool


@dataclass(slots=True)
class _Program:
    """States by number. A state tests one character and goes on to the next number, or leads to others for free."""

    tests: list[CharacterTest | None] = field(default_factory=list["CharacterTest | None"])
    jumps: list[list[int]] = field(default_factory=list["list[int]"])
    guards: dict[int, PlaceTest | _Ahead] = field(default_factory=dict["int", "PlaceTest | _Ahead"])

    def add(self, test: CharacterTest | None, jumps: Iterable[int] = ()) -> int:
        """A new state; its number."""
        if len(self.tests) >= MAXIMUM_STATES:
            raise UnsupportedPatternError("it is too large")
        self.tests.append(test)
        self.jumps.append(list(jumps))
        return len(self.tests) - 1


def _compile(node: Node) -> _Program:
    """The last state is the accepting one: it has neither test nor jumps."""
    program = _Program()
    _emit(program, node)
    program.add(None)
    return program


def _emit(program: _Program, node: Node) -> None:
    """Add the states of `node`; whoever is behind its last state has matched it."""
    match node:
        case One(test):
            program.add(test)
        case Place(test):
            state = program.add(None)
            program.guards[state] = test
            program.jumps[state].append(state + 1)
        case Ahead(body, negative):
            state = program.add(None)
            program.guards[state] = _Ahead(_compile(body), negative)
            program.jumps[state].append(state + 1)
        case Sequence(parts):
            for part in parts:
                _emit(program, part)
        case Choice(options):
            _emit_choice(program, options)
        case Repeat(body, minimum, maximum):
            _emit_repeat(program, body, minimum, maximum)


def _emit_choice(program: _Program, options: tuple[Node, ...]) -> None:
    fork = program.add(None)
    ends: list[int] = []
    for option in options:
        program.jumps[fork].append(len(program.tests))
        _emit(program, option)
        ends.append(program.add(None))
    for end in ends:
        program.jumps[end].append(len(program.tests))


def _emit_repeat(program: _Program, body: Node, minimum: int, maximum: int | None) -> None:
    for _ in range(minimum):
        _emit(program, body)
    if maximum is None:
        fork = program.add(None)
        program.jumps[fork].append(fork + 1)
        _emit(program, body)
        program.add(None, [fork])
        program.jumps[fork].append(len(program.tests))
        return
    forks: list[int] = []
    for _ in range(maximum - minimum):
        forks.append(program.add(None))
        program.jumps[forks[-1]].append(forks[-1] + 1)
        _emit(program, body)
    for fork in forks:
        program.jumps[fork].append(len(program.tests))


def _run(program: _Program, text: str, start: int, spend: Spend, *, whole: bool) -> bool:
    """Whether the text from `start` on matches: all of it, or else any beginning of it."""
    accepting = len(program.tests) - 1
    states = _reachable(program, [0], text, start, spend)
    for index in range(start, len(text)):
        if not states or (not whole and accepting in states):
            break
        character = text[index]
        following = [state + 1 for state in states if (test := program.tests[state]) is not None and test(character)]
        states = _reachable(program, following, text, index + 1, spend)
    return accepting in states


def _reachable(program: _Program, pending: list[int], text: str, index: int, spend: Spend) -> set[int]:
    """The states that lead on from `pending` without taking a character."""
    seen: set[int] = set()
    while pending:
        state = pending.pop()
        if state in seen:
            continue
        seen.add(state)
        guard = program.guards.get(state)
        if guard is None or _allows(guard, text, index, spend):
            pending.extend(program.jumps[state])
    spend(len(seen))
    return seen


def _allows(guard: PlaceTest | _Ahead, text: str, index: int, spend: Spend) -> bool:
    if isinstance(guard, _Ahead):
        return _run(guard.program, text, index, spend, whole=False) != guard.negative
    return guard(text, index)
