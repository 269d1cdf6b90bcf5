from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman.chat.framing.json_text import MAX_DEPTH, NotJson, Parsed, parse_json

VALUES = {
    '{"a": [1, 2.5, true, false, null, "x"]}': {"a": [1, 2.5, True, False, None, "x"]},
    ' \t\r\n"x" ': "x",
    "-0": 0,
    "1e2": 100.0,
    '{"a": 1, "a": 2}': {"a": 2},
    '"\u2028\x7f"': "\u2028\x7f",
    # A number that no float holds stays what was sent.
    "1e999": "1e999",
    "-1e999": "-1e999",
    "9" * 640: 10**640 - 1,
    "[" + "9" * 100_000 + "]": ["9" * 100_000],
    # Halves of surrogate pairs cannot be written as UTF-8.
    r'"\ud83d\ude00"': "😀",
    r'"\ud800"': "\ufffd",
    r'"\uDC00\uD800x"': "\ufffd\ufffdx",
    r'"\ud800\ud83d\ude00"': "\ufffd😀",
    r'{"\udfff": "\\ud800"}': {"\ufffd": r"\ud800"},
    r'"\\\ud800"': "\\\ufffd",
}


@pytest.mark.parametrize(("text", "value"), VALUES.items())
def test_json_is_parsed(text, value):
    assert parse_json(text) == Parsed(value)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "it is not valid JSON (expecting value, character 1)"),
        ("{", "it is not valid JSON (expecting property name enclosed in double quotes, character 2)"),
        ("{} x", "it is not valid JSON (extra data, character 4)"),
        ("NaN", "it is not valid JSON (NaN is no JSON number)"),
        ("[-Infinity]", "it is not valid JSON (-Infinity is no JSON number)"),
        ('"a\nb"', "it is not valid JSON (invalid control character at, character 3)"),
        ("[" * 200_000, "it is nested deeper than 256 levels"),
        ("[" * 200_000 + "]" * 200_000, "it is nested deeper than 256 levels"),
        ('{"a":' * 200_000 + "1" + "}" * 200_000, "it is nested deeper than 256 levels"),
    ],
)
def test_what_is_not_json_says_why(text, reason):
    assert parse_json(text) == NotJson(reason)


@pytest.mark.parametrize(
    "text", ["[1,]", "{'a': 1}", "01", "+1", ".5", "1.", "tru", "\ufeff1", "\x0b1", r'"\x"', r'"\ud8"', '"']
)
def test_what_is_nearly_json_is_refused(text):
    assert isinstance(parse_json(text), NotJson)


def test_depth_is_counted_outside_strings_and_by_nesting_only():
    assert parse_json('["' + '[{\\"' * 1000 + '"]') == Parsed(['[{"' * 1000])
    assert parse_json("[" + "[]," * 1000 + "[]]") == Parsed([[]] * 1001)
    assert isinstance(parse_json("[" * MAX_DEPTH + "]" * MAX_DEPTH), Parsed)
    assert isinstance(parse_json("[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1)), NotJson)


@given(st.text(alphabet='[]{}",:\\u0dD8cC1e.-tNa \n\ud800'))
def test_no_text_raises(text):
    parse_json(text)
