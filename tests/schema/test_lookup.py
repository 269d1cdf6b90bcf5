"""What the schema says about one place."""

from __future__ import annotations

from typing import Any

import pytest

from dragoman.schema.lookup import keys_at, value_at

CHAINDESK = {"provider": "chaindesk", "parameters": {}}


@pytest.mark.parametrize(
    ("agent", "path", "some", "none"),
    [
        ({}, (), ["name", "url", "auth", "$schema"], ["token", "modelName"]),
        ({}, ("auth",), ["type", "token", "header"], ["name"]),
        ({}, ("connector",), ["requestFormat", "responseFormat", "dialect"], []),
        ({}, ("connector", "requestFormat"), ["fields", "customFields", "customHeaders", "messageKeys"], ["type"]),
        ({}, ("connector", "requestFormat", "messageKeys"), ["role", "content"], []),
        ({"transition": [{}]}, ("transition", 0), ["source", "target"], []),
        ({}, ("flow",), ["next"], []),
        (CHAINDESK, ("parameters",), ["modelName", "temperature", "promptType"], ["name"]),
        (CHAINDESK, ("parameters", "filters"), ["datastore_ids"], []),
    ],
)
def test_keys(agent: Any, path: tuple[str | int, ...], some: list[str], none: list[str]):
    found = keys_at(agent, path)
    assert [key for key in some if key not in found] == []
    assert [key for key in none if key in found] == []


@pytest.mark.parametrize(
    ("agent", "path"),
    [
        ({}, ("parameters",)),
        ({"provider": "custom"}, ("parameters",)),
        ({}, ("name",)),
        ({}, ("nothing", 3, "here")),
        ({}, ("connector", "requestFormat", "fields", "inputs")),
        ({}, ("transition",)),
        ([], ("auth", "token")),
        (None, ("flow", "next")),
    ],
)
def test_no_keys(agent: Any, path: tuple[str | int, ...]):
    assert keys_at(agent, path) == {}


def test_what_is_needed_and_what_is_deprecated():
    assert [key for key, schema in keys_at({}, ()).items() if schema.required] == ["name", "url"]
    assert [key for key, schema in keys_at({}, ("auth",)).items() if schema.required] == ["type", "token"]
    deprecated = [key for key, schema in keys_at(CHAINDESK, ("parameters",)).items() if schema.deprecated]
    assert deprecated == ["promptType", "promptTemplate"]


def test_an_enum():
    schema = value_at({}, ("auth", "type"))
    assert schema is not None
    assert (schema.values, schema.types, schema.default, schema.is_open) == (
        ("Bearer", "ApiKey", "Basic"),
        ("string",),
        "Bearer",
        False,
    )
    assert len(schema.value_descriptions) == 3


def test_values_worth_proposing():
    schema = value_at(CHAINDESK, ("parameters", "modelName"))
    assert schema is not None
    assert schema.is_open
    assert len(schema.values) == 41


def test_a_reference_keeps_its_own_description():
    schema = value_at({}, ("connector", "requestFormat"))
    assert schema is not None
    assert schema.description.startswith("How the body of the request is built")
    assert schema.types == ("string", "object")
    assert keys_at({}, ())["auth"].description == "How the agent knows who asks."


@pytest.mark.parametrize("path", [("nothing",), ("name", "x"), ("auth", 0), ("parameters", "temperature")])
def test_nothing_is_said(path: tuple[str | int, ...]):
    assert value_at({}, path) is None


def test_any_text_may_stand_in_a_header():
    schema = value_at({}, ("connector", "requestFormat", "customHeaders", "X-Any"))
    assert schema is not None
    assert schema.types == ("string",)
