"""Plain cells are what the tolerant parser would have made of the same text; and reading has an end."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman.syntax.jsonc import PlainCell, decode_plain, parse, parse_cells, to_value
from dragoman.syntax.jsonc.cells import MOST_EFFORT, parse_cell
from dragoman.syntax.jsonc.items import MAX_ITEMS
from dragoman.syntax.jsonc.parser import parse_tolerantly
from json_texts import array_texts, values, written

items = written(st.dictionaries(st.text(max_size=3) | st.sampled_from(["name", "\ud800", "😀"]), values, max_size=4))
arrays = st.lists(items.map(lambda case: case[1]), max_size=4).map(lambda parts: f"[{','.join(parts)}]")
ODD = ('{"a": 1, "a": 2}', '{"a": NaN}', '{"a": "\\ud83d"}', '{"a": "\ud83d"}', '{"a": "\t"}', '{"a": 1,}', '{"a": 01}')
ODD += ('{"a": -}', '{"a": 1}x', '// c\n{"a": 1}', '{"a": 1} // c\n', '{"a": ' + "[" * 99 + "]" * 99 + "}", "{'a': 1}")
ODD += (f'{{"a": {"9" * 4100}}}', '{"a": "\\ud83d\\ude00"}', '{"": {}}', '{"a": 1}\u2028', '\ufeff{"a": 1}', '{"a": "')


@given(arrays | array_texts)
def test_a_plain_cell_is_what_the_parser_makes_of_it(text: str):
    check(text)


@pytest.mark.parametrize("item", ODD)
def test_what_parser_and_decoder_might_differ_about(item: str):
    for text in (item, f"[{item}]", f'[{{"b": 1}}, {item},\r\n {item}]', f"[{item} {item}]"):
        check(text)


@pytest.mark.parametrize("size", [8180, 8185, 8190, 8195, 20_000])
def test_a_long_string_may_end_anywhere(size: int):
    text = json.dumps([{"a": "é" * size}, {"b": [12.5e3] * 2000}, {"c": "\u2028"}], ensure_ascii=False)
    check(text)
    assert sum(isinstance(cell, PlainCell) for _, cell in parse_cells(text)) == 3


@given(items.map(lambda case: case[1]) | array_texts | st.sampled_from(ODD))
def test_a_plain_text_is_what_the_parser_makes_of_it(text: str):
    tree, value = parse_tolerantly(text), decode_plain(text)
    assert parse(text) == tree
    if value is not None:
        assert (tree.problems, tree.comments, repr(to_value(tree.root))) == ((), (), repr(value))


def test_plain_json_is_read_to_its_end_and_no_other():
    plain, broken = '{"a": "b"}, ' * 100_000, '{"a": 1 "b": 2}, ' * 100_000
    assert len(parse_cells(f"[{plain}{{}}]")) > 100_000
    cells = parse_cells(f"[{broken}{{}}]")
    assert sum(cell.length for _, cell in cells[:-1]) < MOST_EFFORT
    assert "not read" in cells[-1].cell.problems[0].message


@pytest.mark.parametrize("text", ["[" + "1," * MAX_ITEMS + "]", '{"a": [' + "{}," * MAX_ITEMS + "]}"])
def test_an_item_has_so_many_entries_at_most(text: str):
    told = [problem.message for _, cell in parse_cells(f"[{text}]") for problem in cell.problems]
    assert told == [f"This has more than {MAX_ITEMS:,} entries: it is not read further, nor what follows."]


def check(text: str) -> None:
    for start, cell in parse_cells(text):
        if isinstance(cell, PlainCell):
            assert told(cell) == told(parse_cell(text, start, cell.state))
            assert cell.node.span == cell.span


def told(cell: Any) -> object:
    names = ("state", "next_state", "length", "examined", "node", "problems", "comments")
    return [repr(cell.value), *(getattr(cell, name) for name in names)]
