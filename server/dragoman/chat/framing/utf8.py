"""Bytes to text as the Encoding standard's "UTF-8 decode" does it: no error is possible, one leading BOM is dropped.

Bodies are always read as UTF-8, whatever `charset` their type names: event streams and JSON allow nothing else.
"""

from __future__ import annotations

import codecs
from typing import Final

BYTE_ORDER_MARK: Final = "\ufeff"


class Utf8Decoder:
    """Decodes a body in pieces; a character cut by a chunk border waits for its rest."""

    __slots__ = ("_at_start", "_decoder")

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._at_start = True

    def decode(self, chunk: bytes, *, final: bool = False) -> str:
        """The text of `chunk`, as far as it is certain; all that is left if `final`."""
        text = self._decoder.decode(chunk, final)
        if text and self._at_start:
            self._at_start = False
            return text.removeprefix(BYTE_ORDER_MARK)
        return text


def decode_utf8(data: bytes | bytearray) -> str:
    """The text of `data`, which was cut at ASCII characters only, so that no character is divided."""
    return data.decode("utf-8", "replace")


def skip_byte_order_mark(head: bytes | bytearray) -> int | None:
    """Where the text behind a leading BOM starts: 0 without one, None while `head` is too short to tell."""
    mark = codecs.BOM_UTF8
    if len(head) < len(mark):
        return None if mark.startswith(head) else 0
    return len(mark) if head.startswith(mark) else 0
