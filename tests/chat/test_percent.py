from __future__ import annotations

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman.chat.percent import PercentDecoder


def decode(*data: str) -> list[str]:
    decoder = PercentDecoder()
    return [decoder.decode(datum) for datum in data]


def test_encoded_data_are_decoded() -> None:
    assert decode("Reset", "%20it%20", "%E2%86%92", "100%25", "a%2Bb") == ["Reset", " it ", "→", "100%", "a+b"]


@pytest.mark.parametrize("datum", [" b", "ü", "50% of", "100%", "%zz", "%e2%86%92", "%FF", "a+b", "{"])
def test_one_datum_betrays_that_nothing_is_encoded(datum: str) -> None:
    assert decode("a", datum, "%20") == ["a", datum, "%20"]


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]))))
def test_what_is_encoded_comes_back(texts: list[str]) -> None:
    assert decode(*(quote(text, safe="!~*'()") for text in texts)) == texts
