"""A text that grows in its place: raw in a panel; in a document only what code takes of it, fitted to the place."""

from __future__ import annotations

from dragoman.chat.delivery.effects import Effect, End, Grow, Panel, Rewrite, Where
from dragoman.chat.delivery.fitting import Fit
from dragoman.chat.delivery.taking import Anew, Change, More, Taking


class Growth:
    """Pieces of an answer in, effects on `where` out. Nothing is said of a place that no text has reached."""

    def __init__(self, where: Where, fit: Fit) -> None:
        self.where = where
        self._fit = fit
        self._taking = None if isinstance(where, Panel) else Taking()
        self._has_begun = False
        self._ending = ""

    def add(self, delta: str) -> list[Effect]:
        """More of the answer."""
        return self._told(self._taking.feed(delta) if self._taking else More(delta))

    def begin_again(self, text: str) -> list[Effect]:
        """The whole answer so far is `text`."""
        if self._taking is None:
            return self._told(Anew(text))
        self._taking = Taking()
        return self._told(Anew(self._taking.feed(text).text))

    def end(self, *, complete: bool) -> list[Effect]:
        """The answer is over."""
        effects = self._told(self._taking.finish()) if self._taking else []
        if self._taking and (closing := self._fit.closing(self._ending)):
            effects.append(Grow(self.where, closing))
        return [*effects, End(self.where, complete)] if self._has_begun else []

    def _told(self, change: Change) -> list[Effect]:
        text = self._fit.piece(change.text) if self._taking else change.text
        if isinstance(change, Anew):
            self._ending = text[-1:]
            effects: list[Effect] = [Rewrite(self.where, text)] if text or self._has_begun else []
        else:
            self._ending = text[-1:] or self._ending
            effects = [Grow(self.where, text)] if text else []
        self._has_begun = self._has_begun or bool(effects)
        return effects
