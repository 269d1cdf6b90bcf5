"""Rules about the text as JSON: syntax, empty-file, trailing-comma, comment, duplicate-key."""

from __future__ import annotations

import pytest

from linting import AGENT, check, check_agent, diagnose

COMMENT = "comment information: JSON has no comments: Dragoman allows this one, AutoDev would drop the whole file."
COMMA = "trailing-comma warning: JSON allows no comma behind the last item."


def test_syntax():
    check('{"name": "docs" «"url"»: "http://h/"}', "syntax error: A comma is missing before this.")
    check(f"[{{{AGENT}}}, «@»]", "syntax error: This is no JSON value: text needs double quotes.")


def test_a_missing_bracket_tells_where_the_other_one_is():
    text = f'[{{{AGENT}, "auth": {{"type": "Basic"]'
    (related,) = [related for diagnostic in diagnose(text) for related in diagnostic.related]
    assert (text[related.span.start :][:8], related.message) == ('{"type":', "It was opened here.")


@pytest.mark.parametrize("text", ["", " ", "\n\n", "\ufeff"])
def test_empty_file(text: str):
    check(
        "«»" + text, 'empty-file error: The file is empty. An agent looks like this: {"name": "…", "url": "http://…"}'
    )


def test_a_file_of_comments_is_empty():
    check(
        "«»«// soon»",
        'empty-file error: The file is empty. An agent looks like this: {"name": "…", "url": "http://…"}',
        COMMENT,
    )


def test_an_empty_array_is_no_empty_file():
    check("[]")


def test_trailing_comma():
    check(f"{{{AGENT}«,»}}", COMMA)
    check(f"[{{{AGENT}}}«,»\n]", COMMA)
    check_agent('"responseAction": "Flow", "transition": [{"source": "$", "target": "$"«,»}«,»]', COMMA, COMMA)


def test_comment():
    check(f"«// a»\n{{{AGENT} «/* b */»}}«// c»", COMMENT, COMMENT, COMMENT)
    check(f"[{{{AGENT} «// at the en«d»»", COMMENT, "syntax error: “}” is missing: the text ends.")


def test_duplicate_key():
    check(
        '{«"name"»: "a", "url": "http://h/", "name": "b"}',
        'duplicate-key warning: "name" occurs again below, and only the last one counts.',
    )
    check_agent(
        '"connector": {"requestFormat": {"fields": {«"a"»: 1, "b": "$content", "a": 3}}}',
        'duplicate-key warning: "a" occurs again below, and only the last one counts.',
    )


def test_a_key_three_times_is_told_twice():
    text = f'{{{AGENT}, "icon": "1", "icon": "2", "icon": "3"}}'
    first, second = diagnose(text)
    assert text[second.span.end :].startswith(': "2"')
    assert [text[diagnostic.related[0].span.end :][:5] for diagnostic in (first, second)] == [': "3"'] * 2


def test_keys_that_are_none_are_no_duplicates():
    assert {diagnostic.code for diagnostic in diagnose("{a: 1, a: 2}")} == {"syntax", "missing-key", "unknown-key"}
