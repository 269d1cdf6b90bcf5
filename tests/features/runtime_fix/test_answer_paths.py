"""Paths that would have matched: which are offered, in which order, and that each finds what it shows."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dragoman.agents.model import Dialect
from dragoman.chat.paths import NOTHING, selection
from dragoman.chat.shapes import text_of
from dragoman.features.runtime_fix.answer_paths import MOST, answer_paths

LONG = "The answer to your question is that it depends."


def offered(*documents: Any) -> list[tuple[str, str]]:
    return [(offer.path, offer.text) for offer in answer_paths([json.dumps(document) for document in documents])]


@pytest.mark.parametrize(
    ("document", "path", "text"),
    [
        ({"answer": "yes"}, "$.answer", "yes"),
        ({"id": "x" * 20, "model": "gpt-4o", "created": "2024-01-01", "text": "hi"}, "$.text", "hi"),
        (
            {"choices": [{"index": 0, "message": {"role": "assistant", "content": "hi"}}]},
            "$.choices[0].message.content",
            "hi",
        ),
        ({"content": [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]}, "$.content[*].text", "ab"),
        (
            {"output": [{"type": "reasoning", "id": "rs"}, {"type": "message", "content": [{"text": "hi"}]}]},
            "$.output[1].content[0].text",
            "hi",
        ),
        (
            {"candidates": [{"content": {"parts": [{"text": "a "}, {"text": "b"}], "role": "model"}}]},
            "$.candidates[0].content.parts[*].text",
            "a b",
        ),
        ({"data": {"outputs": {"my answer": LONG}, "status": "succeeded"}}, "$.data.outputs['my answer']", LONG),
        ({"sources": [{"text": LONG}, {"text": LONG}], "reply": "no"}, "$.reply", "no"),
        ({"question": LONG, "text": "42"}, "$.text", "42"),
        ({"it's \\ odd": LONG}, "$['it\\'s \\\\ odd']", LONG),
        ([{"generated_text": LONG}], "$[0].generated_text", LONG),
        (["a", "b"], "$[*]", "ab"),
        (LONG, "$", LONG),
    ],
)
def test_the_likeliest_place_comes_first(document: Any, path: str, text: str) -> None:
    assert offered(document)[0] == (path, text)


def test_the_pieces_of_a_stream_add_up() -> None:
    stream = ({"type": "start", "id": "m1"}, {"type": "delta", "delta": "Hel"}, {"type": "delta", "delta": "lo"})
    assert offered(*stream)[0] == ("$.delta", "Hello")


def test_ids_are_offered_only_where_there_is_nothing_better() -> None:
    assert offered({"id": "abc", "text": "hi"}) == [("$.text", "hi")]
    assert offered({"id": "abc", "model": "m"}) == [("$.id", "abc"), ("$.model", "m")]


def test_there_is_nothing_to_offer() -> None:
    assert offered({"n": 1, "text": "", "blank": " ", "more": [], "none": None}) == []
    assert answer_paths([]) == []


def test_a_document_that_was_cut_is_read_as_far_as_it_goes() -> None:
    cut = json.dumps({"meta": {"id": 1}, "text": LONG})[:-10]
    assert [offer.path for offer in answer_paths([cut])] == ["$.text"]


def test_a_key_that_a_secret_was_taken_out_of_is_no_way() -> None:
    assert offered({"•••": {"text": LONG}}) == []


@pytest.mark.parametrize("document", ["[" * 65536, '{"a":' * 10000, json.dumps({"a": [{"b": ["x"] * 3}] * 9000})])
def test_large_and_deep_documents_are_no_matter(document: str) -> None:
    assert len(answer_paths([document])) <= MOST


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=6) | st.sampled_from(["text", "a.b", "id"]), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(st.lists(json_values, max_size=3), st.sampled_from(Dialect))
@settings(max_examples=150)
def test_every_path_finds_what_it_shows(values: list[Any], dialect: Dialect) -> None:
    offers = answer_paths([json.dumps(value) for value in values], dialect)
    assert len(offers) <= MOST
    for offer in offers:
        found = [value for value in map(selection(offer.path, dialect), values) if value is not NOTHING]
        assert "".join(map(text_of, found)) == offer.text
        assert offer.text.strip()


@given(st.lists(st.text(min_size=1, max_size=5).filter(lambda key: "•••" not in key), min_size=1, max_size=4))
@settings(max_examples=150)
def test_whatever_keys_are_called_there_is_a_path(keys: list[str]) -> None:
    value: Any = LONG
    for key in keys:
        value = {key: value}
    assert [text for _, text in offered(value)] == [LONG]
