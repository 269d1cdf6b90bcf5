"""What a place for code takes of an answer, at once and as it grows."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman.chat.delivery.fences import fenced_blocks
from dragoman.chat.delivery.taking import Anew, Change, Taken, Taking, taken


def blocks(text: str) -> list[tuple[str, str]]:
    return [(block.language, block.content) for block in fenced_blocks(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("```py\na\nb\n```\n", [("py", "a\nb")]),
        ("```py\r\na\r\nb\r\n```\r\n", [("py", "a\nb")]),
        ("~~~\na\n```\n~~~", [("", "a\n```")]),
        ("````md\n```py\na\n```\n````\n", [("md", "```py\na\n```")]),
        ("```py\na", [("py", "a")]),
        ("```py", [("py", "")]),
        ("```py\na\n``` no\n```", [("py", "a\n``` no")]),
        ("```a`b\nc", []),
        ("``\na\n``", []),
        ("1. First:\n   ```py\n   a\n     b\n   ```\n", [("py", "a\n  b")]),
        ("- First:\n\n     ```\n     a\n     ```\n", [("", "a")]),
        ("x = '''\n    ```\n    a\n    ```\n'''\n", []),
        ("```diff\n-a\n ```\n+b\n```\n", [("diff", "-a\n ```\n+b")]),
        ("```{.python title='x'}\na\n```", [("python", "a")]),
        ("```py:src/a.py\na\n```", [("py", "a")]),
        ("```devin\n/write:a\n```py\nx\n```\n/run\n```\nafter\n", [("devin", "/write:a\n```py\nx\n```\n/run")]),
        ("```devin\n/write:a\n```\nx\n```\n```\n", [("devin", "/write:a\n```\nx\n```")]),
        ("```devin\n/run:a\n```\nx\n", [("devin", "/run:a")]),
    ],
)
def test_blocks(text: str, found: list[tuple[str, str]]):
    assert blocks(text) == found


@pytest.mark.parametrize(
    ("answer", "result"),
    [
        ("plain\r\n", Taken("plain\r\n")),
        ("a\n```Py\nb\n\n```\nc", Taken("b\n", "py", is_block=True)),
        ("```\na\n```\n```\nb\n```", Taken("```\na\n```\n```\nb\n```")),
        ("```devin\n/run:a\n```", Taken("")),
        ("```devin\n/run:a\n```\n```py\nb\n```", Taken("b", "py", is_block=True)),
        ("", Taken("")),
    ],
)
def test_taken(answer: str, result: Taken):
    assert taken(answer) == result


def after(shown: str, change: Change) -> str:
    return change.text if isinstance(change, Anew) else shown + change.text


def shown_after_each(pieces: list[str]) -> list[str]:
    taking, shown = Taking(), [""]
    for piece in pieces:
        shown.append(after(shown[-1], taking.feed(piece)))
    return [*shown[1:], after(shown[-1], taking.finish())]


def test_code_is_seen_as_it_comes_and_no_fence_ever_is():
    pieces = ["``", "`p", "y\n", "  a", "b\n", "  ``", "x\n", "``", "`", "\nbye", "\n"]
    assert shown_after_each(pieces) == [
        *("", "", ""),
        *("  a", "  ab", "  ab", "  ab\n  ``x", "  ab\n  ``x", "  ab\n  ``x", "  ab\n  ``x", "  ab\n  ``x"),
        "  ab\n  ``x",
    ]


def test_words_make_place_for_code_and_a_second_block_brings_them_back():
    pieces = ["Look", ":\n", "```\na\n", "```\n", "or\n", "```\nb"]
    whole = "Look:\n```\na\n```\nor\n```\nb"
    assert shown_after_each(pieces) == ["Look", "Look:", "a", "a", "a", whole, whole]


FENCES = ["```", "``", "`", "~~~", "````"]
PIECES = [*FENCES, "py", "devin", "\n", "\n", "\r\n", "\r", " ", "   ", "x", "- ", "/write:a", "é"]
answers = st.lists(st.sampled_from(PIECES), max_size=30).map("".join)


@given(answers, st.lists(st.integers(0, 60), max_size=8))
def test_any_chunking_shows_at_the_end_what_is_taken_at_once(answer: str, cuts: list[int]):
    bounds = [0, *sorted(min(cut, len(answer)) for cut in cuts), len(answer)]
    pieces = [answer[start:end] for start, end in pairwise(bounds)]
    assert plain(shown_after_each(pieces)[-1]) == plain(taken(answer).text)


def plain(text: str) -> str:
    """A text as `Taking` tells it: a CR at the end of a line, or of everything, is part of its end."""
    return "\n".join(line.rstrip("\r") for line in text.split("\n"))


def test_one_endless_line_costs_what_its_length_costs():
    taking = Taking()
    taking.feed("```\n")
    told = sum(len(taking.feed("abcd").text) for _ in range(250_000))
    assert told == 1_000_000
