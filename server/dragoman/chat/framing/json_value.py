"""Finds where a JSON value ends, in a buffer that is still growing. Looks at each byte once and checks nothing."""

from __future__ import annotations

import re

_NAME_OR_NUMBER = re.compile(rb"[^ \t\n\r\x1e,:\[\]{}\"]*")
_QUOTE_OR_BRACKET = re.compile(rb'["\[\]{}]')
_REST_OF_STRING = re.compile(rb'(?:[^"\\]++|\\.)*+("?)', re.DOTALL)


class ValueEnd:
    """The search for the end of the value that begins at `start`."""

    __slots__ = ("_buffer", "_depth", "_in_string", "_position", "start")

    def __init__(self, buffer: bytearray, start: int) -> None:
        self.start = start
        """Where the value begins in the buffer."""
        self._buffer = buffer
        self._position = start
        self._depth = 0
        self._in_string = False

    def find(self) -> int | None:
        """The offset behind the value's last byte; None while the buffer does not reach it.

        A number or name ends only where something else begins.
        """
        if self._buffer[self.start] not in b'{["':
            return self._end_of_name()
        while self._step():
            if self._depth <= 0 and not self._in_string:
                return self._position
        return None

    def _end_of_name(self) -> int | None:
        found = _NAME_OR_NUMBER.match(self._buffer, self._position)
        assert found is not None
        self._position = found.end()
        return self._position if self._position < len(self._buffer) else None

    def _step(self) -> bool:
        """Go on to the end of the string, or to the next bracket or quote; False when the buffer ends before."""
        if self._in_string:
            rest = _REST_OF_STRING.match(self._buffer, self._position)
            assert rest is not None
            self._position = rest.end()
            self._in_string = not rest[1]
            return not self._in_string
        found = _QUOTE_OR_BRACKET.search(self._buffer, self._position)
        if found is None:
            self._position = len(self._buffer)
            return False
        self._position = found.end()
        match found[0]:
            case b'"':
                self._in_string = True
            case b"{" | b"[":
                self._depth += 1
            case _:
                self._depth -= 1
        return True
