from __future__ import annotations

from typing import Any, cast
from urllib.parse import urlsplit

import jsonschema
import pytest

from dragoman.agents.built_in import load_provider, provider_names
from dragoman.agents.catalog import read_provider
from dragoman.agents.placeholders import placeholders_in
from dragoman.agents.provider import Selector
from dragoman.chat.paths import selection
from dragoman.schema.lookup import keys_at


@pytest.mark.parametrize("name", provider_names())
def test_every_definition_is_sound(name: str) -> None:
    definition = load_provider(name)
    assert definition is not None
    assert definition.name == name
    assert definition.title
    assert definition.description
    assert definition.request.body
    jsonschema.Draft202012Validator.check_schema(cast("dict[str, Any]", definition.parameters))
    response = definition.response
    places = (response.text, response.reasoning, response.replace, response.follow_ups, response.final)
    more = (response.errors, response.end, *response.conversation.values())
    selectors = [selector for place in (*places, *more) for selector in place]
    sources = response.sources
    paths = [
        *(selector.path for selector in selectors if selector.path),
        *(path for paths in response.usage.values() for path in paths),
        *((sources.path, *sources.title, *sources.uri, *sources.excerpt) if sources else ()),
        *(response.stop.paths if response.stop else ()),
    ]
    for path in paths:
        selection(path)


@pytest.mark.parametrize("name", [name for name in provider_names() if name != "custom"])
def test_every_definition_of_a_kind_says_where_to_look_and_where_to_begin(name: str) -> None:
    definition = load_provider(name)
    assert definition is not None
    assert definition.documentation.startswith("https://")
    assert urlsplit(definition.url).scheme in ("http", "https")
    assert definition.auth_type in ("Bearer", "ApiKey", "")
    assert set(definition.response.usage) <= {"input", "output", "total", "cost", "currency"}
    assert definition.response.text
    assert all(f"{{{part}}}" in definition.url for part in definition.request.in_url)
    properties = cast("dict[str, dict[str, Any]]", definition.parameters["properties"])
    assert [key for key, schema in properties.items() if not schema.get("description")] == []
    assert "required" not in definition.parameters, "a connector may hold what is needed"


@pytest.mark.parametrize("name", provider_names())
def test_every_placeholder_of_a_definition_has_a_meaning(name: str) -> None:
    definition = load_provider(name)
    assert definition is not None
    templates = [definition.request.body, definition.request.query]
    used = frozenset[str]().union(*map(placeholders_in, templates))
    assert used <= {"content", "history", "system", "sessionId", "messageId", *definition.response.conversation}


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


def test_a_definition_can_be_like_another_one() -> None:
    base = load_provider("openai")
    assert base is not None
    text = '{"like": "openai", "title": "x", "request": {"body": {"n": 1}}, "response": {"text": ["$.t"]}}'
    definition = read_provider("x", text)
    assert definition.request.body == {**base.request.body, "n": 1}
    assert (definition.title, definition.response.text) == ("x", (Selector(path="$.t"),))
    assert (definition.url, definition.response.usage) == (base.url, base.response.usage)


@pytest.mark.parametrize("text", ['{"nme": 1}', '{"request": {"bdy": {}}}', '{"response": {"txt": []}}', "[]"])
def test_a_key_that_means_nothing_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"Unknown key|is an object"):
        read_provider("x", text)


@pytest.mark.parametrize("name", [name for name in provider_names() if name != "custom"])
def test_the_schema_of_the_file_knows_the_parameters_of_every_provider(name: str) -> None:
    provider = load_provider(name)
    assert provider is not None
    assert keys_at({"provider": name}, ("parameters",)).keys() == provider.parameters["properties"].keys()


def test_the_schema_leaves_the_parameters_of_other_agents_alone() -> None:
    assert keys_at({"provider": "custom"}, ("parameters",)) == keys_at({}, ("parameters",)) == {}
