"""What the schema forbids, one violation for each defect."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from dragoman.schema.validate import Violation, matches, violations
from json_texts import values

GOOD = {"name": "docs", "url": "http://127.0.0.1:8765/"}


@pytest.mark.parametrize(
    "extra",
    [
        {},
        {"url": "https://h"},
        {"url": "HTTP://h/"},
        {"url": "${env:BASE}/chat"},
        {"$schema": "x"},
        {"auth": {"type": "Basic", "token": "a:b"}},
        {"connector": {"requestFormat": "not looked into here", "responseFormat": ""}},
        {"connector": {"requestFormat": {"fields": {"anything": [1]}, "customHeaders": {"X": "y"}}}},
        {"parameters": {"anything": 1}},
        {"provider": "unheard of"},
        {"provider": "chaindesk", "parameters": {"temperature": 1, "filters": {"other": 1}}},
        {"transition": [{"source": "$", "target": "$"}]},
        {"defaultTimeout": 0.1},
    ],
)
def test_valid(extra: dict[str, Any]):
    assert violations(GOOD | extra, "agent") == []


@pytest.mark.parametrize(
    ("extra", "keyword", "path"),
    [
        ({"name": ""}, "minLength", ("name",)),
        ({"name": 1}, "type", ("name",)),
        ({"url": "ftp://h"}, "pattern", ("url",)),
        ({"url": "http:///x"}, "pattern", ("url",)),
        ({"nmae": "x"}, "additionalProperties", ("nmae",)),
        ({"auth": {"type": "Bearer"}}, "required", ("auth", "token")),
        ({"auth": {"type": "bearer", "token": "x"}}, "enum", ("auth", "type")),
        ({"auth": {"type": "Bearer", "token": "x\ny"}}, "pattern", ("auth", "token")),
        ({"auth": {"type": "Bearer", "token": "x", "header": "a b"}}, "pattern", ("auth", "header")),
        ({"connector": {"requestFormat": 1}}, "type", ("connector", "requestFormat")),
        (
            {"connector": {"requestFormat": {"customHeaders": {"X": 1}}}},
            "type",
            ("connector", "requestFormat", "customHeaders", "X"),
        ),
        ({"transition": [{"source": "$"}]}, "required", ("transition", 0, "target")),
        ({"defaultTimeout": 0}, "exclusiveMinimum", ("defaultTimeout",)),
        ({"defaultTimeout": True}, "type", ("defaultTimeout",)),
        ({"provider": "chaindesk", "parameters": {"temperature": 2}}, "maximum", ("parameters", "temperature")),
        ({"provider": "chaindesk", "parameters": {"tmp": 2}}, "additionalProperties", ("parameters", "tmp")),
    ],
)
def test_one_violation(extra: dict[str, Any], keyword: str, path: tuple[str | int, ...]):
    (violation,) = violations(GOOD | extra, "agent")
    assert (violation.keyword, violation.path) == (keyword, path)


def test_each_missing_and_each_unknown_key_is_one():
    found = violations({"a": 1, "b": 2}, "agent")
    assert sorted((violation.keyword, violation.path) for violation in found) == [
        ("additionalProperties", ("a",)),
        ("additionalProperties", ("b",)),
        ("required", ("name",)),
        ("required", ("url",)),
    ]


def test_a_violation_knows_what_was_expected_and_what_was_found():
    assert violations({**GOOD, "responseAction": "direct"}, "agent") == [
        Violation("enum", ("responseAction",), ["Direct", "Stream", "TextChunk", "WebView", "DevIns", "Flow"], "direct")
    ]


@given(values)
def test_any_value_can_be_validated(value: Any):
    for name in ("agent", "requestFormat"):
        assert all(isinstance(violation.keyword, str) for violation in violations(value, name))


def test_matches():
    schema = {"required": ["a"], "properties": {"a": {"const": 1}}}
    assert [matches(value, schema) for value in ({"a": 1}, {"a": 2}, {}, None)] == [True, False, False, True]
