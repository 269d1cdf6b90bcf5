from __future__ import annotations

import pytest

from decoding import bytewise, frames_before_end, frames_of
from dragoman.chat.framing.frames import Datum, Oversize, UnfinishedDatum
from dragoman.chat.framing.sse import SseDecoder
from dragoman.settings import Limits

STREAMS = {
    "one event": (b"data: hello\n\n", [Datum("hello")]),
    "no space behind the colon": (b"data:hello\n\n", [Datum("hello")]),
    "one space is removed": (b"data:  hello \n\n", [Datum(" hello ")]),
    "a tab is no space": (b"data:\thello\n\n", [Datum("\thello")]),
    "lines of data are joined": (b"data: a\ndata: b\ndata:\ndata: c\n\n", [Datum("a\nb\n\nc")]),
    "a named event": (b"event: answer\ndata: a\n\ndata: b\n\n", [Datum("a", "answer"), Datum("b")]),
    "the name behind the data": (b"data: a\nevent: answer\n\n", [Datum("a", "answer")]),
    "the last name counts": (b"event: a\nevent: b\ndata: c\n\n", [Datum("c", "b")]),
    "an empty name is message": (b"event: a\nevent:\ndata: b\n\n", [Datum("b", "message")]),
    "a name without data is forgotten": (b"event: ping\n\ndata: a\n\n", [Datum("a")]),
    "empty data is data": (b"data:\n\ndata\n\ndata: \n\n", [Datum(""), Datum(""), Datum("")]),
    "blank lines give nothing": (b"\n\n\ndata: a\n\n\n\n", [Datum("a")]),
    "comments are ignored": (b": hi\n\n:\ndata: a\n: in between\ndata: b\n\n", [Datum("a\nb")]),
    "unknown fields are ignored": (b"message:\ndata: a\nDATA: b\n data: c\ndatum: d\n\n", [Datum("a")]),
    "a field without colon": (b"data\ndata\n\n", [Datum("\n")]),
    "colons in the value": (b"data: a: b:\n\n", [Datum("a: b:")]),
    "retry is ignored": (b"retry: 10\nretry: soon\ndata: a\n\n", [Datum("a")]),
    "id stays": (b"id: 1\ndata: a\n\ndata: b\n\n", [Datum("a", id="1"), Datum("b", id="1")]),
    "id is emptied": (b"id: 1\n\nid\ndata: a\n\n", [Datum("a")]),
    "id with NUL is ignored": (b"id: 1\nid: 2\0\ndata: a\n\n", [Datum("a", id="1")]),
    "NUL in data": (b"data: a\0b\n\n", [Datum("a\0b")]),
    "CRLF": (b"event: x\r\ndata: a\r\n\r\ndata: b\r\n\r\n", [Datum("a", "x"), Datum("b")]),
    "CR": (b"event: x\rdata: a\r\rdata: b\r\r", [Datum("a", "x"), Datum("b")]),
    "mixed line ends": (b"data: a\r\ndata: b\rdata: c\n\r\ndata: d\n\r", [Datum("a\nb\nc"), Datum("d")]),
    "other line separators are text": (
        "data: a\u2028b\u2029c\x85d\x0be\x0cf\x1cg\n\n".encode(),
        [Datum("a\u2028b\u2029c\x85d\x0be\x0cf\x1cg")],
    ),
    "one leading BOM": (b"\xef\xbb\xbfdata: a\n\n\xef\xbb\xbfdata: b\n\n", [Datum("a")]),
    "two leading BOMs": (b"\xef\xbb\xbf\xef\xbb\xbfdata: a\n\ndata: b\n\n", [Datum("b")]),
    "a BOM in data": (b"data: \xef\xbb\xbfa\n\n", [Datum("\ufeffa")]),
    "characters of all lengths": ("data: aé€😀\n\n".encode(), [Datum("aé€😀")]),
    "bytes that are no UTF-8": (b"data: a\xffb\xe2\x82\n\n", [Datum("a\ufffdb\ufffd")]),
    "nothing": (b"", []),
    "no blank line at the end": (b"data: a\n\nevent: x\ndata: b\n", [Datum("a"), UnfinishedDatum("b", "x")]),
    "no line end at the end": (b"data: [DONE]", [UnfinishedDatum("[DONE]")]),
    "an end within the second line": (b"data: a\ndata: b", [UnfinishedDatum("a\nb")]),
    "an end behind a name": (b"data: a\n\nevent: x\n", [Datum("a"), UnfinishedDatum("", "x")]),
    "an end within a name": (b"data: a\n\nevent: x", [Datum("a"), UnfinishedDatum("", "x")]),
    "an end within a field": (b"data: a\n\nda", [Datum("a"), UnfinishedDatum("")]),
    "an end within a comment": (b"data: a\n\n: x", [Datum("a")]),
    "an end within what is no field": (b"data: a\n\nx", [Datum("a")]),
    "an end within a character": (b"data: \xe2\x82", [UnfinishedDatum("\ufffd")]),
}


@pytest.mark.parametrize(("body", "expected"), STREAMS.values(), ids=STREAMS.keys())
def test_an_event_stream_gives_its_events(body, expected):
    assert frames_of(SseDecoder(), body) == expected
    assert frames_of(SseDecoder(), *bytewise(body)) == expected


def test_an_event_is_given_at_its_blank_line():
    decoder = SseDecoder()
    assert frames_before_end(decoder, b"data: a\n", b"\n", b"data: b") == [[], [Datum("a")], []]


def test_an_event_is_given_at_a_carriage_return_that_a_line_feed_may_follow():
    decoder = SseDecoder()
    assert frames_before_end(decoder, b"data: a\r\n\r", b"\ndata: b\r", b"\r") == [[Datum("a")], [], [Datum("b")]]


LIMITS = Limits(line=20, event=12)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"data: 3456789012345\n\ndata: a\n\n", [Oversize("event", 12)]),
        (b"data: 34567\n\ndata: 4567890123456\n", [Datum("34567"), Oversize("event", 12)]),
        (b": 345678901234567890\ndata: a\n\n", [Oversize("line", 20)]),
        (b": 34567890123456789\ndata: a\n\n", [Datum("a")]),
        (b": 3456789012345678\r\ndata: a\n\n", [Datum("a")]),
        (b"data: a\n\n: 3456789012345678901", [Datum("a"), Oversize("line", 20)]),
        (b"data: 234\ndata: 678\ndata: 0\n\n", [Datum("234\n678\n0")]),
        (b"data: 234\ndata: 678\ndata: 0123\n\n", [Oversize("event", 12)]),
        ("data: ééééé\n\ndata: éééééé\n\n".encode(), [Datum("ééééé"), Oversize("event", 12)]),
        (b"data\n" * 12 + b"\n", [Datum("\n" * 11)]),
        (b"data\n" * 13 + b"\n", [Oversize("event", 12)]),
        (b"data: 234\n\n" * 5, [Datum("234")] * 5),
    ],
)
def test_a_line_or_event_over_its_limit_ends_the_stream(body, expected):
    assert frames_of(SseDecoder(LIMITS), body) == expected
    assert frames_of(SseDecoder(LIMITS), *bytewise(body)) == expected
