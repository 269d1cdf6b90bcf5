"""An edit on its way to the client: what is known of it, and what is to be done about it when."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum

from dragoman.lsp.edits.landing import Position
from dragoman.lsp.edits.region import Piece, Region
from dragoman.lsp.edits.timing import Timing

AT_ONCE = float("-inf")
NOT_BY_TIME = float("inf")


class Fate(Enum):
    """What becomes of an edit if nothing else is heard of it."""

    REPEATED = "repeated"
    """It is not in the document and will not come into it any more: it is made anew."""
    COUNTED = "counted"
    """It counts as applied."""
    REFUSED = "refused"
    UNCONFIRMED = "unconfirmed"


@dataclass(frozen=True, slots=True)
class Sent:
    """`region` stands in the document once `piece` has landed. `sent_to`: start and end as the client was told."""

    id: int
    piece: Piece
    region: Region
    sent_to: tuple[Position, Position]
    at: float
    is_applied: bool | None = None
    """What the client has answered; None: nothing yet."""
    answered_at: float = AT_ONCE
    missed_at: float | None = None
    """When a later version came that does not hold it."""
    is_missed_since_answer: bool = False

    def answered(self, is_applied: bool, now: float) -> Sent:
        """The same, with the client's answer."""
        return replace(self, is_applied=is_applied, answered_at=now)

    def missed(self, now: float) -> Sent:
        """The same, not found in a later version."""
        return replace(self, missed_at=now, is_missed_since_answer=self.is_applied is not None)

    def may_stand(self, versioned: bool) -> bool:
        """Whether the client can have applied it, or can still do so, for all that is known."""
        if self.is_applied is False:
            return False
        return self.missed_at is None or not versioned


def fate_of(sent: Sent, timing: Timing, *, versioned: bool) -> tuple[float, Fate]:
    """What becomes of an edit, and when."""
    match sent.is_applied:
        case False:
            return _of_refused(sent, timing)
        case None:
            return _of_unanswered(sent, timing, versioned)
        case True:
            return _of_applied(sent, timing, versioned)


def _of_refused(sent: Sent, timing: Timing) -> tuple[float, Fate]:
    if sent.missed_at is not None:
        return AT_ONCE, Fate.REPEATED
    return sent.answered_at + timing.patience, Fate.REFUSED


def _of_unanswered(sent: Sent, timing: Timing, versioned: bool) -> tuple[float, Fate]:
    if sent.missed_at is not None and versioned:
        return sent.at + timing.answer, Fate.REPEATED
    return sent.at + timing.patience, Fate.UNCONFIRMED


def _of_applied(sent: Sent, timing: Timing, versioned: bool) -> tuple[float, Fate]:
    if sent.missed_at is None:
        return sent.answered_at + timing.settle, Fate.COUNTED
    if not versioned:
        return max(sent.answered_at, sent.missed_at) + timing.settle, Fate.UNCONFIRMED
    if sent.is_missed_since_answer:
        return AT_ONCE, Fate.REPEATED
    # That version may have been on its way before the client saw the edit.
    return sent.answered_at + timing.settle, Fate.REPEATED
