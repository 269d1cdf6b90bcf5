"""Text from elsewhere, made safe to be shown on one line: in a terminal, a message or a question."""

from __future__ import annotations

import re
import unicodedata

# A terminal obeys the C0 and C1 controls; the others end a line, turn text around, or have no UTF-8.
_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def printable(text: str) -> str:
    """`text` with what a terminal would obey, and what UTF-8 cannot hold, as escapes."""
    return _UNSAFE.sub(lambda character: f"\\u{ord(character[0]):04x}", text)


def columns(text: str) -> int:
    """How wide a terminal shows text that is `printable`."""
    return len(text) if text.isascii() else sum(map(_width, text))


def _width(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
