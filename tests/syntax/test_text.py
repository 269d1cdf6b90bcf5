"""Spans and lines."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman.syntax.text import LineIndex, Span


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", [""]),
        ("a", ["a"]),
        ("a\n", ["a", ""]),
        ("a\nb", ["a", "b"]),
        ("a\rb", ["a", "b"]),
        ("a\r\nb", ["a", "b"]),
        ("\r\n\r\n", ["", "", ""]),
        ("\n\r", ["", "", ""]),
        ("a\r\r\nb", ["a", "", "b"]),
        ("\r\n\n", ["", "", ""]),
        ("a\u2028b\u2029c\x85d\x0be\x0cf", ["a\u2028b\u2029c\x85d\x0be\x0cf"]),
        ("😀\n😀", ["😀", "😀"]),
    ],
)
def test_only_three_things_end_a_line(text: str, lines: list[str]):
    index = LineIndex(text)
    assert [index.line_text(line) for line in range(index.line_count)] == lines


@given(st.text(st.sampled_from("a\r\n\u2028😀")))
def test_every_offset_is_in_the_line_that_it_is_said_to_be_in(text: str):
    index = LineIndex(text)
    for offset in range(len(text) + 1):
        line = index.line_at(offset)
        end = len(text) + 1 if line + 1 == index.line_count else index.start_of(line + 1)
        assert index.start_of(line) <= offset < end


@given(st.text(st.sampled_from("a\r\n\u2028😀")))
def test_lines_and_their_ends_make_up_the_text(text: str):
    index = LineIndex(text)
    starts = [index.start_of(line) for line in range(index.line_count)]
    ends = [index.end_of(line) for line in range(index.line_count)]
    gaps = [text[end:start] for end, start in zip(ends, [*starts[1:], len(text)], strict=True)]
    assert gaps[-1] == ""
    assert set(gaps[:-1]) <= {"\n", "\r", "\r\n"}
    assert "".join(text[start:end] + gap for start, end, gap in zip(starts, ends, gaps, strict=True)) == text


@given(
    st.text(st.sampled_from("a\r\n\u2028😀")), st.integers(0, 20), st.integers(0, 4), st.text(st.sampled_from("a\r\n"))
)
def test_the_lines_after_an_edit_are_those_of_the_new_text(text: str, start: int, length: int, new: str):
    start, end = min(start, len(text)), min(start + length, len(text))
    edited = text[:start] + new + text[end:]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("dragoman.syntax.text._BLOCK", 3)
        index = LineIndex(text).edited(edited, start, end, start + len(new))
        assert shown(index) == shown(LineIndex(edited))


def shown(index: LineIndex) -> object:
    lines = [(index.start_of(line), index.end_of(line)) for line in range(index.line_count)]
    return [*lines, *(index.line_at(offset) for offset in range(len(index.text) + 1))]


def test_spans():
    assert Span(2, 5).shifted(3) == Span(5, 8)
    assert [offset for offset in range(8) if Span(2, 5).covers(offset)] == [2, 3, 4, 5]
