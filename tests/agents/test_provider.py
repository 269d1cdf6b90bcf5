from __future__ import annotations

from typing import Any, cast

import jsonschema
import pytest

from dragoman.agents.provider import Selector, load_provider, provider_names, read_provider
from dragoman.chat.paths import selection
from dragoman.schema.store import definition as schema_definition


@pytest.mark.parametrize("name", provider_names())
def test_every_definition_is_sound(name: str) -> None:
    definition = load_provider(name)
    assert definition is not None
    assert (definition.name, bool(definition.title)) == (name, True)
    assert definition.request.body
    jsonschema.Draft202012Validator.check_schema(cast("dict[str, Any]", definition.parameters))
    response = definition.response
    selectors = (
        *response.text,
        *response.reasoning,
        *response.replace,
        *response.final,
        *response.errors,
        *response.end,
    )
    paths = [*(selector.path for selector in selectors if selector.path), *response.usage.values()]
    for path in (*paths, *(path for paths in response.conversation.values() for path in paths)):
        selection(path)


def test_an_unknown_name_has_no_definition() -> None:
    assert load_provider("no-such-provider") is None
    assert load_provider("../model") is None


def test_chaindesk_knows_its_parameters() -> None:
    definition = load_provider("chaindesk")
    assert definition is not None
    properties = cast("dict[str, Any]", definition.parameters["properties"])
    assert len(properties["modelName"]["examples"]) == len(set(properties["modelName"]["examples"])) == 41
    assert {name for name, schema in properties.items() if schema.get("deprecated")} == {"promptType", "promptTemplate"}
    assert (properties["temperature"]["minimum"], properties["temperature"]["maximum"]) == (0, 1)


def test_a_selector_is_a_path_or_an_object() -> None:
    text = '{"response": {"text": ["$.a", {"event": "b"}, {"event": ["c", "d"], "path": "$.e"}]}}'
    assert read_provider("x", text).response.text == (
        Selector(path="$.a"),
        Selector(frozenset({"b"})),
        Selector(frozenset({"c", "d"}), "$.e"),
    )


@pytest.mark.parametrize("text", ['{"nme": 1}', '{"request": {"bdy": {}}}', '{"response": {"txt": []}}', "[]"])
def test_a_key_that_means_nothing_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"unknown key|an object is wanted"):
        read_provider("x", text)


def test_the_schema_of_the_file_holds_the_parameters_of_the_provider() -> None:
    provider = load_provider("chaindesk")
    assert provider is not None
    assert schema_definition("chaindeskParameters") == provider.parameters
