"""How context goes into a prompt."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman.features.prompt_context import DocumentPart, Part, PlainText, Problem, Problems, context_block, shown_path
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
    assert context_block(DocumentPart(DOCUMENT, Span(start, end)), ROOTS) == block


@pytest.mark.parametrize(
    ("part", "block"),
    [
        (PlainText("$ make\n", "Output", "sh"), "Output:\n\n```sh\n$ make\n```"),
        (PlainText("x"), "```\nx\n```"),
        (Problems(DOCUMENT.uri, ()), "src/a.py, diagnostics: none are known."),
    ],
)
def test_other_parts(part: Part, block: str):
    assert context_block(part, ROOTS) == block


def test_diagnostics_a_line_each():
    problems = (
        Problem(1, 1, "“x” is not defined", "error", "Pyright", "undefined"),
        Problem(2, 4, "too long\nreally", "warning", code="E501"),
        Problem(3, 3, "hm"),
    )
    assert context_block(Problems(DOCUMENT.uri, problems), ROOTS) == (
        "src/a.py, diagnostics:\n\n```\n"
        "line 1: error: “x” is not defined (Pyright undefined)\n"
        "lines 2-4: warning: too long\n  really (E501)\n"
        "line 3: hm\n```"
    )


@given(st.text("`\na", max_size=12))
def test_the_fence_is_longer_than_any_inside(text: str):
    block = context_block(PlainText(text), ())
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
