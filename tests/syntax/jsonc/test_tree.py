"""What is read, from good text and from bad: nothing that stands behind an error is lost."""

from __future__ import annotations

import math
from typing import Any

import pytest

from dragoman.syntax.jsonc import (
    ArrayNode,
    BadNode,
    NumberNode,
    ObjectNode,
    StringNode,
    find,
    find_property,
    parse,
    parse_cells,
    to_value,
    walk,
)
from marked import mark, unmark


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"a": 1 "b": 2}', {"a": 1, "b": 2}),
        ('{"a": , "b": 2}', {"a": None, "b": 2}),
        ('{"a" 1, "b": 2}', {"a": 1, "b": 2}),
        ('{"a", "b": 2}', {"a": None, "b": 2}),
        ('{"a": @@@, "b": 2}', {"a": None, "b": 2}),
        ('{"a": True, "b": 2}', {"a": None, "b": 2}),
        ("{'a': 'x', b: 2}", {"a": "x", "b": 2}),
        ('{"a": "x\n, "b": 2}', {"a": "x", "b": 2}),
        ('{"a": "x,\n "b": 2}', {"a": "x", "b": 2}),
        ('{"a": [1, 2, "b": 2}', {"a": [1, 2], "b": 2}),
        ('{"a": {"x": 1}, "b": 2', {"a": {"x": 1}, "b": 2}),
        ('{"a": 1, /* c */ // d\n "b": 2,}', {"a": 1, "b": 2}),
        ('{"a": 1, "b": 2, "a": 3}', {"a": 3, "b": 2}),
        ("[1 2,, 3,]", [1, 2, 3]),
        ("[1, nope, 3]", [1, None, 3]),
        ('"x" 1', "x"),
        ("", None),
        ("}", None),
    ],
)
def test_value(text: str, value: Any):
    assert to_value(parse(text).root) == value


GOOD = '{"name": "good"}'


@pytest.mark.parametrize(
    "broken",
    [
        *(
            '{"name": }',
            '{"name" "x"}',
            '{"name": "x" "url": "y"}',
            '{"name": "x}\n',
            '{"name": "x",}',
            "{name: 1}",
            "{,}",
        ),
        *(
            '{"name": "x", {"b": 1}',
            '{"name": [1}',
            '{"a": {"b": 1}',
            '"name": "x"}',
            '{"name": "x"}}',
            "{'name': 'x'}",
        ),
        *("@", "1", '"x"', "nope", '{"a": "\\q"}', '{"name": "x"', '{"name": "x",\n', "]", ":", ""),
    ],
)
def test_a_broken_agent_hides_no_other(broken: str):
    assert names(f"[{GOOD},\n{broken},\n{GOOD}]").count("good") == 2


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"name": "a"}, {"name": "b"}', ["a", "b"]),
        ('{"name": "a"}\n{"name": "b"}\n{"name": "c"}', ["a", "b", "c"]),
        ('[{"name": "a"}], {"name": "b"}', ["a", "b"]),
        ('[{"name": "a"}] {"name": "b"}]', ["a", "b"]),
        ('[{"name": "a"}, {"name": "b"', ["a", "b"]),
        ('{"name": "a"', ["a"]),
        ('] {"name": "a"}', ["a"]),
        ('[{"name": "a" /* {"name": "no"} */}]', ["a"]),
    ],
)
def test_agents_are_found_in_files_of_any_shape(text: str, expected: list[str]):
    assert names(text) == expected


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1", 1),
        ("-0", 0),
        ("1.0", 1.0),
        ("1e2", 100.0),
        ("12345678901234567890", 12345678901234567890),
        ("1e999", math.inf),
        ("9" * 5000, math.inf),
    ],
    ids=lambda value: str(value)[:20],
)
def test_numbers(text: str, number: float):
    node = parse(text).root
    assert isinstance(node, NumberNode)
    assert (node.value, type(node.value)) == (number, type(number))


@pytest.mark.parametrize(
    ("text", "value", "closed", "quote"),
    [
        ('"a"', "a", True, '"'),
        ("'a'", "a", True, "'"),
        ('"a', "a", False, '"'),
        ("'a  ", "a", False, "'"),
        ('"a\\"', 'a"', False, '"'),
        ('"a,', "a", False, '"'),
        ('",', "", False, '"'),
    ],
)
def test_strings(text: str, value: str, closed: bool, quote: str):
    node = parse(text).root
    assert isinstance(node, StringNode)
    assert (node.value, node.closed, node.quote) == (value, closed, quote)


def test_every_node_knows_where_it_stands():
    marked = '«{"a": «[«1», «true», «@»]», "b": «{"c": «"x"»}»}»'
    text, spans = unmark(marked)
    root = parse(text).root
    assert root is not None
    assert [node.span for node in walk(root)] == spans
    assert isinstance(root, ObjectNode)
    assert mark(text, [root.properties[0].key.span, root.properties[1].span]) == text.replace('"a"', '«"a"»').replace(
        '"b": {"c": "x"}', '«"b": {"c": "x"}»'
    )
    assert [entry.colon for entry in root.properties] == [text.index(": ["), text.index(": {")]


def test_finding():
    root = parse('{"a": [{"b": 1}, 2], "c": , "d": @, "a2": {}, "a": [{"b": 3}]}').root
    assert to_value(find(root, ("a", 0, "b"))) == 3  # the last "a" counts
    assert find(root, ()) is root
    assert find(root, ("a", 1)) is None
    assert find(root, ("a", "b")) is None
    assert find(root, ("c",)) is None
    assert isinstance(find(root, ("d",)), BadNode)
    assert isinstance(find(root, ("a",)), ArrayNode)
    entry = find_property(root, ("c",))
    assert entry is not None
    assert entry.value is None
    assert find_property(root, ("x",)) is None
    assert find_property(root, ("a", 0)) is None
    assert find_property(root, ()) is None


def names(text: str) -> list[object]:
    nodes = [cell.node for _, cell in parse_cells(text)]
    return [to_value(node.value_of("name")) for node in nodes if isinstance(node, ObjectNode) and node.get("name")]
