"""What holds for every text: the parser never raises, and what it says lies where it says."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given

from dragoman.syntax.jsonc import ArrayNode, Node, ObjectNode, Problem, parse, parse_cells, to_value
from dragoman.syntax.text import Span
from json_texts import array_texts, texts, written


@given(texts)
def test_spans_lie_within_the_text_and_nest(text: str):
    tree = parse(text)
    whole = Span(0, len(text))
    if tree.root is not None:
        check_node(tree.root, whole)
    check_problems(tree.problems, whole)
    check_in_order(tree.comments, whole)


@given(array_texts)
def test_cells_cover_the_text_and_hold_what_lies_in_them(text: str):
    end = 0
    for start, cell in parse_cells(text):
        assert start == end
        end = start + cell.length
        if cell.node is not None:
            check_node(cell.node, Span(0, cell.length))
        check_in_order(cell.comments, Span(0, cell.length))
        check_problems(cell.problems, Span(-start, len(text) - start))
    assert text[end:].strip(" \t\r\n") == ""


@given(array_texts)
def test_each_comment_is_found_once(text: str):
    spans = [span.shifted(start) for start, cell in parse_cells(text) for span in cell.comments]
    check_in_order(spans, Span(0, len(text)))


@given(written())
def test_valid_json_is_read_as_json_reads_it(case: tuple[Any, str]):
    value, text = case
    tree = parse(text)
    assert tree.problems == ()
    assert tree.comments == ()
    assert typed(to_value(tree.root)) == typed(json.loads(text)) == typed(value)


@given(written())
def test_valid_json_has_no_problems_in_cells_either(case: tuple[Any, str]):
    value, text = case
    cells = [cell for _, cell in parse_cells(text)]
    assert [cell.problems for cell in cells if cell.problems] == []
    items = [to_value(cell.node) for cell in cells if cell.node is not None]
    assert typed(items) == typed(value if isinstance(value, list) else [value])


@pytest.mark.parametrize(
    "text",
    [
        "[" * 50_000,
        '{"a":' * 20_000,
        '[{"a":' * 20_000,
        "[" * 50_000 + "]" * 50_000,
        "{" * 5_000 + "[{" * 5_000,
        '"' * 20_000,
        "[" + "1 " * 10_000,
        '{"a"' + ":" * 10_000,
        '{"x": [' + '{"a": [}, ' * 10_000,
        "[" + ',{"name": "a" "url": "b"' * 3_000,
        '"' + "\\u12" * 20_000,
        '"' + "\\" * 100_001,
        '{"a": "' + "x" * 1_000_000 + '"}',
        '{"a": ' + " " * 1_000_000 + "}",
        "[1" + "0" * 100_000 + "]",
        "/*" * 50_000,
        "// x\n" * 20_000,
        "}\n" * 5_000,
        "{}\n" * 5_000,
    ],
    ids=lambda text: text[:12],
)
def test_however_long_or_deep(text: str):
    whole = Span(0, len(text))
    check_problems(parse(text).problems, whole)
    for start, cell in parse_cells(text):
        check_problems(cell.problems, Span(-start, len(text) - start))


def check_node(node: Node, within: Span) -> None:
    check_in_order([node.span], within)
    match node:
        case ObjectNode(properties=properties):
            check_in_order([entry.span for entry in properties], node.span)
            for entry in properties:
                check_in_order([entry.key.span, *([entry.value.span] if entry.value else [])], entry.span)
                assert entry.colon is None or entry.span.start <= entry.colon < entry.span.end
                if entry.value is not None:
                    check_node(entry.value, entry.span)
        case ArrayNode(items=items):
            check_in_order([item.span for item in items], node.span)
            for item in items:
                check_node(item, node.span)
        case _:
            pass


def check_in_order(spans: Any, within: Span) -> None:
    offsets = [within.start, *(offset for span in spans for offset in (span.start, span.end)), within.end]
    assert offsets == sorted(offsets)


def check_problems(problems: tuple[Problem, ...], within: Span) -> None:
    for problem in problems:
        check_in_order([problem.span], within)
        if problem.opened is not None:
            check_in_order([problem.opened], within)
        if problem.missing:
            assert within.start <= problem.insert_at <= within.end


def typed(value: Any) -> str:
    """What tells 1 from 1.0 and from True."""
    return repr(value)
