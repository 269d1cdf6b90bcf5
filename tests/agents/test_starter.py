"""New agents of every kind: what they begin as, and as what text."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman.agents.catalog import built_in_catalog
from dragoman.agents.provider import ProviderDefinition
from dragoman.agents.starter import gaps_in, start_agent, token_reference
from dragoman.agents.writing import Layout, leaves, write_agent
from linting import diagnose, shown

KINDS = built_in_catalog().definitions

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
)


def kind(name: str) -> ProviderDefinition:
    return next(definition for definition in KINDS if definition.name == name)


@pytest.mark.parametrize("definition", KINDS, ids=lambda definition: definition.name)
def test_a_new_agent_has_nothing_wrong(definition: ProviderDefinition):
    text = write_agent(start_agent(definition), Layout())
    assert [shown(diagnostic) for diagnostic in diagnose(text)] == []


def test_a_new_agent_refers_to_its_token():
    assert start_agent(kind("dify")) == {
        "name": "Dify",
        "provider": "dify",
        "url": "https://api.dify.ai/v1/chat-messages",
        "auth": {"type": "Bearer", "token": "${env:DIFY_API_KEY}"},
    }


def test_what_is_given_counts():
    agent = start_agent(
        kind("ollama"), name="Bär", url="https://o.example/api/chat", token="${env:T}", parameters={"model": "qwen3"}
    )
    assert agent == {
        "name": "Bär",
        "provider": "ollama",
        "url": "https://o.example/api/chat",
        "auth": {"type": "Bearer", "token": "${env:T}"},
        "parameters": {"model": "qwen3"},
    }


def test_a_name_of_ours_is_a_new_one():
    taken = {"OpenAI", "OpenAI 2"}
    assert start_agent(kind("openai"), taken=taken)["name"] == "OpenAI 3"
    assert start_agent(kind("openai"), taken=taken, name="OpenAI")["name"] == "OpenAI"


@pytest.mark.parametrize(
    ("name", "gaps"),
    [
        ("openai", []),
        ("coze", ["bot_id"]),
        ("chaindesk", ["id"]),
        ("azure-openai", ["resource", "deployment"]),
        ("gemini", []),
    ],
)
def test_what_is_left_to_fill_in(name: str, gaps: list[str]):
    assert [gap.name for gap in gaps_in(start_agent(kind(name)))] == gaps


def test_parameters_that_stand_in_the_address_are_asked_for_only_there():
    assert "parameters" not in start_agent(kind("azure-openai"), url="https://mine.example/chat/completions")


@pytest.mark.parametrize(
    ("name", "reference"),
    [("a2a-1.0", "${env:A2A_1_0_API_KEY}"), ("日本", "${env:AGENT_API_KEY}"), ("4all", "${env:AGENT_API_KEY}")],
)
def test_the_variable_of_a_token(name: str, reference: str):
    assert token_reference(name) == reference


@given(
    st.dictionaries(st.text(max_size=5), values, max_size=5),
    st.sampled_from(["  ", "\t"]),
    st.sampled_from(["\n", "\r\n"]),
)
def test_any_value_can_be_read_back(value: dict[str, object], indent: str, newline: str):
    text = write_agent(value, Layout(indent, "", newline))
    assert json.loads(text) == value
    text.encode()
    assert text.count("\n") == text.count(newline)


def test_what_is_long_stands_on_lines_of_its_own():
    assert write_agent({"a": ["x" * 60, "y" * 60], "b": []}, Layout()).split("\n") == [
        *("{", '  "a": [', f'    "{"x" * 60}",', f'    "{"y" * 60}"', "  ],", '  "b": []', "}")
    ]


def test_tab_stops():
    agent = {"name": "", "n": 1, "token": "${env:A}\\"}
    text = write_agent(agent, Layout(tab_stops=leaves(agent)))
    assert text == '{\n  "name": "$1",\n  "n": ${2:1},\n  "token": "${3:\\${env:A\\}\\\\\\\\}"\n}'
