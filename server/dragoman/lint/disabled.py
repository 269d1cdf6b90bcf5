"""What comments switch off: which diagnostics are left, and which of the comments had no effect."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from dragoman.lint.directive import NEXT_LINE, ONWARDS, Directive, DisabledName, Told
from dragoman.lint.registry import GROUPS, RULES_BY_NAME, rules_named
from dragoman.lint.suggest import closest
from dragoman.syntax.text import LINE_END, Span

_NAMES = (*RULES_BY_NAME, *GROUPS)
_EVERY = ""
"""Stands for all rules."""


class Disabled:
    """The comments of one version of a text. `hides` notes which of them have an effect."""

    def __init__(self, directives: Sequence[Directive], text: str) -> None:
        self._directives = directives
        self._onwards: dict[str, tuple[int, DisabledName]] = {}
        """Code → from where on it is off."""
        lines: dict[str, dict[int, _DisabledLine]] = {}
        for line, code, name in self._read(_Lines(text)):
            lines.setdefault(code, {}).setdefault(line.start, _DisabledLine(line.start, line.end, name))
        self._lines = {code: sorted(found.values()) for code, found in lines.items()}
        """Code → the lines in which it is off, in order."""
        self._used = set[DisabledName]()

    def hides(self, code: str, offset: int) -> bool:
        """Whether a diagnostic that begins at `offset` is switched off."""
        names = [*self._names_at(code, offset), *self._names_at(_EVERY, offset)]
        self._used.update(names)
        return bool(names)

    def told(self, running: frozenset[str]) -> list[Told]:
        """What to say of the comments after all; of rules that were not run nothing can be said."""
        return [self._told(directive, running) for directive in self._directives]

    def _told(self, directive: Directive, running: frozenset[str]) -> Told:
        unknown = tuple(one for one in directive.names if one.name and not rules_named(one.name))
        idle = (one for one in directive.names if one not in unknown and one not in self._used)
        unused = tuple(one for one in idle if running and running.issuperset(rules_named(one.name)))
        return Told(directive, tuple((one, closest(one.name, _NAMES)) for one in unknown), unused)

    def _read(self, lines: _Lines) -> Iterator[tuple[Span, str, DisabledName]]:
        """Each line and code that is off in it; what is off from somewhere on is noted."""
        for directive in self._directives:
            is_next = directive.word == NEXT_LINE
            line = lines.below(directive.span.end) if is_next else lines.around(directive.span.start)
            for name in directive.names:
                for code in rules_named(name.name) if name.name else (_EVERY,):
                    if directive.word == ONWARDS:
                        self._onwards.setdefault(code, (directive.span.start, name))
                    else:
                        yield line, code, name

    def _names_at(self, code: str, offset: int) -> list[DisabledName]:
        found: list[DisabledName] = []
        onwards = self._onwards.get(code)
        if onwards and onwards[0] <= offset:
            found.append(onwards[1])
        lines = self._lines.get(code, ())
        index = bisect_right(lines, offset, key=_start) - 1
        if index >= 0 and offset < lines[index].end:
            found.append(lines[index].name)
        return found


class _DisabledLine(NamedTuple):
    start: int
    end: int
    name: DisabledName


def _start(line: _DisabledLine) -> int:
    return line.start


class _Lines:
    """The lines of a text around places that are asked for in order: no stretch is looked through twice."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._last = Span(0, 0)

    def around(self, offset: int) -> Span:
        """The line that holds `offset`, its line end included; the last one ends behind the text."""
        if not self._last.start <= offset < self._last.end:
            newline = self._text.rfind("\n", self._last.start, offset)
            start = max(newline, self._text.rfind("\r", max(newline, self._last.start), offset)) + 1
            self._last = Span(start, self._end(offset))
        return self._last

    def below(self, offset: int) -> Span:
        """The line below that."""
        start = self.around(offset).end
        return Span(start, self._end(start))

    def _end(self, offset: int) -> int:
        found = LINE_END.search(self._text, offset)
        return found.end() if found else len(self._text) + 1
