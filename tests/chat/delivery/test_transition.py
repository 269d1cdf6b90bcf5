"""The object that a `Flow` hands on."""

from __future__ import annotations

import pytest

from dragoman.agents.model import JsonValue, Transition
from dragoman.chat.delivery.transition import HandedOn, handed_on, transferred

DOCUMENT: JsonValue = {"data": [{"id": 1, "text": "a"}, {"id": 2, "text": None}], "user": {"name": "ä😀"}}


@pytest.mark.parametrize(
    ("entries", "built"),
    [
        ([("$.user.name", "$.who")], {"who": "ä😀"}),
        ([("$.data[0].text", "$.a.b[1].c")], {"a": {"b": [None, {"c": "a"}]}}),
        ([("$.data[*].id", "$.ids")], {"ids": [1, 2]}),
        ([("$.data[?(@.id == 2)].id", "$['odd name']")], {"odd name": [2]}),
        ([("$.data[1].text", "$.x")], {"x": None}),
        ([("$", "$")], DOCUMENT),
        ([("$.user", "$"), ("$.data[0].id", "$.id")], {"name": "ä😀", "id": 1}),
        ([("$.data[0]", "$.q"), ("$.data[1].id", "$.q.id")], {"q": {"id": 2, "text": "a"}}),
        ([("user.name", "who")], {"who": "ä😀"}),
    ],
)
def test_what_is_built(entries: list[tuple[str, str]], built: JsonValue):
    before = repr(DOCUMENT)
    assert transferred(DOCUMENT, [Transition(*entry) for entry in entries]) == HandedOn(built)
    assert repr(DOCUMENT) == before


@pytest.mark.parametrize(
    ("source", "target", "problem"),
    [
        ("$.none", "$.x", "nothing is written at $.x: the response has nothing at $.none."),
        ("$.user", "$.ok.x", "nothing is written at $.ok.x: something that is no object stands there already."),
        ("$.user", "$.ok[0]", "nothing is written at $.ok[0]: something that is no array stands there already."),
        ("$.user", "$[", "nothing is written at $[: this is no JsonPath."),
        *(
            (
                "$.user",
                target,
                f"nothing is written at {target}: a target is made of names, and of indexes from 0 to 999.",
            )
            for target in ("$..x", "$.x[*]", "$[-1]", "$.x[1000]", "$['a','b']", "$.length()")
        ),
    ],
)
def test_what_cannot_be_written_is_said(source: str, target: str, problem: str):
    entries = [Transition("$.data[0].id", "$.ok"), Transition(source, target)]
    assert transferred(DOCUMENT, entries) == HandedOn({"ok": 1}, (problem,))


def test_a_source_that_is_no_path_is_said():
    [problem] = transferred(DOCUMENT, [Transition("$[", "$.x")]).problems
    assert problem.startswith("nothing is written at $.x: $[ is no JsonPath (")


@pytest.mark.parametrize(
    ("document", "text", "data"),
    [
        ({"a": 1}, "words", {"a": 1}),
        (None, '{"a": 1}', {"a": 1}),
        (None, "words", "words"),
        (None, "[" * 100_000, "[" * 100_000),
    ],
)
def test_without_transition_all_of_the_response_is_handed_on(document: JsonValue, text: str, data: JsonValue):
    assert handed_on(document, text, ()) == HandedOn(data)


def test_a_deep_target_is_refused():
    [problem] = transferred(DOCUMENT, [Transition("$.user", "$" + ".a" * 5000)]).problems
    assert problem.endswith("it is more than 100 steps deep.")
