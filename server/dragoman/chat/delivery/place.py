"""Where the user was when the prompt was made."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from dragoman.chat.delivery.effects import Target
from dragoman.project.document import Document
from dragoman.syntax.text import Span


@dataclass(frozen=True, slots=True)
class Place:
    """The moment, and what of the editor was in front of the user: all of it may be missing but the moment."""

    at: datetime
    document: Document | None = None
    selection: Span | None = None
    """None where nothing is selected; never empty."""
    cursor: int | None = None

    def whole(self) -> Target | None:
        """All of the document."""
        return self._target(Span(0, len(self.document.text))) if self.document else None

    def selected(self) -> Target | None:
        """What is selected."""
        return self._target(self.selection) if self.selection else None

    def at_cursor(self) -> Target | None:
        """The cursor; a selection without one ends in it."""
        end_of_selection = self.selection.end if self.selection else None
        return self._point(end_of_selection if self.cursor is None else self.cursor)

    def before_selection(self) -> Target | None:
        """Where the selection begins."""
        return self._point(self.selection.start if self.selection else None)

    def _point(self, offset: int | None) -> Target | None:
        return None if offset is None else self._target(Span(offset, offset))

    def _target(self, span: Span) -> Target | None:
        if self.document is None:
            return None
        text = self.document.text[span.start : span.end]
        return Target(self.document.uri, self.document.version, span, text)
