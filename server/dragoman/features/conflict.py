"""Proposals that stand in a document beside what they would replace, between marks as those of a merge conflict.

    <<<<<<< current
    what stands there
    =======
    what is proposed
    >>>>>>> proposed by Docs

The marks are longer than any such row in the texts, so nothing within is taken for one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from dragoman.syntax.printable import printable
from dragoman.syntax.text import Span, TextEdit

_SHORTEST = 7
_ROW = re.compile(r"^[<=>]{7,}", re.MULTILINE)
_OPENING = re.compile(r"^(<{7,}) current(?:\r\n|\r|\n)", re.MULTILINE)
_REST = (
    r"(?P<current>.*?)^={%(length)d}(?:\r\n|\r|\n)"
    r"(?P<proposed>.*?)^>{%(length)d} proposed by (?P<agent>[^\r\n]*)(?P<last>\r\n|\r|\n|\Z)"
)


@dataclass(frozen=True, slots=True)
class Conflict:
    """One proposal in a document: `span` is all of it, its marks included."""

    span: Span
    agent: str
    current: str
    proposed: str

    def accepted(self) -> TextEdit:
        """What is proposed takes the place of all of it."""
        return TextEdit(self.span, self.proposed)

    def rejected(self) -> TextEdit:
        """What stood there stands there again."""
        return TextEdit(self.span, self.current)


def conflict_text(current: str, proposed: str, agent: str) -> str:
    r"""Whole lines and what is proposed for them, between marks; all line ends as `\n`."""
    rows = [len(row[0]) for text in (current, proposed) for row in _ROW.finditer(text)]
    length = max([_SHORTEST, *(row + 1 for row in rows)])
    start, middle, end = (mark * length for mark in "<=>")
    last = "\n" if current.endswith("\n") or not current else ""
    by = printable(agent)
    return f"{start} current\n{_lines(current)}{middle}\n{_lines(proposed)}{end} proposed by {by}{last}"


def conflict_at(text: str, offset: int) -> Conflict | None:
    """The proposal around an offset."""
    for opening in _OPENING.finditer(text):
        if opening.start() > offset:
            break
        rest = re.compile(_REST % {"length": len(opening[1])}, re.MULTILINE | re.DOTALL)
        found = rest.match(text, opening.end())
        if found is not None and opening.start() <= offset <= found.end():
            span, last = Span(opening.start(), found.end()), found["last"]
            return Conflict(span, found["agent"], _ended_as(found["current"], last), _ended_as(found["proposed"], last))
    return None


def _lines(text: str) -> str:
    return text if not text or text.endswith("\n") else text + "\n"


def _ended_as(text: str, last: str) -> str:
    """Lines whose last one ends as the block does: not at all, where that is the end of the document."""
    return text if last else re.sub(r"(?:\r\n|\r|\n)\Z", "", text)
