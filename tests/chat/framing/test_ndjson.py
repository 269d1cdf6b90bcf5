from __future__ import annotations

import pytest

from decoding import bytewise, frames_before_end, frames_of
from dragoman.chat.framing.frames import Line, Oversize
from dragoman.chat.framing.ndjson import NdjsonDecoder
from dragoman.settings import Limits

BODIES = {
    "lines": (b'{"a":1}\n{"a":2}\n', [Line('{"a":1}'), Line('{"a":2}')]),
    "CRLF and CR": (b"1\r\n2\r3\n", [Line("1"), Line("2"), Line("3")]),
    "blank lines are skipped": (b"\n\n1\n \t\n\r\n2\n\n", [Line("1"), Line("2")]),
    "no line end at the end": (b"1\n[DONE]", [Line("1"), Line("[DONE]", ended=False)]),
    "blanks at the end": (b"1\n  ", [Line("1")]),
    "what is no JSON is for the reader": (b"oops\n{}\n", [Line("oops"), Line("{}")]),
    "other line separators are text": (
        '"a\u2028b\x85c"\n\u2028\n'.encode(),
        [Line('"a\u2028b\x85c"'), Line("\u2028")],
    ),
    "a BOM": (b"\xef\xbb\xbf{}\n", [Line("{}")]),
    "bytes that are no UTF-8": (b'"\xff"\n', [Line('"\ufffd"')]),
    "nothing": (b"", []),
}


@pytest.mark.parametrize(("body", "expected"), BODIES.values(), ids=BODIES.keys())
def test_each_line_that_is_not_blank_is_given(body, expected):
    assert frames_of(NdjsonDecoder(), body) == expected
    assert frames_of(NdjsonDecoder(), *bytewise(body)) == expected


def test_a_line_is_given_at_its_end():
    assert frames_before_end(NdjsonDecoder(), b"1", b"\r", b"\n2\n3") == [[], [Line("1")], [Line("2")]]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"1234567\n1\n", [Line("1234567"), Line("1")]),
        (b"1\n12345678\n1\n", [Line("1"), Oversize("line", 8)]),
        (b"1\n" + b"x" * 100, [Line("1"), Oversize("line", 8)]),
        (b"12345678", [Line("12345678", ended=False)]),
    ],
)
def test_a_line_over_the_limit_ends_the_body(body, expected):
    assert frames_of(NdjsonDecoder(Limits(line=8)), body) == expected
    assert frames_of(NdjsonDecoder(Limits(line=8)), *bytewise(body)) == expected
