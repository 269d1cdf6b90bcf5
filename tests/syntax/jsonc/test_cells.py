"""An edit gives what reading the whole text anew would give, and leaves alone what it does not touch."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dragoman.syntax.jsonc import Cells, Edit, parse_cells, reparse_cells
from json_texts import array_texts, edits


@settings(max_examples=4 * settings().max_examples)
@given(st.data())
def test_editing_equals_reading_anew(data: st.DataObject):
    text = data.draw(array_texts)
    cells = parse_cells(text)
    for _ in range(data.draw(st.integers(1, 4))):
        start, end, new = data.draw(edits(text))
        text, cells = edited(text, cells, start, end, new)
        assert shown(cells) == shown(parse_cells(text))


FILE = "[\n" + ",\n".join(f'  {{"name": "{name}", "url": "http://h/"}}' for name in "abcdef") + "\n]\n"


@pytest.mark.parametrize("name", "abcdef")
def test_typing_in_an_agent_makes_one_new_cell(name: str):
    before = parse_cells(FILE)
    place = FILE.index(f'"{name}"') + 2
    _, after = edited(FILE, before, place, place, "x")
    assert [
        number for number, (old, new) in enumerate(zip(before, after, strict=True)) if old.cell is not new.cell
    ] == [
        "abcdef".index(name) + 1  # before it, the opening bracket
    ]


def test_a_new_agent_leaves_the_others_alone():
    before = parse_cells(FILE)
    place = FILE.index('{"name": "c"')
    _, after = edited(FILE, before, place, place, '{"name": "new"},\n  ')
    assert [old.cell for old in before[:3]] == [new.cell for new in after[:3]]
    assert [old.cell for old in before[4:]] == [new.cell for new in after[5:]]


def test_a_removed_agent_leaves_the_others_alone():
    before = parse_cells(FILE)
    start, end = (FILE.index(f'{{"name": "{name}"') for name in "cd")
    _, after = edited(FILE, before, start, end, "")
    assert [old.cell for old in before[:3]] == [new.cell for new in after[:3]]
    assert [old.cell for old in before[5:]] == [new.cell for new in after[4:]]


def test_an_agent_broken_while_typing_leaves_those_before_it_alone():
    before = parse_cells(FILE)
    place = FILE.index('"d"')
    _, after = edited(FILE, before, place, place + 1, "")
    assert [old.cell for old in before[:4]] == [new.cell for new in after[:4]]
    assert after[-2].cell is before[-2].cell  # the string ends with its line


def test_a_comma_needed_by_a_cell_is_part_of_what_it_saw():
    text = '[{"a": 1} {"b": 2}]'
    before = parse_cells(text)
    _, after = edited(text, before, 9, 9, ",")
    assert [cell.problems for _, cell in after if cell.problems] == []


@pytest.mark.parametrize(
    ("text", "start", "end", "new"),
    [
        ("]\ufeff{}", 0, 1, ""),  # comes to stand at the start
        ('{"a"[: 1},\r\n:[\'1@', 11, 12, "'b'"),  # a key is looked for behind a bracket
        ('\'"a": ', 6, 6, "\ufeff"),  # an open string ends before blanks, or does not
        ('[{"a": 1}, {"b": 2}', 19, 19, "]"),  # the end of the text was seen
        ('[{"a": 1 ', 9, 9, ", {}"),
        ('[{"a": "x, {}]', 8, 8, '"'),
        ("[1 /* a, 2, 3 */, 4]", 3, 5, ""),
        ("[1, 2, 3]", 3, 3, "/* "),
        ("[1, 2 /", 7, 7, "/ x"),
        ('[{"a" "b"}, {}]', 9, 9, ":"),
    ],
)
def test_what_lies_behind_an_edit_may_depend_on_it(text: str, start: int, end: int, new: str):
    text, cells = edited(text, parse_cells(text), start, end, new)
    assert shown(cells) == shown(parse_cells(text))


def edited(text: str, cells: Cells, start: int, end: int, new: str) -> tuple[str, Cells]:
    text = text[:start] + new + text[end:]
    return text, reparse_cells(cells, text, Edit(start, end, start + len(new)))


def shown(cells: Cells) -> list[object]:
    """Everything in the cells, for comparison."""
    names = ("state", "next_state", "length", "examined", "node", "value", "problems", "comments")
    return [(start, *(getattr(cell, name) for name in names)) for start, cell in cells]
