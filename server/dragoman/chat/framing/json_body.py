"""A JSON body: one document, an array that streams its items, or several documents one after another.

Each value is given as soon as its last byte is there. What stands between values is checked here; the values themselves
are checked by `parse_json`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum, auto

from dragoman.chat.framing.frames import Document, Frame, Malformed, Oversize, WholeArray
from dragoman.chat.framing.json_text import Parsed, parse_json
from dragoman.chat.framing.json_value import ValueEnd
from dragoman.chat.framing.utf8 import decode_utf8, skip_byte_order_mark
from dragoman.settings import DEFAULT_LIMITS, Limits

# JSON's white space, and the record separator of RFC 7464 (application/json-seq).
_BLANKS = re.compile(rb"[ \t\n\r\x1e]*")


class _Place(Enum):
    """Where in the body the reader is, when it is not inside a value."""

    START = auto()
    BETWEEN_DOCUMENTS = auto()
    BEFORE_FIRST_ITEM = auto()
    BEFORE_ITEM = auto()
    AFTER_ITEM = auto()


# Only the first value, if it is an array, is opened: later arrays are lines of NDJSON, which are documents.
_PUNCTUATION = {
    (_Place.START, b"["): _Place.BEFORE_FIRST_ITEM,
    (_Place.AFTER_ITEM, b","): _Place.BEFORE_ITEM,
    (_Place.BEFORE_FIRST_ITEM, b"]"): _Place.BETWEEN_DOCUMENTS,
    (_Place.AFTER_ITEM, b"]"): _Place.BETWEEN_DOCUMENTS,
}
_AFTER_VALUE = {
    _Place.START: _Place.BETWEEN_DOCUMENTS,
    _Place.BETWEEN_DOCUMENTS: _Place.BETWEEN_DOCUMENTS,
    _Place.BEFORE_FIRST_ITEM: _Place.AFTER_ITEM,
    _Place.BEFORE_ITEM: _Place.AFTER_ITEM,
}


class JsonBodyDecoder:
    """Gives a `Document` for each value; for a body that begins with an array, for each item, then a `WholeArray`."""

    __slots__ = ("_buffer", "_closed", "_limit", "_mark_seen", "_place", "_position", "_value")

    def __init__(self, limits: Limits = DEFAULT_LIMITS) -> None:
        self._limit = limits.answer
        self._buffer = bytearray()  # from the first byte of the top-level value that is being read
        self._position = 0  # behind what is read of it, when not inside a value
        self._value: ValueEnd | None = None
        self._place = _Place.START
        self._mark_seen = False
        self._closed = False

    def feed(self, chunk: bytes) -> list[Frame]:
        """The values that end in `chunk`."""
        frames: list[Frame] = []
        while chunk and not self._closed:
            # Never more bytes at a time than the value may still take: so it is too large or not, however it is cut.
            room = self._limit - len(self._buffer)
            if room == 0:
                frames.append(self._close(Oversize("document", self._limit)))
            else:
                self._buffer += chunk[:room]
                chunk = chunk[room:]
                frames.extend(self._read())
        return frames

    def flush(self) -> list[Frame]:
        """A number or name that the end of the body completes, or what is wrong with an unfinished value."""
        rest = decode_utf8(self._buffer[self._position :])
        if self._closed or not (rest or self._in_array):
            return []
        if self._value is not None and not self._in_array and rest[0] not in '{["':
            return [self._take_value(self._value, len(self._buffer))]
        return [self._close(Malformed("it ends in the middle of a JSON value", rest))]

    @property
    def _in_array(self) -> bool:
        return self._place not in (_Place.START, _Place.BETWEEN_DOCUMENTS)

    def _read(self) -> Iterator[Frame]:
        while not self._closed:
            if self._value is None:
                if not self._skip_to_next():
                    return
                frame = self._read_punctuation()
                if frame is not None:
                    yield frame
                if self._value is None:
                    continue
            end = self._value.find()
            if end is None:
                return
            yield self._take_value(self._value, end)

    def _skip_to_next(self) -> bool:
        """Go behind blanks, to a byte that means something; False if there is none yet."""
        if not self._mark_seen:
            mark = skip_byte_order_mark(self._buffer)
            if mark is None:
                return False
            self._mark_seen = True
            self._position = mark
        blanks = _BLANKS.match(self._buffer, self._position)
        assert blanks is not None
        self._position = blanks.end()
        if not self._in_array:
            self._drop_read()
        return self._position < len(self._buffer)

    def _read_punctuation(self) -> Frame | None:
        """Take a bracket or comma of the top-level array, or begin a value, or give what is wrong."""
        sign = bytes(self._buffer[self._position : self._position + 1])
        following = _PUNCTUATION.get((self._place, sign))
        if following is not None:
            self._place = following
            self._position += 1
            return self._whole_array() if sign == b"]" else None
        if sign in b",:]}" or self._place not in _AFTER_VALUE:
            text = decode_utf8(sign)
            return self._close(Malformed(f"it is not valid JSON (unexpected {text!r})", text))
        self._value = ValueEnd(self._buffer, self._position)
        return None

    def _take_value(self, value: ValueEnd, end: int) -> Frame:
        text = decode_utf8(self._buffer[value.start : end])
        parsed = parse_json(text)
        if not isinstance(parsed, Parsed):
            return self._close(Malformed(parsed.reason, text))
        element = self._in_array
        self._place = _AFTER_VALUE[self._place]
        self._value = None
        self._position = end
        return Document(text, parsed.value, element)

    def _whole_array(self) -> WholeArray:
        return WholeArray(decode_utf8(self._buffer[: self._position]))

    def _drop_read(self) -> None:
        del self._buffer[: self._position]
        self._position = 0

    def _close(self, last: Malformed | Oversize) -> Malformed | Oversize:
        self._closed = True
        self._buffer.clear()
        self._position = 0
        self._value = None
        return last
