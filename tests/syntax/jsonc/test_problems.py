"""What is said about text that is no JSON: each defect once, where it is, with what mends it.

In the tables «…» is around what each message marks, in the order of the messages; the last column is the text after
all that is known to be missing was put in.
"""

from __future__ import annotations

import pytest
from hypothesis import given

from dragoman.syntax.jsonc import Problem, parse, parse_cells
from json_texts import texts
from marked import mark, unmark


@pytest.mark.parametrize(
    ("marked", "messages", "mended"),
    [
        ('{"a": 1 «"b"»: 2}', ["A comma is missing before this."], '{"a": 1, "b": 2}'),
        ('{"a": 1\n«"b"»: 2}', ["A comma is missing before this."], '{"a": 1,\n"b": 2}'),
        ('{"a": 1 // c\n«"b"»: 2}', ["A comma is missing before this."], '{"a": 1, // c\n"b": 2}'),
        ("[1 «2» «3»]", ["A comma is missing before this."] * 2, "[1, 2, 3]"),
        ('[{"a": 1} «{»"b": 2}]', ["A comma is missing before this."], '[{"a": 1}, {"b": 2}]'),
        ('{"a" «"b"»}', ["A colon is missing before this."], '{"a": "b"}'),
        ('{"a" «{»}}', ["A colon is missing before this."], '{"a": {}}'),
        ('{"a": «"b»\n}', ["The closing quote of this string is missing."], '{"a": "b"\n}'),
        ('{"a": «"b»,\n"c": 1}', ["The closing quote of this string is missing."], '{"a": "b",\n"c": 1}'),
        ('[{"a": «"b»\n}, {"c": 1}]', ["The closing quote of this string is missing."], '[{"a": "b"\n}, {"c": 1}]'),
        ('{"a": «1»', ["“}” is missing: the text ends."], '{"a": 1}'),
        ('{"a": 1 // «x»', ["“}” is missing: the text ends."], '{"a": 1} // x'),
        ("[«1»\n\n", ["“]” is missing: the text ends."], "[1]\n\n"),
        ("«{»", ["“}” is missing: the text ends."], "{}"),
        ('{"a": [1«}»', ["“]” is missing: “}” stands here."], '{"a": [1]}'),
        ('[{"a": 1«]»', ["“}” is missing: “]” stands here."], '[{"a": 1}]'),
        ('[{"a": 1}, {"b": 2}, {"c": 3«]»', ["“}” is missing: “]” stands here."], '[{"a": 1}, {"b": 2}, {"c": 3}]'),
        ('[{"a": 1«,» {"b": 2}]', ["“}” is missing: what follows belongs outside."], '[{"a": 1}, {"b": 2}]'),
        ('[{"a": 1}, «"b"»: 2}, {}]', ["“{” is missing before this key."], '[{"a": 1},{ "b": 2}, {}]'),
    ],
)
def test_something_is_missing(marked: str, messages: list[str], mended: str):
    check(marked, *messages)
    text, _ = unmark(marked)
    assert with_all_insertions(text) == mended
    check(mended)


@pytest.mark.parametrize(
    ("marked", "message"),
    [
        ('{"a": 1,«,» "b": 2}', "A value is missing before this comma."),
        ('{«,»"a": 1}', "A value is missing before this comma."),
        ("[«,»]", "A value is missing before this comma."),
        ('[{"a": 1},«,» {"b": 2}]', "A value is missing before this comma."),
        ('{"a"«}»', "A colon and a value are missing before this."),
        ('{"a"«,» "b": 1}', "A colon and a value are missing before this."),
        ('{"a"\n«"b"»: 1}', "A colon and a value are missing before this."),
        ('{"a":«}»', 'The value of "a" is missing.'),
        ('{"a":«,» "b": 1}', 'The value of "a" is missing.'),
        ('{"a": \n«"b"»: 1}', 'The value of "a" is missing.'),
        ('{"a":«:» 1}', "One colon is enough."),
        ("[1«:»2]", "A colon has no place in an array."),
        ("{«:» 1}", "A key is missing before this colon."),
        ('{"a": 1«]»}', "“]” closes nothing."),
        ('[{"a": 1}«}», {"b": 2}]', "“}” closes nothing."),
        ("{«a»: 1}", "A key needs double quotes."),
        ("{«1»: 2}", "A key needs double quotes."),
        ("{«“a”»: 1}", "A key needs double quotes."),
        ("{«[»1]: 2}", "A key must be a string in double quotes."),
        ("{«'a'»: 1}", "Strings need double quotes."),
        ("{\"a\": «'b'»}", "Strings need double quotes."),
        ('{"a": «True»}', "True is no JSON: write true."),
        ('{"a": «NULL»}', "NULL is no JSON: write null."),
        ('{"a": «None»}', "None is no JSON: write null."),
        ('{"a": «undefined»}', "undefined is no JSON: write null."),
        ('{"a": «01»}', "This is no JSON number."),
        ('{"a": «+1»}', "This is no JSON number."),
        ('{"a": «.5»}', "This is no JSON number."),
        ('{"a": «1.»}', "This is no JSON number."),
        ('{"a": «0x1F»}', "This is no JSON number."),
        ('{"a": «1e»}', "This is no JSON number."),
        ('{"a": «NaN»}', "This is no JSON value: text needs double quotes."),
        ('{"a": «yes»}', "This is no JSON value: text needs double quotes."),
        ('{"a": «@@@», "b": 1}', "This is no JSON value: text needs double quotes."),
        ('{"a": "«\\q»"}', r"\q is no escape of JSON; a backslash itself is written \\."),
        ('{"a": "x «\\u»12"}', r"\u needs four hexadecimal digits."),
        ('{"a": "x«\t»y"}', r"A control character inside a string must be escaped (a tab is \t)."),
        ("«]»", "An agent file holds an object or an array of objects."),
        ("«,» {}", "An agent file holds an object or an array of objects."),
        ('{"a": 1}«}»', "Nothing may stand behind the end of the value."),
        ('{"a": 1} «x y z»', "Nothing may stand behind the end of the value."),
        ('{"a": 1}«,» {"b": 2}, {"c": 3}', "Several agents in one file need [ and ] around them."),
        ('{"a": 1}\n«{»"b": 2}\n{"c": 3}', "Several agents in one file need [ and ] around them."),
        ('[{"a": 1}]«,» {"b": 2}]', "The array has ended before this: is the ] before it one too many?"),
        ("{} «/* x»", "The end of this comment (*/) is missing."),
        ("{} «/*/»", "The end of this comment (*/) is missing."),
    ],
)
def test_something_is_wrong(marked: str, message: str):
    check(marked, message)


@pytest.mark.parametrize(
    "marked",
    ['{"a": 1«,»}', "[1«,»]", '{"a": 1«,» // c\n}', '[{"a": 1}«,»]', '[{"a": 1}«,» /* c */\n]', '{"a": [1«,»]}'],
)
def test_a_comma_behind_the_last_item(marked: str):
    check(marked, "JSON allows no comma behind the last item.", code="trailing-comma")


@pytest.mark.parametrize(
    "text",
    [
        *("", " \n", "// c", "{}", "[]", "1", '"x"', "null", "\ufeff{}", "[ ]", "{ }\r\n"),
        *('{"a": 1 /* c */}', "// c\n[1, /* c */ 2] // c", "/**/{}", '{"a": "http://x /* */"}', '{"a": "it\'s"}'),
        r'"\u00e9\ud83d\ude00\/\b\f\n\r\t\"\\"',
        *("-0", "0.5", "1e5", "-1.5E-10", "10000000000000000000000"),
    ],
)
def test_nothing_is_wrong(text: str):
    check(text)


def test_nesting_beyond_all_measure_is_told_once():
    text = "[" * 150 + "]" * 150
    ((_, problem),) = placed_problems(text)
    assert problem.message == "This is nested more than 100 levels deep and is not read."


@pytest.mark.parametrize("marked", ['«{»"a": 1', '{"a": «[»1}', '[«{»"a": 1]', '{"a": «{»"b": {}', '[«{»"a": 1, {}]'])
def test_a_missing_bracket_points_to_the_one_that_it_belongs_to(marked: str):
    text, spans = unmark(marked)
    assert [problem.opened.shifted(start) for start, problem in placed_problems(text) if problem.opened] == spans


@pytest.mark.parametrize(
    ("marked", "message"),
    [
        ("«»", "There is no value here."),
        ("«}»", "There is no value here."),
        ('«,» {"a": 1}', "There is no value here."),
        ("{} «{}»", "There is more text behind the end of the value."),
        ('{"customFields": {«}»', "“}” is missing: the text ends."),
        ('{"a": [«[»', "“]” is missing: the text ends."),
    ],
)
def test_a_value_by_itself(marked: str, message: str):
    text, _ = unmark(marked)
    (problem,) = parse(text).problems
    assert (mark(text, [problem.span]), problem.message) == (marked, message)


@given(texts)
def test_putting_in_what_is_missing_ends(text: str):
    """Each insertion mends something: with all of them done again and again, none is left soon."""
    for _ in range(60):
        mended = with_first_insertion(text)
        if mended == text:
            return
        text = mended
    raise AssertionError(text)


def check(marked: str, *messages: str, code: str = "syntax") -> None:
    text, _ = unmark(marked)
    problems = placed_problems(text)
    assert mark(text, [problem.span.shifted(start) for start, problem in problems]) == marked
    assert [problem.message for _, problem in problems] == list(messages)
    assert {problem.code for _, problem in problems} <= {code}


def placed_problems(text: str) -> list[tuple[int, Problem]]:
    return [(start, problem) for start, cell in parse_cells(text) for problem in cell.problems]


def with_all_insertions(text: str) -> str:
    places = sorted((start + problem.insert_at, problem.missing) for start, problem in placed_problems(text))
    for offset, missing in reversed(places):
        text = text[:offset] + missing + text[offset:]
    return text


def with_first_insertion(text: str) -> str:
    for start, problem in placed_problems(text):
        if problem.missing:
            offset = start + problem.insert_at
            return text[:offset] + problem.missing + text[offset:]
    return text
