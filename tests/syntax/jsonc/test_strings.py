"""What a string says, where each of its characters stands, and what is wrong in it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman.syntax.jsonc import decode_string, encode_string
from dragoman.syntax.text import Span
from json_texts import texts
from marked import mark


@pytest.mark.parametrize(
    ("inside", "pieces"),
    [
        ("", []),
        ("ab", ["a", "b"]),
        (r"a\nb", ["a", r"\n", "b"]),
        (r"\"\\\/\b\f\n\r\t", [r"\"", r"\\", r"\/", r"\b", r"\f", r"\n", r"\r", r"\t"]),
        (r"\u00e9x", [r"\u00e9", "x"]),
        (r"a\ud83d\ude00b", ["a", r"\ud83d\ude00", "b"]),
        (r"\uD83D\uDE00", [r"\uD83D\uDE00"]),
        ("😀é", ["😀", "é"]),
        (r"\\ud83d", [r"\\", "u", "d", "8", "3", "d"]),
        (r"\ud83dx", [r"\ud83d", "x"]),
        (r"\ude00\ud83d", [r"\ude00", r"\ud83d"]),
        (r"\ud83d\ud83d\ude00", [r"\ud83d", r"\ud83d\ude00"]),
    ],
)
def test_each_character_knows_its_source(inside: str, pieces: list[str]):
    text = f'x"{inside}"'
    decoded = decode_string(text, 2, 2 + len(inside))
    assert [source(text, decoded.span(index, index + 1)) for index in range(len(decoded.value))] == pieces
    assert source(text, decoded.span(0, len(decoded.value))) == inside
    assert decoded.bad == ()


@pytest.mark.parametrize(
    ("inside", "value"),
    [
        (r"\ud83d\ude00", "😀"),
        (r"\ud800", "\ufffd"),
        (r"\udc00\ud800", "\ufffd\ufffd"),
        (r"\u0000", "\x00"),
        (r"\q", "q"),
        (r"\u12", "u12"),
        ("a\tb", "a\tb"),
        ("\\", ""),
        ("\\😀", "😀"),
    ],
)
def test_decoded_value(inside: str, value: str):
    assert decode_string(inside, 0, len(inside)).value == value


@pytest.mark.parametrize(
    ("marked", "message"),
    [
        (r"a«\q»b", r"\q is no escape of JSON; a backslash itself is written \\."),
        (r"«\'»", r"\' is no escape of JSON; a backslash itself is written \\."),
        (r"«\u»12", r"\u needs four hexadecimal digits."),
        (r"«\u»00g0", r"\u needs four hexadecimal digits."),
        (r"«\x»41", r"\x is no escape of JSON; a backslash itself is written \\."),
        ("a«\t»b", r"A control character inside a string must be escaped (a tab is \t)."),
        ("«\x00»", r"A control character inside a string must be escaped (a tab is \t)."),
    ],
)
def test_bad_escape(marked: str, message: str):
    text = marked.replace("«", "").replace("»", "")
    (bad,) = decode_string(text, 0, len(text)).bad
    assert (mark(text, [bad.span]), bad.message) == (marked, message)


def test_several_bad_escapes_come_in_order():
    text = "\\q\t\\u1"
    assert [bad.span.start for bad in decode_string(text, 0, len(text)).bad] == [0, 2, 3]


def test_the_end_marks_the_last_character():
    decoded = decode_string(r'"a\u0062"', 1, 8)
    assert decoded.span(2, 2) == Span(2, 8)
    assert decoded.span(2, 9) == Span(2, 8)
    assert decode_string('""', 1, 1).span(0, 0) == Span(1, 1)


@given(st.text(), st.booleans())
def test_decoding_undoes_encoding(value: str, ensure_ascii: bool):
    encoded = json.dumps(value, ensure_ascii=ensure_ascii)
    decoded = decode_string(encoded, 1, len(encoded) - 1)
    assert (decoded.value, decoded.bad) == (value, ())
    assert len(decoded.offsets) == len(value) + 1
    assert decoded.offsets[0] == 1
    assert decoded.offsets[-1] == len(encoded) - 1


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_encode_is_json_without_escapes_that_are_not_needed(value: str):
    encoded: Any = encode_string(value)
    assert json.loads(encoded) == value
    assert encoded.isascii() == value.isascii()


@given(texts)
def test_any_text_has_offsets_that_grow(text: str):
    decoded = decode_string(text, 0, len(text))
    assert list(decoded.offsets) == sorted(set(decoded.offsets))
    assert len(decoded.offsets) == len(decoded.value) + 1
    for bad in decoded.bad:
        assert 0 <= bad.span.start < bad.span.end <= len(text)


def source(text: str, span: Span) -> str:
    return text[span.start : span.end]
