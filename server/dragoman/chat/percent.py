"""Data that may or may not be encoded with `encodeURIComponent`: the stream itself has to betray it.

The encoding leaves letters, digits and ``-_.!~*'()``, and writes all else as `%XX`. So the stream counts as encoded
as long as everything seen fits that; the first datum that does not shows that nothing was encoded.
"""

from __future__ import annotations

import re
from urllib.parse import unquote

_ENCODED = re.compile(r"(?:[A-Za-z0-9\-_.!~*'()]|%[0-9A-F]{2})*")
_ENCODED_AND_CUT = re.compile(_ENCODED.pattern + "(?:%[0-9A-F]?)?")


class PercentDecoder:
    """Decodes the data of one stream until one shows that nothing was encoded; that decision holds."""

    def __init__(self) -> None:
        self.is_encoded = True

    def decode(self, data: str, *, is_cut: bool = False) -> str:
        """What `data` stands for, by all that was seen so far. Where it `is_cut`, half a character shows nothing."""
        if self.is_encoded and not (_ENCODED_AND_CUT if is_cut else _ENCODED).fullmatch(data):
            self.is_encoded = False
        if not self.is_encoded:
            return data
        try:
            return unquote(data, errors="replace" if is_cut else "strict")
        except UnicodeDecodeError:
            # encodeURIComponent writes UTF-8 only.
            self.is_encoded = False
            return data
