"""What a change of a document tells of the edit that was sent: it has landed, it has not, or it has gone astray.

An editor may tell of our edit as it is, in other words, with its own line ends, or together with what its user typed.
So the two stories are compared by their result: "the edit is in there, and the user did the rest" against "the user did
it all". The one that asks less of the user is believed. Whichever it is, its place holds in the new text what it says.

One edit can also be told of as several changes: some editors leave alone what it takes away and writes again. The texts
between them have never stood in the document, and tell nothing: see `changes_of`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from dragoman.lsp.edits.changes import Change, change_between
from dragoman.lsp.edits.place import Place, follow, plain
from dragoman.lsp.edits.region import Piece
from dragoman.syntax.text import LineIndex, Span, TextEdit

_TELLING = 4
"""Characters. A shorter text can well have been typed by the user, too, in the course of a larger change."""


@dataclass(frozen=True, slots=True)
class Position:
    """A line and a character in it, from 0, in code points: what a client goes by, whatever its text has become."""

    line: int
    character: int


@dataclass(frozen=True, slots=True)
class Landed:
    """The edit is in the text; `place` holds all of it. `is_alone`: nothing else has happened."""

    place: Place
    is_alone: bool


@dataclass(frozen=True, slots=True)
class Missing:
    """The edit is not in the text; `place` is where the region is by now."""

    place: Place


@dataclass(frozen=True, slots=True)
class Astray:
    """The client has not looked at the version and wrote elsewhere. `undo` would take it back."""

    undo: TextEdit


@dataclass(frozen=True, slots=True)
class Disturbed:
    """What stood in the region has been changed by somebody else, or cannot be found any more.

    `with_piece`: the edit can have landed in the same change.
    """

    with_piece: bool = False


Verdict: TypeAlias = Landed | Missing | Astray | Disturbed


def position_at(text: str, offset: int) -> Position:
    """The position of an offset."""
    lines = LineIndex(text)
    line = lines.line_at(offset)
    return Position(line, offset - lines.start_of(line))


def changes_of(place: Place, piece: Piece, before: str, texts: Sequence[str]) -> int:
    """How many of the changes that lead from `before` to each of `texts` are, taken together, `piece` and nothing else.

    0 if the first of them is something else.
    """
    span = piece.span.shifted(place.span.start)
    for count, after in enumerate(texts, 1):
        if _in_place_of(span, before, after) is None:
            return 0
        if _as_it_was_sent(place, piece, before, after) is not None:
            return count
    return 0


def judge(place: Place, piece: Piece, sent_to: tuple[Position, Position], before: str, after: str) -> Verdict:
    """What the step from `before` to `after` says of `piece`, on its way to `place` of `before`.

    `sent_to`: start and end of the edit as the client was told.
    """
    landed = _as_it_was_sent(place, piece, before, after)
    if landed is not None:
        return Landed(landed, is_alone=True)
    astray = _elsewhere(piece, sent_to, before, after)
    if astray is not None:
        return Astray(astray)
    return _likelier(place, piece, before, after)


def judge_rest(place: Place, before: str, after: str) -> Missing | Disturbed:
    """What a step from `before` to `after` means for `place` while no edit is on its way."""
    followed = follow(place, before, after)
    return Missing(followed.place) if followed is not None else Disturbed()


def _as_it_was_sent(place: Place, piece: Piece, before: str, after: str) -> Place | None:
    """The place if nothing but the edit has happened, whatever line ends the editor gave it."""
    span = piece.span.shifted(place.span.start)
    new_text = _in_place_of(span, before, after)
    if new_text is None:
        return None
    if span.end == len(before) and plain(new_text) == plain(piece.new_text) + "\n":
        new_text = new_text[: len(new_text) - (2 if new_text.endswith("\r\n") else 1)]  # the editor ends its last line
    if plain(new_text) != plain(piece.new_text):
        return None
    text = place.text[: piece.span.start] + new_text + place.text[piece.span.end :]
    return Place(place.span, text, place.gravity).at(place.span.start)


def _in_place_of(span: Span, before: str, after: str) -> str | None:
    """What stands in `after` where `span` of `before` was; None if anything else has changed."""
    behind = len(before) - span.end
    if len(after) < span.start + behind:
        return None
    if not (after.startswith(before[: span.start]) and after.endswith(before[span.end :])):
        return None
    return after[span.start : len(after) - behind]


def _elsewhere(piece: Piece, sent_to: tuple[Position, Position], before: str, after: str) -> TextEdit | None:
    """The edit at the very position that was sent, in a text where that is another place by now."""
    removed = len(before) + len(piece.new_text) - len(after)
    if not piece.new_text or removed < 0 or (removed > 0 and not piece.removes):
        return None
    lines = LineIndex(before)
    start, end = (_offset_of(lines, position) for position in sent_to)
    if after != before[:start] + piece.new_text + before[end:]:
        return None
    return TextEdit(Span(start, start + len(piece.new_text)), before[start:end])


def _likelier(place: Place, piece: Piece, before: str, after: str) -> Verdict:
    start, end = place.span.start + piece.span.start, place.span.start + piece.span.end
    with_edit = before[:start] + piece.new_text + before[end:]
    whole = Place(place.span, piece.place_text, place.gravity).at(place.span.start)
    if_landed, if_missing = follow(whole, with_edit, after), follow(place, before, after)
    change = change_between(before, after)
    if if_landed is not None and (
        if_missing is None or if_landed.size < if_missing.size or _is_no_accident(place, piece, before)
    ):
        return Landed(if_landed.place, is_alone=if_landed.size == 0)
    found = _among_others(whole, change, before, after)
    if found is not None:
        return Landed(found, is_alone=False)
    if if_missing is not None:
        return Missing(if_missing.place)
    return Disturbed(piece.new_text in after[change.earliest : change.latest + change.added])


def _is_no_accident(place: Place, piece: Piece, before: str) -> bool:
    """Whether the region as it would be with the edit is not what stood there anyway, next to it."""
    looks_so = before.startswith(piece.place_text, place.span.start) or before.endswith(
        piece.place_text, 0, place.span.end
    )
    return len(piece.new_text) >= _TELLING and not looks_so


def _among_others(whole: Place, change: Change, before: str, after: str) -> Place | None:
    """The region with the edit, within a stretch of which a client tells as one change, if it is new there."""
    start, old_end, new_end = change.earliest, change.latest + change.removed, change.latest + change.added
    if len(whole.text) < _TELLING or whole.text in before[start:old_end]:
        return None
    if not (start <= whole.span.start <= old_end) or after.count(whole.text, start, new_end) != 1:
        return None
    return whole.at(after.index(whole.text, start, new_end))


def _offset_of(lines: LineIndex, position: Position) -> int:
    if position.line >= lines.line_count:
        return len(lines.text)
    return min(lines.start_of(position.line) + position.character, lines.end_of(position.line))
