"""What holds for every framing: the chunks make no difference, no body raises, and nothing grows without end."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from functools import partial

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from decoding import bytewise, cut, frames_of
from dragoman.chat.framing.body import BodyDecoder
from dragoman.chat.framing.frames import Decoder, Document, Oversize
from dragoman.chat.framing.select import FRAMINGS
from dragoman.settings import Limits

SMALL = Limits(line=24, event=20, answer=30)

DECODERS: dict[str, Callable[[Limits], Decoder]] = {
    **FRAMINGS,
    "body without a type": lambda limits: BodyDecoder(None, expects_documents=True, limits=limits),
    "body of events": lambda limits: BodyDecoder("text/event-stream", expects_documents=False, limits=limits),
    "body that is refused": lambda limits: BodyDecoder("text/html", expects_documents=True, limits=limits),
}
EVERY_DECODER = pytest.mark.parametrize("make", DECODERS.values(), ids=DECODERS.keys())

PIECES = [
    *(b"\n", b"\r", b"\r\n", b" ", b":", b"data", b"data: ", b"event: x", b"id: 1", b"\n\ndata: a\n\n"),
    *(
        b"{",
        b"}",
        b"[",
        b"]",
        b",",
        b'"',
        b"\\",
        b'\\"',
        b"1",
        b"null",
        b"NaN",
        b'{"a": [1, "b"]}',
        b"[1, {}]",
        b"\x1e",
    ),
    *("é".encode(), "😀".encode(), "\u2028".encode(), b"\xef\xbb\xbf", b"\xef", b"\xbb", b"\xff", b"\xe2\x82", b"\0"),
]
BODIES = st.lists(st.sampled_from(PIECES), max_size=24).map(b"".join) | st.binary(max_size=60)


@EVERY_DECODER
@given(body=BODIES, borders=st.lists(st.integers(0, 80), max_size=8), limits=st.sampled_from([SMALL, Limits()]))
@example(body=b"data: a\r\n\r\n", borders=[8, 10], limits=SMALL)
@example(body=b"\xed\xa0\x80\xf0\x9f\x98\x80", borders=[1, 4, 6], limits=SMALL)
@example(body=b'["\\\\", "\\""]', borders=[3, 4, 9], limits=SMALL)
def test_any_chunks_of_a_body_give_the_same_frames(make, body, borders, limits):
    whole = frames_of(make(limits), body)
    assert frames_of(make(limits), *cut(body, borders)) == whole
    assert frames_of(make(limits), *bytewise(body)) == whole


@EVERY_DECODER
def test_empty_chunks_make_no_difference(make):
    body = b'data: {"a": "\xe2\x82\xac"}\r\n\r\n[1]'
    with_empty_chunks = [chunk for byte in bytewise(body) for chunk in (b"", byte, b"")]
    assert frames_of(make(SMALL), *with_empty_chunks) == frames_of(make(SMALL), body)


ENDLESS = {
    "a line": b"data: xxxxxxxx",
    "lines of data": b"data: x\n",
    "lines of empty data": b"data\n",
    "comments": b": keep-alive\n",
    "fields without data": b"event: a\nid: b\n",
    "blank lines": b"\n",
    "blanks": b"    ",
    "brackets": b"[[[[",
    "a string": b'"xxxxxxxx',
}


@EVERY_DECODER
@pytest.mark.parametrize("piece", ENDLESS.values(), ids=ENDLESS.keys())
def test_an_endless_body_does_not_fill_the_memory(make, piece):
    decoder = make(Limits(line=20_000, event=20_000, answer=20_000))
    chunk = piece * (4096 // len(piece))
    tracemalloc.start()
    for _ in range(300):
        decoder.feed(chunk)
    decoder.flush()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 500_000


def test_after_oversize_nothing_comes():
    body = b"data: " + b"x" * 200 + b"\n\ndata: a\n\n{}\n"
    for framing in ("sse", "ndjson"):
        assert frames_of(FRAMINGS[framing](SMALL), *cut(body, range(0, 300, 7))) == [Oversize("line", 24)]
    large = b'["' + b"x" * 200 + b'"] {}'
    assert frames_of(FRAMINGS["json"](SMALL), *cut(large, range(0, 300, 7))) == [Oversize("document", 30)]


def test_a_large_document_may_come_byte_by_byte():
    # Reading it again at each byte would take minutes.
    text = '{"a": "' + "x" * 150_000 + '", "b": [' + "1, " * 50_000 + "2]}"
    decode = partial(frames_of, FRAMINGS["json"](Limits()))
    assert decode(*bytewise(text.encode())) == [Document(text, {"a": "x" * 150_000, "b": [1] * 50_000 + [2]})]
