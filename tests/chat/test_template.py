from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman.agents.placeholders import placeholders_in
from dragoman.chat.template import UNKNOWN, fill
from dragoman.secrets.reference import Reference

VALUES = {"content": "hi", "history": [{"role": "user"}], "id": UNKNOWN, "n": 7}


def check(template: object, expected: object) -> None:
    assert fill(template, VALUES, lambda reference: f"<{reference.name}>") == expected  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("$content", "hi"),
        ("say $content!", "say hi!"),
        ("$content$content", "hihi"),
        ("$contents and $content_2", "$contents and $content_2"),
        ("价$content文", "价hi文"),
        ("$other $ $1 ${x} $$content", "$other $ $1 ${x} $hi"),
        ("$history", [{"role": "user"}]),
        ("see $history", "see $history"),
        ("$n", 7),
        ("n=$n", "n=7"),
        ("id=$id.", "id=."),
        ({"a": "$id", "b": [1, "$id", None], "c": {"d": "$id"}}, {"b": [1, None], "c": {}}),
        ({"a": [[{"b": ["$content"]}]]}, {"a": [[{"b": ["hi"]}]]}),
        ({"$content": "key"}, {"$content": "key"}),
        ([True, None, 1.5], [True, None, 1.5]),
        ("${env:A}/$content", "<A>/hi"),
    ],
)
def test_filling(template: object, expected: object) -> None:
    check(template, expected)


def test_what_was_put_in_is_not_scanned_again() -> None:
    values = {"content": "$n ${env:A} $content", "n": "no"}
    assert fill(["$content", "x $content"], values, lambda _: "no") == [values["content"], f"x {values['content']}"]
    assert fill("${env:A}", values, lambda _: "$content") == "$content"


def test_the_names_of_all_placeholders() -> None:
    assert placeholders_in({"a": ["$content", {"b": "x $history $contents"}], "c": 1}) == {
        "content",
        "history",
        "contents",
    }


def refuse(reference: Reference) -> str:
    raise AssertionError(reference)


@given(st.text())
def test_any_prompt_is_carried_exactly(prompt: str) -> None:
    template = {"a": [{"b": {"c": ["$content"]}}], "d": "<$content>"}
    filled = json.loads(json.dumps(fill(template, {"content": prompt}, refuse)))
    assert filled == {"a": [{"b": {"c": [prompt]}}], "d": f"<{prompt}>"}
