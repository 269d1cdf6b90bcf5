"""Which definition a name means, for whose agents, and what is said of those that cannot be used."""

from __future__ import annotations

import json
from typing import Any

import pytest

from dragoman.agents.built_in import definition_text, load_provider, provider_names
from dragoman.agents.catalog import DefinitionSource, Owner, ProviderCatalog, built_in_catalog, make_catalog
from dragoman.agents.provider_check import problems_in_text

USER, WORKSPACE = Owner.USER, Owner.WORKSPACE


def source(name: str, definition: Any, owner: Owner = WORKSPACE) -> DefinitionSource:
    text = definition if isinstance(definition, str) else json.dumps(definition)
    return DefinitionSource(name, text, f".agents/providers/{name}.jsonc", owner)


def title(catalog: ProviderCatalog, name: str) -> str | None:
    definition = catalog.definition(name)
    return definition.title if definition else None


@pytest.mark.parametrize("name", provider_names())
def test_what_everybody_has_is_as_definitions_must_be(name: str) -> None:
    assert problems_in_text(definition_text(name)) == ()


def test_without_files_there_is_what_everybody_has() -> None:
    assert make_catalog([]) is built_in_catalog()
    assert built_in_catalog().names == provider_names()
    assert built_in_catalog().definition("openai") is load_provider("openai")


def test_a_definition_that_is_like_one_of_its_own_kind() -> None:
    catalog = make_catalog(
        [source("b", {"like": "a", "title": "B"}), source("a", {"like": "openai", "url": "http://a"})]
    )
    definition = catalog.definition("b")
    assert definition is not None
    assert (definition.title, definition.url, definition.response) == (
        "B",
        "http://a",
        built_in_catalog().definition("openai").response,  # type: ignore[union-attr]
    )
    assert {"a", "b", "openai"} <= {*catalog.names}


def test_a_workspace_replaces_no_name_of_everybodys_and_none_of_the_users() -> None:
    files = [source("openai", {"title": "theirs"}), source("x", {"title": "theirs"})]
    catalog = make_catalog([*files, source("x", {"title": "mine"}, USER)])
    assert (title(catalog, "openai"), title(catalog, "x")) == ("OpenAI (chat completions)", "mine")
    assert [catalog.problems[file][0].message for file in files] == [
        "This definition has no effect: “openai” means the one that everybody has.",
        "This definition has no effect: “x” means the one in .agents/providers/x.jsonc.",
    ]


def test_the_user_can_replace_a_name_of_everybodys_and_build_on_it() -> None:
    catalog = make_catalog([source("openai", {"like": "openai", "title": "mine"}, USER)])
    assert title(catalog, "openai") == "mine"
    assert title(catalog, "deepseek") == "DeepSeek"
    definition = catalog.definition("openai")
    assert definition is not None
    assert definition.url == "https://api.openai.com/v1/chat/completions"


def test_the_users_definition_does_not_build_on_a_workspaces() -> None:
    catalog = make_catalog([source("mine", {"like": "theirs"}, USER), source("theirs", {})])
    assert catalog.why_not("mine").endswith('"like" names "theirs", and there is no such provider.')


def test_of_two_files_with_one_name_the_first_counts() -> None:
    first, second = source("x", {"title": "1"}), source("x", {"title": "2"})
    catalog = make_catalog([first, second])
    assert (title(catalog, "x"), len(catalog.problems[first]), len(catalog.problems[second])) == ("1", 0, 1)


BROKEN = {
    "[": "The file is no JSON: “]” is missing: the text ends.",
    "": "The file is no JSON: There is no value here.",
    "[{}]": "A definition is an object { }.",
    '{"requst": {}}': 'Unknown key "requst".',
    '{"request": {"bdy": {}}}': 'Unknown key "bdy" in "request".',
    '{"title": 1}': '"title" must be text in double quotes.',
    '{"response": {"text": ["$.a", {"path": "$["}]}}': '"response.text[1].path" is no JsonPath.',
    '{"auth": {"type": "bearer"}}': '"auth.type" must be one of "Bearer", "ApiKey", "Basic", "".',
    '{"auth": {"header": ""}}': '"auth.header" must not be empty.',
    '{"response": {"sources": {"title": "$.a"}}}': '"path" is missing in "response.sources".',
    '{"like": "nobody"}': '"like" names "nobody", and there is no such provider.',
    '{"like": "x"}': '"like" names "x", and there is no such provider.',
    '{"parameters": {"properties": {"a": {"pattern": "(a+)+$"}}}}': (
        'Unknown key "pattern" in "parameters.properties.a".'
    ),
    '{"parameters": {"$ref": "http://h/"}}': 'Unknown key "$ref" in "parameters".',
}


@pytest.mark.parametrize(("text", "reason"), BROKEN.items())
def test_a_broken_definition_says_what_is_wrong_in_which_file(text: str, reason: str) -> None:
    catalog = make_catalog([source("x", text), source("y", {"title": "Y"})])
    assert catalog.why_not("x") == f"The provider “x” cannot be used: .agents/providers/x.jsonc: {reason}"
    assert title(catalog, "y") == "Y"


def test_definitions_that_are_like_each_other_in_a_circle() -> None:
    catalog = make_catalog([source("a", {"like": "b"}), source("b", {"like": "c"}), source("c", {"like": "a"})])
    assert 'leads back to this file, by way of "a"' in catalog.why_not("a")
    assert all(catalog.definition(name) is None for name in "abc")


def test_one_that_is_like_a_broken_one_names_the_file_to_mend() -> None:
    catalog = make_catalog([source("a", {"like": "b"}), source("b", {"titel": ""})])
    assert '"like" names "b", which cannot be used: .agents/providers/b.jsonc: Unknown key "titel".' in (
        catalog.why_not("a")
    )


def test_what_is_missing_may_be_taken_over() -> None:
    catalog = make_catalog([source("x", {"like": "openai", "response": {"stop": {"maxTokens": "full"}}})])
    definition = catalog.definition("x")
    assert definition is not None
    assert definition.response.stop is not None
    assert definition.response.stop.max_tokens == {"full"}


def test_what_a_workspace_decides_of_requests() -> None:
    theirs = {"like": "dify", "title": "T", "request": {"query": {"a": "b"}}}
    catalog = make_catalog([source("theirs", theirs), source("deep", {"like": "theirs"}), source("mine", theirs, USER)])
    assert catalog.from_workspace("theirs") == [{"like": "dify", "request": {"query": {"a": "b"}}}]
    assert catalog.from_workspace("deep") == [{"like": "theirs"}, {"like": "dify", "request": {"query": {"a": "b"}}}]
    assert [catalog.from_workspace(name) for name in ("mine", "dify", "nobody")] == [None] * 3
    renamed = make_catalog([source("theirs", {**theirs, "title": "U", "description": "d"})])
    assert renamed.from_workspace("theirs") == catalog.from_workspace("theirs")
