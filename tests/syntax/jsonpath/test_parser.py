"""Where a bad path is wrong, and where each part of a good one stands."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman.syntax.jsonpath import ast, parse
from dragoman.syntax.text import Span


@pytest.mark.parametrize(
    ("path", "marks"),
    [
        ("$.choices[0.delta", "           ^     "),
        ("$.choices[0", "          ^"),
        ("$.choices['a", "           ^"),
        ("$['a'", "    ^"),
        ("$['a' 'b']", "     ^    "),
        ("$['a',]", "      ^"),
        ("$['a',,'b']", "      ^    "),
        ("$.choices[zero]", "          ^    "),
        ("$.a[1,x]", "      ^ "),
        ("$[0: 2]", "    ^  "),
        ("$[:]", "  ^ "),
        ("$[::1]", "  ^^^ "),
        ("$[2147483648]", "  ^^^^^^^^^^ "),
        ("$.a.", "   ^"),
        ("$...a", "   ^ "),
        ("$a", " ^"),
        ("$.a b", "   ^ "),
        ("$.sum(", "     ^"),
        ("$.concat($.a]", "            ^"),
        ("$[?(@.a = 1)]", "        ^    "),
        ("$[?(@.a == )]", "           ^ "),
        ("$[?(@.a == x)]", "           ^  "),
        ("$[?(@.a == 'x)]", "              ^"),
        ("$[?(@.a | @.b)]", "        ^      "),
        ("$[?(@.a == 1 @.b)]", "             ^    "),
        ("$[?(@.a)", "       ^"),
        ("$[?(@.a]", "       ^"),
        ("$[?@.a]", "   ^   "),
        ("$[?(true)]", "    ^^^^  "),
        ("$[?(@.a =~ /(b/)]", "            ^    "),
        ("$[?(@.a =~ /*/)]", "            ^   "),
        ("$['\\uZZZZ']", "   ^^^^^^  "),
        ("   ", "^  "),
        ("  $.a", "^^   "),
    ],
)
def test_the_mark_stands_under_the_place(path, marks):
    problem = parse(path).problem
    assert problem
    assert (
        "".join("^" if problem.span.start <= place < problem.span.end else " " for place in range(len(path))) == marks
    )
    assert problem.message.endswith(".")


@pytest.mark.parametrize(
    ("path", "opening"),
    [("$.choices[0.delta", 9), ("$['a'", 1), ("$['a", 2), ("$[?(@.a", 3), ("$.sum(1", 5), ("$[?((@.a)]", 3)],
)
def test_what_is_never_closed_is_related(path, opening):
    problem = parse(path).problem
    assert problem
    assert problem.related == Span(opening, opening + 1)


def test_an_empty_path_has_an_empty_span():
    problem = parse("").problem
    assert problem
    assert problem.span == Span(0, 0)


def test_every_step_knows_its_place():
    text = "$.a['b', 'c'][0][1:].*..x[?(@.y > 1 && !@.z)].sum(1)"
    path = parse(text).path
    assert path
    parts = [text[step.span.start : step.span.end] for step in path.steps]
    assert parts == ["a", "['b', 'c']", "[0]", "[1:]", "*", "..", "x", "[?(@.y > 1 && !@.z)]", "sum(1)"]


def test_a_condition_knows_its_parts():
    text = "$[?(@.y >= 1 && !@.z)]"
    path = parse(text).path
    assert path
    (step,) = path.steps
    assert isinstance(step, ast.Filter)
    assert isinstance(step.condition, ast.And)
    comparison, absence = step.condition.conditions
    assert isinstance(comparison, ast.Comparison)
    assert isinstance(absence, ast.Exists)
    shown = [
        text[each.start : each.end] for each in (comparison.left.span, comparison.operator_span, comparison.right.span)
    ]
    assert shown == ["@.y", ">=", "1"]
    assert text[absence.span.start : absence.span.end] == "!@.z"
    assert absence.negated


def test_what_the_engine_passes_over_is_kept():
    assert parse("$.a[0]x").path.ignored == Span(6, 7)
    assert parse("a.b").path.root_is_written is False
    comparison = parse("$[?(!@.a == 1)]").path.steps[0].condition
    assert comparison.ignored_not == Span(4, 5)


def test_nesting_has_a_limit():
    for path in (
        "$[?(" + "(" * 5000 + "@.a" + ")" * 5000 + ")]",
        "$[?(" + "!" * 5000 + "(@.a))]",
        "$" + "[?(@" * 3000 + ")]" * 3000,
    ):
        problem = parse(path).problem
        assert problem
        assert "levels deep" in problem.message


fragments = st.lists(
    st.sampled_from(
        ["$", "@", ".", "..", "[", "]", "?(", ")", "'", '"', "a", "0", "-", ":", ",", "*", " ", "==", "&&", "||", "!"]
    )
    | st.sampled_from(
        ["=~", "/", "\\", "\\u", "{", "}", "(", "in ", "sum(", "null", "𝕏", "(?i", "+", "{2,1}", "[^", "\\p{L}"]
    ),
    max_size=14,
).map("".join)


@given(st.text(max_size=30) | fragments | fragments.map("$[?(@.a =~ /{}/)]".format))
def test_parsing_never_raises_and_spans_lie_within(text):
    parsed = parse(text)
    assert (parsed.path is None) != (parsed.problem is None)
    for span in spans_of(parsed):
        assert 0 <= span.start <= span.end <= len(text)
    if parsed.problem and text:
        assert parsed.problem.span.start < parsed.problem.span.end


def spans_of(node):
    if isinstance(node, Span):
        yield node
    elif isinstance(node, tuple):
        for part in node:
            yield from spans_of(part)
    elif dataclasses.is_dataclass(node):
        for field in dataclasses.fields(node):
            yield from spans_of(getattr(node, field.name))
