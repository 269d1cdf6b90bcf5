"""Comments that switch rules off: `// dragoman-disable plain-token`.

- `dragoman-disable` counts from where it stands to the end of the file, and so at the top for all of it;
- `dragoman-disable-line` for the line that it stands in;
- `dragoman-disable-next-line` for the line below.

Names of rules or groups follow, with blanks or commas between them; with none, every rule is meant. What stands behind
`--` is the reason, for people.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from dragoman.project.agent_file import AgentFile
from dragoman.syntax.jsonc import Cell, CellGroup, keep
from dragoman.syntax.text import Span

_DIRECTIVE = re.compile(r"(?://+|/\*+)\s*(dragoman-[\w-]*)")
_NAME = re.compile(r"[^\s,]+")
ONWARDS, THIS_LINE, NEXT_LINE = "dragoman-disable", "dragoman-disable-line", "dragoman-disable-next-line"
WORDS = (ONWARDS, THIS_LINE, NEXT_LINE)
"""What such a comment can begin with."""


@dataclass(frozen=True, slots=True)
class DisabledName:
    """One name of a rule or group in such a comment, and where it stands; "" for all rules."""

    name: str
    span: Span


@dataclass(frozen=True, slots=True)
class Directive:
    """One such comment. `word` is what it begins with; one that means nothing has no `names`."""

    word: str
    word_span: Span
    span: Span
    names: tuple[DisabledName, ...]

    @property
    def is_known(self) -> bool:
        """Whether the word means something."""
        return self.word in WORDS

    def shifted(self, by: int) -> Directive:
        """The same comment, `by` characters further on."""
        names = tuple(DisabledName(one.name, one.span.shifted(by)) for one in self.names)
        return Directive(self.word, self.word_span.shifted(by), self.span.shifted(by), names)


@dataclass(frozen=True, slots=True)
class Told:
    """What became of a comment: the names in it that mean no rule, with those that may be meant; the idle ones."""

    directive: Directive
    unknown: tuple[tuple[DisabledName, str | None], ...] = ()
    unused: tuple[DisabledName, ...] = ()


def is_directive(comment: str) -> bool:
    """Whether a comment, with its slashes, speaks to the linter."""
    return _DIRECTIVE.match(comment) is not None


def directives_in(file: AgentFile) -> list[Directive]:
    """All of a file, in order; costs next to nothing where no group of cells has changed, and where there is none."""
    return [
        directive.shifted(start)
        for start, group in zip(file.cells.starts, file.cells.groups, strict=False)
        for directive in _in_group(group, file.text, start)
    ]


@keep
def _in_group(group: CellGroup, text: str, start: int) -> tuple[Directive, ...]:
    return tuple(
        directive.shifted(place)
        for place, cell in zip(group.starts, group.cells, strict=True)
        if cell.comments
        for directive in _in_cell(cell, text, start + place)
    )


def _in_cell(cell: Cell, text: str, start: int) -> Iterator[Directive]:
    for comment in cell.comments:
        written = text[start + comment.start : start + comment.end]
        match = _DIRECTIVE.match(written)
        if match:
            word = Span(*match.span(1))
            names = _names(written, word) if match[1] in WORDS else ()
            whole = Span(0, comment.end - comment.start)
            yield Directive(match[1], word, whole, names).shifted(comment.start)


def _names(written: str, word: Span) -> tuple[DisabledName, ...]:
    end = len(written) - 2 if written.startswith("/*") and written.endswith("*/") else len(written)
    reason = written.find("--", word.end, end)
    found = _NAME.finditer(written, word.end, reason if reason >= 0 else end)
    names = tuple(DisabledName(name[0], Span(*name.span())) for name in found)
    return names or (DisabledName("", word),)
