"""The agents of a file, and where they and their keys stand."""

from __future__ import annotations

import pytest

from dragoman.project.agent_file import read_agent_file
from dragoman.syntax.jsonc import Edit
from marked import mark, unmark


@pytest.mark.parametrize(
    "marked",
    [
        '«{"name": «"a"», "url": "http://h"}»',
        '[\n  «{"name": «"a"»}», «{"url": "x", "name": «"b"»}»]',
        '[«{"name": «@», "url": 1}», 5, «{"name": «"b"»»',
        '[[{"name": "nested"}], «{"name": «"a"»}»]',
    ],
)
def test_agents_and_their_names(marked: str):
    text, _ = unmark(marked)
    marks = [span for entry in read_agent_file(text).entries() for span in (entry.span, entry.name_span)]
    assert mark(text, marks) == marked


def test_an_agent_without_a_name_is_shown_as_a_whole():
    (entry,) = read_agent_file(' {"url": "x"} ').entries()
    assert (entry.span, entry.name_span) == (entry.span, entry.span)


@pytest.mark.parametrize("number", ["1" + "0" * 400, "1e400"])
def test_a_timeout_beyond_all_bounds_is_a_long_one(number: str):
    (entry,) = read_agent_file(f'{{"name": "a", "url": "http://h", "defaultTimeout": {number}}}').entries()
    assert entry.agent.default_timeout == 1e9


@pytest.mark.parametrize(
    ("path", "marked"),
    [
        (("url",), '[{}, {"name": "a", «"url"»: "x", "connector": {"responseFormat": "$"}}]'),
        (("connector", "responseFormat"), '[{}, {"name": "a", "url": "x", "connector": {«"responseFormat"»: "$"}}]'),
        (("connector", "requestFormat"), '[{}, {"name": "a", "url": "x", «"connector"»: {"responseFormat": "$"}}]'),
        (("auth", "token"), '[{}, {"name": «"a"», "url": "x", "connector": {"responseFormat": "$"}}]'),
        ((), '[{}, {"name": «"a"», "url": "x", "connector": {"responseFormat": "$"}}]'),
    ],
)
def test_the_key_to_blame(path: tuple[str, ...], marked: str):
    text, _ = unmark(marked)
    file = read_agent_file(text)
    *_, entry = file.entries()
    assert mark(text, [file.key_span(entry, path)]) == marked


def test_an_edit_keeps_the_agents_that_it_does_not_touch():
    text = '[{"name": "a"},\n{"name": "b"}]'
    file = read_agent_file(text)
    edited = file.edited(text.replace('"a"', '"xx"'), Edit(10, 13, 14))
    (a, b), (_, same) = file.entries(), edited.entries()
    assert [entry.agent.name for entry in edited.entries()] == ["xx", "b"]
    assert same.agent is b.agent
    assert same.span == b.span.shifted(1)
    assert a.agent.name == "a"


def test_the_text_is_not_in_the_repr():
    assert "s3cret" not in repr(read_agent_file('{"auth": {"token": "s3cret"}}'))
