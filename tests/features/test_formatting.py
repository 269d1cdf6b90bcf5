"""Formatting changes nothing but blanks, and nothing that is formatted already."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman.features.formatting import Style, format_file
from dragoman.project.agent_file import AgentFile, read_agent_file
from dragoman.syntax.jsonc import parse, to_value
from dragoman.syntax.text import Span
from json_texts import array_texts, values, written

FORMATTED: dict[str, tuple[str, str]] = {
    "one key a line": ('{"name":"a","url":"x"}', '{\n  "name": "a",\n  "url": "x"\n}'),
    "one agent after another": ("[{},{\n}]", "[\n  {},\n  {}\n]"),
    "what is on one line stays there": ('{"auth" :{"type":"Bearer"}}', '{\n  "auth": {"type": "Bearer"}\n}'),
    "what is on several lines stays there": (
        '{"auth":{"a":1,\n"b":[ ]}}',
        '{\n  "auth": {\n    "a": 1,\n    "b": []\n  }\n}',
    ),
    "what is too long": (
        json.dumps({"parameters": {"a": "x" * 60, "b": "y" * 40}}),
        f'{{\n  "parameters": {{\n    "a": "{"x" * 60}",\n    "b": "{"y" * 40}"\n  }}\n}}',
    ),
    "an array inside": ('{"transition":[{"a":1},{"b":2}]}', '{\n  "transition": [{"a": 1}, {"b": 2}]\n}'),
    "one blank line stays": ('{"a": 1,\n\n\n\n"b": 2\n\n}', '{\n  "a": 1,\n\n  "b": 2\n}'),
    "comments": (
        '// top\n[ // first\n{"a":1, // of a\n// of b\n"b" : /* two */ 2 /* last */}\n]// end\n',
        '// top\n[ // first\n  {\n    "a": 1, // of a\n    // of b\n    "b": /* two */ 2 /* last */\n  }\n] // end\n',
    ),
    "a comment before what it is about": ('{"a":1, /* of b */ "b":2}', '{\n  "a": 1,\n  /* of b */ "b": 2\n}'),
    "a comment before a comma": ('{"a":1 // one\n,"b":2}', '{\n  "a": 1 // one\n  ,\n  "b": 2\n}'),
    "a comment of several lines": (
        '{"a":1,\n/* x\n y */\n"b":{/*z*/}}',
        '{\n  "a": 1,\n  /* x\n y */\n  "b": {/*z*/}\n}',
    ),
    "a trailing comma stays": ('[{"a":1,},]', '[\n  {\n    "a": 1,\n  },\n]'),
    "CRLF": ('[{"a":1}]\r\n', '[\r\n  {\r\n    "a": 1\r\n  }\r\n]\r\n'),
    "CR": ('[{"a":1}]\r', '[\r  {\r    "a": 1\r  }\r]\r'),
    "a byte order mark": ('\ufeff {"a":1}', '\ufeff{\n  "a": 1\n}'),
    "strings are left alone": ('{"a":"{ [ //  \\" ,:"}', '{\n  "a": "{ [ //  \\" ,:"\n}'),
}


@pytest.mark.parametrize(("text", "wanted"), FORMATTED.values(), ids=FORMATTED.keys())
def test_formatted(text: str, wanted: str):
    assert formatted(text) == wanted
    assert formatted(wanted) == wanted


@pytest.mark.parametrize(
    "text", ["", "\n", "// c", '{"a" 1}', '{"a": }', "[{]", '{"a": "x}', "{'a': 1}", "{} {}", "[1", "x"]
)
def test_what_is_broken_is_left_alone(text: str):
    assert formatted(text) == text


def test_the_user_chooses_the_step_and_the_last_line_end():
    text = '{"a":{\n"b":1}}'
    assert formatted(text, Style.of(4, with_tabs=False)) == '{\n    "a": {\n        "b": 1\n    }\n}'
    assert formatted(text, Style.of(8, with_tabs=True, ends_with_line=True)) == '{\n\t"a": {\n\t\t"b": 1\n\t}\n}\n'
    assert len(formatted(text, Style.of(10**9, with_tabs=False))) < 200


def test_a_range_is_formatted_as_in_the_whole_file():
    text = '[\n{"a":1},\n{"b":2}\n]'
    second = Span(text.index('{"b"'), text.index('{"b"') + 7)
    assert formatted(text, within=second) == '[\n{"a":1},\n  {\n    "b": 2\n  }\n]'


@st.composite
def commented(draw: st.DrawFn) -> str:
    """A valid text with comments anywhere between its tokens, and blanks of any kind."""
    _, text = draw(written(st.dictionaries(st.text(max_size=4), values, max_size=3) | st.lists(values, max_size=3)))
    gaps = st.sampled_from(["", "", " ", "\n", "\r\n", "\n\n\n", "/* c */", "// l\n", " /* a\nb */ ", "\t// x\r"])
    tokens = re.findall(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+', text)
    return draw(gaps) + "".join(token + draw(gaps) for token in tokens)


@given(commented(), st.sampled_from([Style(), Style("\t"), Style("", ends_with_line=True)]))
def test_nothing_but_blanks_changes(text: str, style: Style):
    result = formatted(text, style)
    assert value_of(result) == value_of(text)
    assert tokens_of(result) == tokens_of(text)
    assert formatted(result, style) == result


@given(array_texts)
def test_any_text_keeps_its_meaning_and_its_comments(text: str):
    result = formatted(text)
    assert tokens_of(result) == tokens_of(text)
    assert formatted(result) == result


@given(commented(), st.data())
def test_any_range(text: str, data: st.DataObject):
    start = data.draw(st.integers(0, len(text)))
    result = formatted(text, within=Span(start, data.draw(st.integers(start, len(text)))))
    assert tokens_of(result) == tokens_of(text)


def test_many_edits_become_one():
    text = json.dumps([{"name": f"a{number}", "url": "http://h/"} for number in range(2000)])
    (edit,) = format_file(read(text), Style())
    assert tokens_of(text[: edit.span.start] + edit.new_text + text[edit.span.end :]) == tokens_of(text)


def formatted(text: str, style: Style | None = None, within: Span | None = None) -> str:
    for edit in reversed(format_file(read(text), style or Style(), within)):
        text = text[: edit.span.start] + edit.new_text + text[edit.span.end :]
    return text


def read(text: str) -> AgentFile:
    return read_agent_file(text)


def value_of(text: str) -> Any:
    return to_value(parse(text).root)


def tokens_of(text: str) -> list[str]:
    """Everything but blanks between tokens; in comments and strings, blanks count."""
    return re.findall(r'"(?:[^"\\\r\n]|\\.)*"|//[^\r\n]*|/\*.*?\*/|[^\s"]|"', text, re.DOTALL)
