from __future__ import annotations

import pytest

from decoding import bytewise, frames_before_end, frames_of
from dragoman.chat.framing.body import LONGEST_HEAD, BodyDecoder
from dragoman.chat.framing.frames import Datum, Document, Line, Malformed, Text, UnfinishedDatum, WholeArray
from dragoman.chat.framing.select import media_type_of

EVENT = b"data: {}\n\n"
JSON = b'\n{"a":1}'
DATUM = [Datum("{}")]
DOCUMENT = [Document('{"a":1}', {"a": 1})]
HTML = b"<p>a: b</p>"

# type, body, what it gives where documents are expected, what it gives where they are not
BODIES = [
    ("text/event-stream", EVENT, DATUM, DATUM),
    ("TEXT/Event-Stream; Charset=utf-16", EVENT, DATUM, DATUM),
    ("text/event-stream", b"\n\n" + EVENT, DATUM, DATUM),
    ("text/event-stream", JSON, DOCUMENT, DOCUMENT),
    ("text/event-stream", b"\xef\xbb\xbf" + JSON, DOCUMENT, DOCUMENT),
    ("text/event-stream", HTML, [], []),
    ("text/event-stream", b"data: x", [UnfinishedDatum("x")], [UnfinishedDatum("x")]),
    ("text/event-stream", b"\n\n", [], []),
    ("application/x-ndjson", JSON + b"\n", [Line('{"a":1}')], [Line('{"a":1}')]),
    ("application/jsonl; charset=utf-8", JSON + b"\n", [Line('{"a":1}')], [Line('{"a":1}')]),
    ("application/json", JSON, DOCUMENT, DOCUMENT),
    ("application/vnd.api+json", JSON, DOCUMENT, DOCUMENT),
    ("application/json-seq", b"\x1e" + JSON, DOCUMENT, DOCUMENT),
    ("text/plain", EVENT, DATUM, [Text(EVENT.decode())]),
    ("text/plain", JSON, DOCUMENT, [Text(JSON.decode())]),
    ("text/plain", b"hello\n\n", [Text("hello\n\n")], [Text("hello\n\n")]),
    ("text/markdown", EVENT, DATUM, [Text(EVENT.decode())]),
    (None, EVENT, DATUM, [Text(EVENT.decode())]),
    (None, JSON, DOCUMENT, [Text(JSON.decode())]),
    ("", EVENT, DATUM, [Text(EVENT.decode())]),
    ("nonsense", EVENT, DATUM, [Text(EVENT.decode())]),
    ("application/xml", b"<a/>", [Text("<a/>")], [Text("<a/>")]),
    ("text/html; charset=utf-8", HTML, [Malformed("it is an HTML page")], [Text(HTML.decode())]),
    *(
        (kind, b"\x89PNG", [Malformed(f"it is binary ({kind})")], [Malformed(f"it is binary ({kind})")])
        for kind in ("application/octet-stream", "image/png", "application/x-protobuf", "application/vnd.msgpack")
    ),
    (
        "text/plain",
        b"a\0b",
        [Text("a"), Malformed("it is binary, not text")],
        [Text("a"), Malformed("it is binary, not text")],
    ),
    *((kind, b"", [], []) for kind in (None, "text/html", "image/png", "application/json", "text/event-stream")),
]


@pytest.mark.parametrize(("content_type", "body", "with_documents", "without"), BODIES)
def test_the_framing_is_chosen_from_the_response(content_type, body, with_documents, without):
    for chunks in ([body], bytewise(body)):
        assert frames_of(BodyDecoder(content_type, expects_documents=True), *chunks) == with_documents
        assert frames_of(BodyDecoder(content_type, expects_documents=False), *chunks) == without


def test_a_page_is_an_answer_where_pages_are_shown():
    assert frames_of(BodyDecoder("text/html", expects_documents=True, allows_html=True), HTML) == [Text(HTML.decode())]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b": comment\n\n" + EVENT, DATUM),
        (b"\n\n\xef\xbb\xbf" + EVENT, [Text("\n\n\ufeff" + EVENT.decode())]),
        (b"\xef\xbb\xbf" + EVENT, DATUM),
        (b"event: a\r\ndata: b\r\n\r\n", [Datum("b", "a")]),
        (b"id\ndata: b\n\n", [Datum("b")]),
        (b"retry:1\ndata: b\n\n", [Datum("b")]),
        (b"\n  data: b\n\n", [Text("\n  data: b\n\n")]),
        (b"date: b\n\n", [Text("date: b\n\n")]),
        (b"dat", [Text("dat")]),
        (b"database: b\n", [Text("database: b\n")]),
        (b"  [1]", [Document("1", 1, element=True), WholeArray("[1]")]),
        (b"  \n", [Text("  \n")]),
    ],
)
def test_text_is_looked_into_where_documents_are_expected(body, expected):
    for chunks in ([body], bytewise(body)):
        assert frames_of(BodyDecoder("text/plain", expects_documents=True), *chunks) == expected


def test_text_is_not_held_back_once_it_can_be_nothing_else():
    decoder = BodyDecoder("text/plain", expects_documents=True)
    assert frames_before_end(decoder, b"d", b"a", b"y", b" one") == [[], [], [Text("day")], [Text(" one")]]


@pytest.mark.parametrize("size", [LONGEST_HEAD - 1, LONGEST_HEAD, LONGEST_HEAD + 1])
def test_a_body_that_stays_blank_is_what_its_type_says(size):
    body = b"\n" * size + b"{}"
    whole, in_bytes = (
        frames_of(BodyDecoder("text/event-stream", expects_documents=True), *chunks)
        for chunks in ([body], bytewise(body))
    )
    assert whole == in_bytes == ([Document("{}", {})] if size < LONGEST_HEAD else [])


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("application/json", "application/json"),
        (" Text/HTML ;charset=x", "text/html"),
        ("application/vnd.a.b+JSON", "application/vnd.a.b+json"),
        ("text/html, text/plain", "text/html"),
        ("json", ""),
        (";", ""),
        ("\x1b[1m/x", ""),
        ("", ""),
        (None, ""),
    ],
)
def test_the_media_type_is_read_from_the_header(header, expected):
    assert media_type_of(header) == expected
