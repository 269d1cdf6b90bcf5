"""What is quickly said of a value is what a validator says of it, slowly."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman.schema.conform import conforms
from dragoman.schema.explain import is_explained
from dragoman.schema.store import Form, agent_form
from dragoman.schema.validate import validated, violations
from dragoman.schema.violation import Violation
from json_texts import values

GOOD: dict[str, Any] = {"name": "a", "url": "http://h/"}
KEYS = [*agent_form().definitions["agent"]["properties"], "type", "token", "header", "temperature", "topP", "x"]
REQUEST_FORMATS = ["{}", {"fields": {}}, {"customHeaders": {"a b": "c"}}, {"customHeaders": {"a": "\n"}}, {"feilds": 1}]
some = (
    values
    | st.sampled_from(["Bearer", "Direct", "ChatPanel", "chaindesk", "openai", "http://h/", "${env:X}", 0, 1, 1.0, 2])
    | st.builds(lambda format_: {"requestFormat": format_}, st.sampled_from(REQUEST_FORMATS) | values)
    | st.dictionaries(st.sampled_from(KEYS), values | st.sampled_from(["Bearer", "t", 1, 0.5]), max_size=4)
)
agents = st.dictionaries(st.sampled_from(KEYS), some, max_size=5).map(lambda more: GOOD | more)


@given(agents | some)
def test_what_conforms_has_no_violations(value: Any):
    for name in ("agent", "requestFormat"):
        if conforms(value, name):
            assert [*validated(value, name, agent_form())] == []


@given(agents)
def test_what_violates_nothing_conforms(value: dict[str, Any]):
    if not [*validated(value, "agent", agent_form())]:
        assert conforms(value, "agent")


@pytest.mark.parametrize(
    "schema",
    [
        {"type": ["string", "integer"], "minLength": 2},
        {"enum": ["a", 1]},
        {"const": "a"},
        {"items": {"type": "number", "minimum": 1, "maximum": 3, "exclusiveMinimum": 1}},
        {"properties": {"a": {"type": "null"}}, "additionalProperties": {"type": "boolean"}, "required": ["b"]},
        {"propertyNames": {"pattern": "^[ab]$"}},
        {"if": {"properties": {"a": {"const": "x"}}}, "then": {"required": ["b"]}},
        {"if": {"properties": {"a": {"type": "integer"}}}, "then": {"required": ["b"]}},
        {"not": {"type": "string"}},
        {"allOf": [{"type": "object"}, {"$ref": "#/$defs/t"}]},
    ],
    ids=str,
)
@given(value=values | st.dictionaries(st.sampled_from("ab"), values | st.just("x")) | st.sampled_from(["a", [2], [1]]))
def test_each_keyword(schema: dict[str, Any], value: Any):
    form = Form("t", {"t": schema if "allOf" not in schema else {"maxLength": 3, **schema, "allOf": []}})
    if conforms(value, "t", form):
        assert [*validated(value, "t", form)] == []
    assert told(violations(value, "t", form)) == told(validated(value, "t", form))


@given(agents | some)
def test_what_is_wrong_is_what_a_validator_says(value: Any):
    for name in ("agent", "requestFormat"):
        assert is_explained(name, agent_form())
        assert told(violations(value, name)) == told(validated(value, name, agent_form()))


def told(violations: Iterable[Violation]) -> dict[object, object]:
    """What of the wrong type breaks other keywords too, which is not told."""
    found = {(one.keyword, one.path): repr((one.expected, one.found)) for one in violations}
    return {key: what for key, what in found.items() if key[0] == "type" or ("type", key[1]) not in found}
