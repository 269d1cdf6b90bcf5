"""The schema of definitions knows the keys that are read, and no other."""

from __future__ import annotations

from typing import Any

import jsonschema
import pytest

from dragoman.agents.provider_reader import read_definition
from dragoman.schema.store import provider_form

DEFINITIONS = provider_form().definitions


class Asked(dict[str, Any]):
    """An object that remembers which keys it was asked for."""

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        self.keys_asked: set[str] = set()

    def get(self, key: str, default: Any = None) -> Any:
        self.keys_asked.add(key)
        return super().get(key, default)

    def __contains__(self, key: object) -> bool:
        self.keys_asked.add(str(key))
        return super().__contains__(key)

    def __getitem__(self, key: str) -> Any:
        self.keys_asked.add(key)
        return super().__getitem__(key)


def test_the_schema_is_one() -> None:
    schema = {"$defs": DEFINITIONS, "$ref": "#/$defs/provider"}
    jsonschema.Draft202012Validator.check_schema(schema)
    assert jsonschema.Draft202012Validator(schema).is_valid({})


def test_every_key_that_is_read_is_known_and_every_other_is_not() -> None:
    parts = {
        "auth": Asked(),
        "request": Asked(stop=Asked()),
        "response": Asked(sources=Asked(path="$"), stop=Asked(path="$"), text=[Asked()]),
    }
    whole = Asked(parts)
    read_definition("x", whole)
    response = parts["response"]
    assert whole.keys_asked | {"$schema"} == keys("provider")
    assert parts["auth"].keys_asked == keys("provider", "auth")
    assert parts["request"].keys_asked == keys("request")
    assert dict.__getitem__(parts["request"], "stop").keys_asked == keys("stopCall")
    assert response.keys_asked == keys("response")
    assert dict.__getitem__(response, "sources").keys_asked == keys("response", "sources")
    assert dict.__getitem__(response, "stop").keys_asked == keys("response", "stop")
    assert dict.__getitem__(response, "text")[0].keys_asked == keys("selectors")


@pytest.mark.parametrize("name", DEFINITIONS)
def test_everything_is_described(name: str) -> None:
    schema = DEFINITIONS[name]
    assert schema["description"]
    for key, found in schema.get("properties", {}).items():
        assert found.get("description") or "$ref" in found, key


def keys(name: str, *path: str) -> set[str]:
    schema = DEFINITIONS[name]
    for step in path:
        schema = schema["properties"][step]
    return {*schema["properties"]}
