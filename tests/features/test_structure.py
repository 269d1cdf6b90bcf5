"""Folding and selection ranges, and semantic tokens, of texts of every kind."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman.agents.catalog import built_in_catalog
from dragoman.chat.request import Timeouts
from dragoman.features.document_link import document_links
from dragoman.features.folding import folding_ranges
from dragoman.features.inlay_hint import inlay_hints
from dragoman.features.selection_range import selection_ranges
from dragoman.features.semantic_tokens import semantic_tokens
from dragoman.project.agent_file import read_agent_file
from dragoman.syntax.text import LineIndex, Span
from json_texts import array_texts
from marked import at_caret, mark

NAMED = '{"name": "a", "url": "http://h/"'


@pytest.mark.parametrize(
    ("text", "folds"),
    [
        ("", []),
        ("[{}]", []),
        ("[\n{}\n]", [(0, 1)]),
        ("[{\n}]", []),
        ("[{\n\n}]", [(0, 1)]),
        ('{\n"a": [\n1,\n2]\n}', [(0, 3), (1, 3)]),
        ("// a\n// b\n\n// c\n{}", [(0, 1)]),
        ("{} // a\n// b\n// c", [(1, 2)]),
        ("/* a\n b */", [(0, 1)]),
        ("[\n{\n\n", [(0, 1)]),
    ],
)
def test_what_folds(text: str, folds: list[tuple[int, int]]):
    found = folding_ranges(read_agent_file(text), LineIndex(text))
    assert [(fold.first, fold.last) for fold in found] == folds


@given(array_texts, st.none() | st.integers(0, 3))
def test_folds_lie_within_the_text_and_no_line_has_two(text: str, most: int | None):
    lines = LineIndex(text)
    found = folding_ranges(read_agent_file(text), lines, most)
    assert most is None or len(found) <= most
    assert all(0 <= fold.first < fold.last < lines.line_count for fold in found)
    assert [fold.first for fold in found] == sorted({fold.first for fold in found})


@pytest.mark.parametrize(
    ("caret", "marked"),
    [
        ('{"a": "b|c"}', '«{«"a": «"«bc»"»»}»'),
        ('{"a|": 1}', '«{««"«a»"»: 1»}»'),
        ("[1, {|}]", "«[1, «{}»]»"),
        ("|", "«»"),
    ],
)
def test_what_a_selection_grows_to(caret: str, marked: str):
    text, offset = at_caret(caret)
    assert mark(text, selection_ranges(read_agent_file(text), offset)) == marked


@given(array_texts, st.data())
def test_each_selection_lies_within_the_next(text: str, data: st.DataObject):
    offset = data.draw(st.integers(0, len(text)))
    spans = selection_ranges(read_agent_file(text), offset)
    assert spans[-1] == Span(0, len(text))
    assert all(span.covers(offset) for span in spans)
    for inner, outer in pairwise(spans):
        assert outer.start <= inner.start <= inner.end <= outer.end
        assert inner != outer


TOKENS = {
    "names": (
        '[{"name": "a", "flow": {"next": "b"}, "provider": "coze"}]',
        '[{"name": "«a»", "flow": {"next": "«b»"}, "provider": "«coze»"}]',
    ),
    "words": (
        '{"responseAction": "Flow", "auth": {"type": "Basic", "token": "x ${env:b}"}}',
        '{"responseAction": "«Flow»", "auth": {"type": "«Basic»", "token": "x «${env:b}»"}}',
    ),
    "a template inside a string": (
        r'{"connector": {"requestFormat": "{\"fields\": {\"q\": \"$content$contents ${env:$x}\"}}"}}',
        r'{"connector": {"requestFormat": "{\"fields\": {\"q\": \"«$content»$contents «${env:$x}»\"}}"}}',
    ),
    "a template that is an object": (
        '{"connector": {"requestFormat": {"fields": {"$content": ["a $history"]}}}}',
        '{"connector": {"requestFormat": {"fields": {"$content": ["a «$history»"]}}}}',
    ),
    "paths": (
        '{"connector": {"responseFormat": "$.a", "dialect": "jayway"}, '
        '"transition": [{"source": "$.b", "target": "$.c"}]}',
        '{"connector": {"responseFormat": "«$.a»", "dialect": "«jayway»"}, '
        '"transition": [{"source": "«$.b»", "target": "«$.c»"}]}',
    ),
    "nothing else": ('{"name": "", "url": 1, "description": "$content ${env:X}"}', None),
}


@pytest.mark.parametrize(("text", "marked"), TOKENS.values(), ids=TOKENS.keys())
def test_tokens(text: str, marked: str | None):
    assert mark(text, [token.span for token in semantic_tokens(read_agent_file(text))]) == (marked or text)


@given(array_texts)
def test_tokens_follow_each_other_and_none_is_broken_by_a_line_end(text: str):
    spans = [token.span for token in semantic_tokens(read_agent_file(text))]
    assert all(before.end <= behind.start for before, behind in pairwise(spans))
    lines = LineIndex(text)
    assert all(lines.line_at(span.start) == lines.line_at(span.end) for span in spans)


HINTS = {
    "all that goes unsaid": (f"{NAMED}}}", ["Direct, ChatPanel, 10/60/120 s"]),
    "the place": (f'{NAMED}, "responseAction": "WebView", "defaultTimeout": 1}}', ["ChatPanel"]),
    "all is said": (
        f'{NAMED}, "responseAction": "Stream", "interactive": "RunPanel", "defaultTimeout": 1}}',
        [],
    ),
    "a header": (
        f'{NAMED}, "provider": "anthropic", "responseAction": "Stream", "interactive": "RunPanel", '
        '"defaultTimeout": 1, "auth": {"type": "ApiKey", "token": "${env:X}"}}',
        ["header: x-api-key"],
    ),
    "no name": ('{"url": "http://h/"}', []),
}


@pytest.mark.parametrize(("text", "labels"), HINTS.values(), ids=HINTS.keys())
def test_hints(text: str, labels: list[str]):
    hints = inlay_hints(read_agent_file(text), Span(0, len(text)), built_in_catalog())
    assert [hint.label for hint in hints] == labels


def test_the_time_limits_are_those_that_count():
    text = f"{NAMED}}}"
    (hint,) = inlay_hints(read_agent_file(text), Span(0, len(text)), built_in_catalog())
    limits = Timeouts()
    assert hint.label.endswith(f"{limits.connect:.0f}/{limits.first_byte:.0f}/{limits.between_bytes:.0f} s")


@pytest.mark.parametrize(
    ("url", "is_link"),
    [
        ("https://h.example/a?b=1#c", True),
        ("HTTP://h", True),
        ("https://${env:HOST}/", False),
        ("https://h/{id}/run", False),
        ("ftp://h/", False),
        ("javascript:alert(1)", False),
        ("https://", False),
        ("https:///x", False),
        ("file:///etc/passwd", False),
    ],
)
def test_only_addresses_of_the_web_are_links(url: str, is_link: bool):
    links = document_links(read_agent_file(f'{{"name": "a", "url": "{url}"}}'), built_in_catalog())
    assert [link.target for link in links] == [url] * is_link
