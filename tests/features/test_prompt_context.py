"""How context goes into a prompt."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman.features.prompt_context import DocumentPart, PlainText, shown_path, with_context
from dragoman.project.document import Document
from dragoman.syntax.text import Span

ROOTS = (Path("/workspace"),)
DOCUMENT = Document("file:///workspace/src/a.py", "python", 1, "one\ntwo\nthree\n")


@pytest.mark.parametrize(
    ("start", "end", "block"),
    [
        (0, 3, "src/a.py, line 1:\n\n```python\none\n```"),
        (0, 4, "src/a.py, line 1:\n\n```python\none\n```"),
        (0, 5, "src/a.py, lines 1-2:\n\n```python\none\nt\n```"),
        (4, 13, "src/a.py, lines 2-3:\n\n```python\ntwo\nthree\n```"),
        (4, 4, "src/a.py, line 2:\n\n```python\n\n```"),
        (0, 14, "src/a.py, lines 1-3:\n\n```python\none\ntwo\nthree\n```"),
    ],
)
def test_a_part_of_a_document(start: int, end: int, block: str):
    part = DocumentPart(DOCUMENT, Span(start, end))
    assert with_context("Why?", (part,), ROOTS, has_own_selection=False) == f"Why?\n\n{block}"


def test_several_parts():
    parts = (DocumentPart(DOCUMENT, Span(0, 3)), PlainText("$ make\n", "Output", "sh"), PlainText("x"))
    assert with_context("", parts, ROOTS, has_own_selection=False) == (
        "src/a.py, line 1:\n\n```python\none\n```\n\nOutput:\n\n```sh\n$ make\n```\n\n```\nx\n```"
    )


def test_a_template_that_asks_for_the_selection_carries_it_itself():
    selection = DocumentPart(DOCUMENT, Span(0, 3), is_selection=True)
    parts = (selection, PlainText("x"))
    assert with_context("Why?", parts, ROOTS, has_own_selection=True) == "Why?\n\n```\nx\n```"
    assert "one" in with_context("Why?", parts, ROOTS, has_own_selection=False)
    assert with_context("Why?", (selection,), ROOTS, has_own_selection=True) == "Why?"


def test_nothing_but_the_prompt():
    assert with_context("  as it is\n", (), ROOTS, has_own_selection=False) == "  as it is\n"


@given(st.text("`\na", max_size=12))
def test_the_fence_is_longer_than_any_inside(text: str):
    block = with_context("", (PlainText(text),), (), has_own_selection=False)
    fence = block.split("\n")[0]
    assert set(fence) == {"`"}
    assert len(fence) >= 3
    assert fence not in text
    assert block in (f"{fence}\n{text}{fence}", f"{fence}\n{text}\n{fence}")


@pytest.mark.parametrize(
    ("uri", "path"),
    [
        ("file:///workspace/src/a.py", "src/a.py"),
        ("file:///workspace/src/%C3%A9.py", "src/é.py"),
        ("file:///home/somebody/private/a.py", "a.py"),
        ("untitled:Untitled-1", "untitled:Untitled-1"),
        ("vscode-vfs://host/deep/a.py", "a.py"),
    ],
)
def test_nothing_is_told_about_the_rest_of_the_machine(uri: str, path: str):
    assert shown_path(uri, ROOTS) == path
