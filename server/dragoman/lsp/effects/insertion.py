"""An answer that grows in the document, around which its user types on."""

from __future__ import annotations

from dragoman.chat.delivery.effects import Target
from dragoman.lsp.document_writer import DocumentWriter
from dragoman.lsp.edits import Region, StopCause, Stopped
from dragoman.lsp.effects.occasion import Occasion
from dragoman.lsp.effects.replacing import cause_of, why_no_edits


class InsertedText:
    """The text of one target. What cannot be put there is shown as text, whole."""

    def __init__(self, occasion: Occasion, target: Target) -> None:
        self._occasion = occasion
        self._anchor = occasion.place.anchor(target)
        self._text = ""
        self._writer: DocumentWriter | None = None

    def grow(self, delta: str) -> None:
        """More of the text."""
        self.rewrite(self._text + delta)

    def rewrite(self, text: str) -> None:
        """All of the text so far becomes this."""
        self._text = text
        self._writer = self._writer or self._open()
        if self._writer is not None:
            self._writer.show(Region(text))

    async def end(self, *, complete: bool) -> None:
        """What there is of it stays, whether it is all or not."""
        if self._writer is None:
            is_gone = self._anchor.place is None
            why = cause_of(StopCause.EDITED) if is_gone else why_no_edits(self._occasion.session)
            await self._show_instead(why)
            return
        end = await self._writer.finish(Region(self._text))
        if isinstance(end, Stopped):
            await self._show_instead(cause_of(end.cause), is_begun=bool(end.delivered))

    def _open(self) -> DocumentWriter | None:
        place = self._anchor.place
        return self._occasion.session.writers.open(self._anchor.uri, place, self._lost) if place else None

    def _lost(self, stopped: Stopped) -> None:
        """The editor had said that all is there, and it turns out that it is not."""
        self._occasion.session.background(self._show_instead(cause_of(stopped.cause), is_begun=True))

    async def _show_instead(self, why: str, *, is_begun: bool = False) -> None:
        what = "not all of the answer was inserted" if is_begun else "the answer was not inserted"
        self._occasion.warn(f"{what}, since {why}. It is shown as text instead.")
        await self._occasion.show_text()
