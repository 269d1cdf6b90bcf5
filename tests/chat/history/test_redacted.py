"""Secrets stay out of a text that comes in pieces, wherever it is cut, and all else comes through at once."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman.chat.history.redacted import RedactedText
from dragoman.chat.redaction import Redactor

SECRETS = ("sesame", "sesame-open", "amesse", "a/b ÿ\\c", "aaaaaab")
_pieces = st.sampled_from([*SECRETS, "ses", "same", "-open", "aaaa", "x", " ", "a/b"])
_texts = st.lists(_pieces, max_size=12).map("".join)


def fed(pieces: Sequence[str]) -> RedactedText:
    text = RedactedText(Redactor(SECRETS))
    for piece in pieces:
        text.add(piece)
    return text


@given(_texts, st.lists(st.integers(0, 60)))
def test_any_cuts_give_the_same(text: str, cuts: list[int]) -> None:
    ends = sorted({*(cut for cut in cuts if cut < len(text)), len(text)})
    pieces = [text[start:end] for start, end in zip([0, *ends], ends, strict=False)]
    assert fed([*pieces, "!"]).value == Redactor(SECRETS)(text + "!")


@given(_texts)
def test_no_moment_shows_a_secret(text: str) -> None:
    growing = fed([])
    for character in text:
        growing.add(character)
        assert Redactor(SECRETS)(growing.value) == growing.value


@pytest.mark.parametrize(
    ("pieces", "value"),
    [
        (["open ses", "ame!"], "open •••!"),
        (["open sesam"], "open sesam"),
        (["open sesame"], "open •••"),
        (["open sesame-o"], "open •••"),
        (["open sesame-o", "K"], "open •••-oK"),
        (["This is"], "This is"),
    ],
)
def test_the_end_may_be_the_beginning_of_a_secret(pieces: list[str], value: str) -> None:
    assert fed(pieces).value == value


def test_another_text_instead() -> None:
    text = fed(["old ses"])
    text.replace("ame new")
    assert text.value == "ame new"


def test_without_secrets_nothing_changes() -> None:
    text = RedactedText(Redactor())
    text.add("sesame")
    assert text.value == "sesame"
