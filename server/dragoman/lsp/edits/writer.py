"""Keeps a region of a client's document at what is to stand there, while the user types. No I/O, no clock, no protocol.

One writer for one region: an answer that streams to the cursor, in place of a selection, or to the end of a chat
document. Its owner tells it

- what is to stand there: `show`, as often as there is more, and `finish` once, with the last of it;
- every `textDocument/didChange` of the document, the one that another writer or the user has caused too: `changed`,
  with the text after each of its changes, in order, and its version;
- `textDocument/didClose`: `closed`;
- what the client answered to the edit of a `Send`: `answered`, with False for an error;
- that it is `wake_at`: `woke`.

Each returns what to do now (`Send`, `Settled`, `Stopped`), and `wake_at` may have changed. Times are seconds of any
clock that never goes back. The rules it keeps to:

1. One edit is on its way, never two; what comes meanwhile is gathered. The place is followed from version to version.
2. An edit is for the version that its place was found in.
3. One that was refused is made anew for the next version.
4. That it was applied is believed when the document shows it. If a later version does not, it is made anew.
5. Nothing heard for `Timing.settle` after it was applied: it counts as applied, until a version says otherwise.
6. The user edited what stands in the region, or its place is gone, or the document was closed: the writer stops, and
   hands back what has not come through.

The first version after the one that an edit was made for decides: an editor that looks at versions has applied it by
then, or never will. One that looks at none gets a single edit (`Delivery.FINAL`) after a quiet moment, only one that
adds text, and never the same again unless it was refused.
"""

from __future__ import annotations

from collections.abc import Sequence

from dragoman.lsp.edits.delivery import Delivery
from dragoman.lsp.edits.landing import Astray, Disturbed, Landed, Missing, changes_of, judge, judge_rest, position_at
from dragoman.lsp.edits.place import Place
from dragoman.lsp.edits.region import Region, line_end_of, next_region, piece_between
from dragoman.lsp.edits.results import Output, Send, Settled, StopCause, Stopped
from dragoman.lsp.edits.sent import AT_ONCE, Fate, Sent, fate_of
from dragoman.lsp.edits.timing import DEFAULT_TIMING, Timing
from dragoman.syntax.text import TextEdit


class RegionWriter:
    """Writes one region. See the module."""

    def __init__(
        self,
        text: str,
        version: int,
        place: Place,
        *,
        delivery: Delivery = Delivery.EDIT,
        versioned: bool = True,
        timing: Timing = DEFAULT_TIMING,
    ) -> None:
        """`text` and `version`: the document as it is; what stands at `place` is replaced by what is shown.

        `versioned`: the client looks at the versions of edits (`workspace.workspaceEdit.documentChanges`).
        """
        self.wake_at: float | None = None
        """When to call `woke`; None: not before something else happens."""
        self.is_over = False
        """Whether nothing more will come of it: it has stopped, or all is proven to be there."""
        self.text = text
        """The newest version of the document that it was told of; it looks at none after it has stopped."""
        self._version, self._place = version, place
        self._held = self._wanted = Region(place.text)
        self._sent: Sent | None = None
        self._streams = delivery is Delivery.EDIT and versioned
        self._versioned, self._timing = versioned, timing
        self._is_finished = self._is_counted = self._has_landed = self._is_alone = False
        self._sent_at = self._changed_at = AT_ONCE
        self._edits = self._repeats = 0

    @property
    def place(self) -> Place:
        """Where the region is in the newest version, and what stands there."""
        return self._place

    def show(self, region: Region, now: float) -> list[Output]:
        """Take `region` as what is to stand there from now on."""
        self._wanted = region
        return self._go_on(now)

    def finish(self, region: Region, now: float) -> list[Output]:
        """Take `region` as what is to stand there in the end. Ends in `Settled` or `Stopped`.

        An empty one empties the place: a writer whose answer never came is dropped instead.
        """
        self._is_finished = True
        return self.show(region, now)

    def changed(self, texts: Sequence[str], version: int, now: float) -> list[Output]:
        """The document has become `texts[-1]`, by way of the others."""
        if self.is_over:
            return []
        self._version, self._changed_at = version, now
        while texts:
            taken = max(self._changes_of_edit(texts), 1)
            ended = self._step(texts[taken - 1])
            if ended:
                return ended
            texts = texts[taken:]
        if self._sent is not None:
            self._sent = self._sent.missed(now)
        return self._go_on(now)

    def answered(self, edit_id: int, is_applied: bool, now: float) -> list[Output]:
        """The client has answered to a `Send`: `ApplyWorkspaceEditResult.applied`, or False for an error."""
        if self._sent is not None and self._sent.id == edit_id:
            self._sent = self._sent.answered(is_applied, now)
        return self._go_on(now)

    def closed(self) -> list[Output]:
        """The document was closed."""
        return [] if self.is_over else self._stop(StopCause.CLOSED)

    def woke(self, now: float) -> list[Output]:
        """It is `wake_at`. Too early, or once too often, does no harm."""
        return self._go_on(now)

    # What has happened

    def _changes_of_edit(self, texts: Sequence[str]) -> int:
        sent = self._sent
        if sent is None or sent.is_applied is False:
            return 0
        return changes_of(self._place, sent.piece, self.text, texts)

    def _step(self, text: str) -> list[Output]:
        """Take one change of the document; something is returned only if that ends it."""
        before, sent, self.text = self.text, self._sent, text
        if sent is None or sent.is_applied is False:
            verdict = judge_rest(self._place, before, text)
        else:
            verdict = judge(self._place, sent.piece, sent.sent_to, before, text)
        match verdict:
            case Landed(place, is_alone):
                assert sent is not None, "only what was sent can land"
                self._place, self._held, self._sent = place, sent.region, None
                self._has_landed, self._is_alone, self._repeats = True, is_alone, 0
                return self._settle()
            case Missing(place):
                self._place, self._is_alone = place, self._is_alone and text == before
            case Astray(undo):
                return self._stop(StopCause.ASTRAY, undo)
            case Disturbed(with_piece):
                self._sent = sent if with_piece else None
                return self._stop(StopCause.EDITED)
        return []

    # What to do now

    def _go_on(self, now: float) -> list[Output]:
        self.wake_at = None
        if self.is_over:
            return []
        if self._sent is not None:
            return self._wait_for(self._sent, now)
        return self._next(now)

    def _wait_for(self, sent: Sent, now: float) -> list[Output]:
        due, fate = fate_of(sent, self._timing, versioned=self._versioned)
        if now < due:
            self.wake_at = due
            return []
        match fate:
            case Fate.REPEATED:
                return self._repeat(now)
            case Fate.COUNTED:
                return self._count(sent, now)
            case Fate.REFUSED:
                return self._stop(StopCause.REFUSED)
            case Fate.UNCONFIRMED:
                return self._stop(StopCause.UNCONFIRMED)

    def _repeat(self, now: float) -> list[Output]:
        self._sent = None
        self._repeats += 1
        if self._repeats > self._timing.repeats:
            return self._stop(StopCause.REFUSED)
        return self._next(now, is_repeat=True)

    def _count(self, sent: Sent, now: float) -> list[Output]:
        """The edit counts as applied. More is written only to a text that the client has shown."""
        if self._is_finished and sent.region.text == self._wanted.text:
            is_news, self._is_counted = not self._is_counted, True
            return [Settled(is_proven=False)] if is_news else []
        due = sent.answered_at + self._timing.patience
        if now >= due:
            return self._stop(StopCause.UNCONFIRMED)
        self.wake_at = due
        return []

    def _next(self, now: float, *, is_repeat: bool = False) -> list[Output]:
        """Send what is not there yet, as soon as it may be sent."""
        if self._held.text == self._wanted.text:
            return self._settle()
        if not (self._streams or self._is_finished):
            return []
        due = self._due(is_repeat)
        if now < due:
            self.wake_at = due
            return []
        return self._send(now)

    def _settle(self) -> list[Output]:
        """It is over if all that is to stand there in the end does."""
        self.is_over = self._is_finished and self._held.text == self._wanted.text
        return [Settled(is_proven=True)] if self.is_over else []

    def _due(self, is_repeat: bool) -> float:
        if not self._versioned:
            return self._changed_at + self._timing.quiet
        return AT_ONCE if is_repeat or self._is_finished else self._sent_at + self._timing.between

    def _send(self, now: float) -> list[Output]:
        region = next_region(self._held, self._wanted)
        piece = piece_between(self._place, self._held, region, line_end_of(self.text))
        if piece.removes and not self._versioned:
            return self._stop(StopCause.UNVERSIONED)
        span = piece.span.shifted(self._place.span.start)
        sent_to = position_at(self.text, span.start), position_at(self.text, span.end)
        self._edits += 1
        self._sent, self._sent_at = Sent(self._edits, piece, region, sent_to, now), now
        self._is_counted = False
        self.wake_at = now + self._timing.patience
        return [Send(self._edits, self._version, TextEdit(span, piece.new_text), self._is_alone)]

    def _stop(self, cause: StopCause, undo: TextEdit | None = None) -> list[Output]:
        self.is_over, self.wake_at = True, None
        answer, held = self._wanted.answer, self._held.answer
        delivered = held if self._has_landed and answer.startswith(held) else ""
        unsure = ""
        if self._sent is not None and undo is None and self._sent.may_stand(self._versioned):
            unsure = self._sent.region.answer.removeprefix(delivered)
        return [Stopped(cause, delivered, answer[len(delivered) :], unsure, undo)]
