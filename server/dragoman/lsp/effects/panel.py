"""An answer as text in a panel. A client that gets the turn's events fills its panel from these."""

from __future__ import annotations

from dragoman.chat.delivery.effects import Surface
from dragoman.lsp.effects.occasion import Occasion


class PanelText:
    """The text of the turn itself, in one panel."""

    def __init__(self, occasion: Occasion, surface: Surface) -> None:
        self._occasion = occasion
        self._surface = surface

    def grow(self, delta: str) -> None:
        """More of the text: the panel is there before the first of it."""
        if self._occasion.has_text:
            self._occasion.open_panel(self._surface)

    def rewrite(self, text: str) -> None:
        """See `grow`."""
        self.grow(text)

    async def end(self, *, complete: bool) -> None:
        """A client that got no events is shown the whole."""
        await self._occasion.show_text(self._surface)
