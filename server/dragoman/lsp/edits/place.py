"""A place in a text that somebody else goes on typing in: a span that moves with what is typed around it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from dragoman.lsp.edits.changes import Change, change_between
from dragoman.syntax.text import LINE_END, Span

_DISTINCT = 16
"""Characters. A shorter text may well stand elsewhere too, and is not looked for."""


class Gravity(Enum):
    """What becomes of an empty place when text is typed right at it."""

    BEFORE = "before"
    """It stays before that text."""
    AFTER = "after"
    """It moves behind that text, as a caret does. A word that is being typed is never split by an answer then."""


@dataclass(frozen=True, slots=True)
class Place:
    """A span of one version of a text, and what stands there. Text typed right at its ends does not belong to it."""

    span: Span
    text: str
    gravity: Gravity = Gravity.AFTER

    @classmethod
    def of(cls, document_text: str, span: Span, gravity: Gravity = Gravity.AFTER) -> Place:
        """The place at `span` of a document."""
        return cls(span, document_text[span.start : span.end], gravity)

    def at(self, start: int) -> Place:
        """The same text, standing elsewhere."""
        return Place(Span(start, start + len(self.text)), self.text, self.gravity)


@dataclass(frozen=True, slots=True)
class Followed:
    """Where a place is after a change, and how many characters that change has touched."""

    place: Place
    size: int


def follow(place: Place, before: str, after: str) -> Followed | None:
    """Where `place` of `before` is in `after`; None if what stood there has been changed, or cannot be told.

    What is returned stands there: `after` holds `place.text` at its span.
    """
    change = change_between(before, after)
    moved = _moved(place, change) or _found(place, change, before, after)
    return Followed(moved, change.size) if moved is not None else None


def plain(text: str) -> str:
    r"""`text` with all line ends as `\n`: editors write their own into what they are given."""
    return LINE_END.sub("\n", text) if "\r" in text else text


def _moved(place: Place, change: Change) -> Place | None:
    is_before = change.earliest + change.removed <= place.span.start
    is_behind = change.latest >= place.span.end
    if is_before and (not is_behind or (not place.text and place.gravity is Gravity.AFTER)):
        return place.at(place.span.start + change.growth)
    return place if is_behind else None


def _found(place: Place, change: Change, before: str, after: str) -> Place | None:
    """The place within a stretch that holds it all.

    A client that reports all that happened in some time as one change tells of edits on both sides of a place like
    that. It is where its text stands, if that is long enough to be no accident and stands there once, as it did before.
    """
    old_end, new_end = change.latest + change.removed, change.latest + change.added
    is_within = change.earliest <= place.span.start and place.span.end <= old_end
    if not is_within or len(place.text) < _DISTINCT:
        return None
    if (
        before.count(place.text, change.earliest, old_end) != 1
        or after.count(place.text, change.earliest, new_end) != 1
    ):
        return None
    return place.at(after.index(place.text, change.earliest, new_end))
