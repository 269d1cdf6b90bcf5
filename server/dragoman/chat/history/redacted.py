"""A text that grows, as it may be kept: without secrets, also one that comes in pieces, and writable as UTF-8."""

from __future__ import annotations

import re
from io import StringIO

from dragoman.chat.redaction import Redactor

# SQLite's tokenizer ends a text at a NUL; a lone surrogate has no UTF-8 form.
_UNKEEPABLE = re.compile("[\0\ud800-\udfff]")


def keepable(text: str) -> str:
    """`text` with U+FFFD for each character that cannot be kept."""
    return _UNKEEPABLE.sub("\ufffd", text)


class RedactedText:
    """What is settled is redacted once and for all; the end may turn out to be the beginning of a secret."""

    def __init__(self, redact: Redactor) -> None:
        self._redact = redact
        self._settled = StringIO()
        self._open = ""

    @property
    def value(self) -> str:
        """The whole text so far."""
        return self._settled.getvalue() + self._redact.half(self._open)

    def add(self, piece: str) -> None:
        """More of the text."""
        text = self._open + keepable(piece)
        end = self._redact.settled(text)
        self._settled.write(self._redact(text[:end]))
        self._open = text[end:]

    def replace(self, text: str) -> None:
        """Another text instead of the one so far."""
        self._settled = StringIO()
        self._open = ""
        self.add(text)
