from __future__ import annotations

import pytest

from decoding import bytewise, frames_before_end, frames_of
from dragoman.chat.framing.frames import Malformed, Text
from dragoman.chat.framing.text import TextDecoder

BODIES = {
    "as it is": (b" a\r\nb\n\n", [Text(" a\r\nb\n\n")]),
    "a BOM": (b"\xef\xbb\xbfa\xef\xbb\xbf", [Text("a\ufeff")]),
    "nothing but a BOM": (b"\xef\xbb\xbf", []),
    "half a BOM": (b"\xef\xbb", [Text("\ufffd")]),
    "bytes that are no UTF-8": (b"a\xff\xc0\x80\xed\xa0\x80b", [Text("a" + "\ufffd" * 6 + "b")]),
    "an end within a character": (b"a\xf0\x9f\x98", [Text("a\ufffd")]),
    "terminal controls": (b"\x1b[1m\x07", [Text("\x1b[1m\x07")]),
    "binary": (b"a\0b", [Text("a"), Malformed("it is binary, not text")]),
    "nothing": (b"", []),
}


@pytest.mark.parametrize(("body", "expected"), BODIES.values(), ids=BODIES.keys())
def test_text_is_given_as_it_is(body, expected):
    assert frames_of(TextDecoder(), body) == expected
    assert frames_of(TextDecoder(), *bytewise(body)) == expected


def test_text_is_given_as_it_arrives_but_never_half_a_character():
    assert frames_before_end(TextDecoder(), b"a", b"\xe2\x82", b"\xacb", b"") == [[Text("a")], [], [Text("€b")], []]
