"""The schema itself: valid, found, every key and value described."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from jsonschema import Draft202012Validator

from dragoman.agents.built_in import provider_names
from dragoman.agents.model import AuthType, Dialect, Interactive, ResponseAction
from dragoman.schema.store import agent_file_schema, definition, schema_folder


def test_the_schema_is_found_and_is_one():
    assert json.loads((schema_folder() / "agent.schema.json").read_text("utf-8")) == agent_file_schema()
    Draft202012Validator.check_schema(agent_file_schema())
    for name in agent_file_schema()["$defs"]:
        Draft202012Validator.check_schema(definition(name))


def test_every_key_is_described():
    missing = [path for path, key in keys() if not key.get("description") and "$ref" not in key]
    assert missing == []
    assert [name for name in ("agent", "auth", "connector") if not definition(name).get("description")] == []


def test_every_value_of_an_enum_is_described():
    for path, key in keys():
        if "enum" in key and not key.get("deprecated"):
            assert len(key["markdownEnumDescriptions"]) == len(key["enum"]), path
            assert all(key["markdownEnumDescriptions"]), path


def test_every_enum_is_the_models():
    agent, auth, connector = (definition(name)["properties"] for name in ("agent", "auth", "connector"))
    assert agent["responseAction"]["enum"] == list(ResponseAction)
    assert agent["interactive"]["enum"] == list(Interactive)
    assert auth["type"]["enum"] == list(AuthType)
    assert connector["dialect"]["enum"] == list(Dialect)
    assert sorted(agent["provider"]["examples"]) == sorted(provider_names())


def test_defaults_are_the_models():
    agent, auth, connector = (definition(name)["properties"] for name in ("agent", "auth", "connector"))
    assert agent["responseAction"]["default"] == ResponseAction.DIRECT
    assert agent["interactive"]["default"] == Interactive.CHAT_PANEL
    assert auth["type"]["default"] == AuthType.BEARER
    assert connector["dialect"]["default"] == Dialect.JAYWAY


def test_the_root_takes_one_agent_or_an_array_of_them():
    validator = Draft202012Validator(agent_file_schema())
    agent = {"name": "docs", "url": "http://127.0.0.1/"}
    assert validator.is_valid(agent)
    assert validator.is_valid([agent, agent])
    assert validator.is_valid([])
    assert not validator.is_valid([agent, {}])
    assert not validator.is_valid("agent")


def keys() -> Iterator[tuple[str, Any]]:
    """Every key that the schema knows, and what it says of it."""
    for name, found in agent_file_schema()["$defs"].items():
        yield from keys_below(name, found)


def keys_below(path: str, schema: Any) -> Iterator[tuple[str, Any]]:
    for key, found in schema.get("properties", {}).items():
        yield f"{path}.{key}", found
        yield from keys_below(f"{path}.{key}", found)
        yield from keys_below(f"{path}.{key}[]", found.get("items", {}))
