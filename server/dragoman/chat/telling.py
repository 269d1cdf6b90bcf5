"""What a turn tells while it reads: events in their order, neighbouring pieces of text joined, and the text so far."""

from __future__ import annotations

from io import StringIO
from typing import TypeAlias

from dragoman.chat.conversation import Learned
from dragoman.chat.events import ReplaceText, TextDelta, TurnEvent
from dragoman.chat.redaction import Confidential

Extracted: TypeAlias = TurnEvent | Learned | Confidential


class Telling:
    """Gathers events until they are drained."""

    def __init__(self) -> None:
        self._events: list[Extracted] = []
        self._pieces: list[str] = []
        # Many small strings would take ten times the room of their characters.
        self._text = StringIO()

    @property
    def text(self) -> str:
        """The whole answer so far."""
        return self._text.getvalue()

    @property
    def has_text(self) -> bool:
        """Whether there is any answer so far."""
        return self._text.tell() > 0

    def say(self, text: str) -> None:
        """More of the answer."""
        if text:
            self._pieces.append(text)
            self._text.write(text)

    def replace(self, text: str) -> None:
        """`text` is the whole answer so far; told only as far as it is news."""
        so_far = self.text
        if text.startswith(so_far):
            self.say(text[len(so_far) :])
            return
        self.tell(ReplaceText(text))
        self._text = StringIO()
        self._text.write(text)

    def tell(self, event: Extracted) -> None:
        """Anything else."""
        self._join_pieces()
        self._events.append(event)

    def drain(self) -> list[Extracted]:
        """All that was told since the last time."""
        self._join_pieces()
        events, self._events = self._events, []
        return events

    def _join_pieces(self) -> None:
        if self._pieces:
            self._events.append(TextDelta("".join(self._pieces)))
            self._pieces = []
