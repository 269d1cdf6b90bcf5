"""Proposals between marks: whatever the texts hold, accepting gives the one and rejecting the other."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman.features.conflict import conflict_at, conflict_text

LINES = st.lists(
    st.sampled_from(["a", "", "=======", "========", "<<<<<<< current", ">>>>>>> proposed by X", "    b = 1", "é😀"])
).map(lambda lines: "".join(f"{line}\n" for line in lines))


def replaced(text: str, offset: int, *, accept: bool) -> str:
    conflict = conflict_at(text, offset)
    assert conflict is not None
    edit = conflict.accepted() if accept else conflict.rejected()
    return text[: edit.span.start] + edit.new_text + text[edit.span.end :]


@given(LINES, LINES, LINES, st.sampled_from(["\n", "\r\n"]))
def test_one_or_the_other(current: str, proposed: str, around: str, line_end: str) -> None:
    block = conflict_text(current, proposed, "Docs\n2")
    before = "x\n"
    text = (before + block + "y\n").replace("\n", line_end)
    for offset in (3, len(before + block) - 1):
        assert replaced(text, offset, accept=False) == f"{before}{current}y\n".replace("\n", line_end)
        assert replaced(text, offset, accept=True) == f"{before}{proposed}y\n".replace("\n", line_end)


def test_the_end_of_a_document_without_a_line_end() -> None:
    text = "x\n" + conflict_text("old", "new\n", "a")
    assert not text.endswith("\n")
    assert replaced(text, 5, accept=False) == "x\nold"
    assert replaced(text, 5, accept=True) == "x\nnew"


@pytest.mark.parametrize(
    "text", ["<<<<<<< HEAD\na\n=======\nb\n>>>>>>> main\n", "<<<<<<< current\na\n=======\nb\n", ""]
)
def test_other_conflicts_are_not_ours(text: str) -> None:
    assert conflict_at(text, 0) is None


def test_only_around_the_place() -> None:
    text = conflict_text("a\n", "b\n", "one") + "between\n" + conflict_text("c\n", "d\n", "two")
    assert [conflict.agent for offset in (0, len(text) - 2) if (conflict := conflict_at(text, offset))] == [
        "one",
        "two",
    ]
    assert conflict_at(text, text.index("between") + 2) is None
