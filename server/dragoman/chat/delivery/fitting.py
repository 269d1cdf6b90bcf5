"""Makes a text fit to the document around it: its line ends, and a last line that stays one."""

from __future__ import annotations

from dataclasses import dataclass

from dragoman.chat.delivery.place import Place
from dragoman.syntax.text import Span


@dataclass(frozen=True, slots=True)
class Fit:
    """How a text is written into one place of a document."""

    line_end: str = "\n"
    ends_line: bool = False
    """Whether what follows must begin a line of its own."""

    def piece(self, text: str) -> str:
        """A piece of the text, in the document's line ends."""
        return text.replace("\r\n", "\n").replace("\n", self.line_end)

    def closing(self, text: str) -> str:
        """What is to be put behind all of `text`."""
        return self.line_end if self.ends_line and text and not text.endswith("\n") else ""

    def whole(self, text: str) -> str:
        """All of the text."""
        return self.piece(text) + self.closing(text)


def fit_at(place: Place, span: Span) -> Fit:
    """How a text is written in place of `span`, or at it where it is empty."""
    document = place.document
    assert document is not None, "a place in no document fits nothing"
    old = document.text[span.start : span.end]
    return Fit(prevailing_line_end(document.text), ends_line=old.endswith(("\n", "\r")))


def fit_before(place: Place, offset: int) -> Fit:
    """How a text is written before what stands at `offset`: on a line of its own where that begins one."""
    document = place.document
    assert document is not None, "a place in no document fits nothing"
    begins_line = offset == 0 or document.text[offset - 1] in "\r\n"
    return Fit(prevailing_line_end(document.text), ends_line=begins_line)


def prevailing_line_end(text: str) -> str:
    """CRLF where more than half of the lines end so, else LF."""
    return "\r\n" if text.count("\r\n") * 2 > text.count("\n") else "\n"
