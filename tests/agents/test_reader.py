"""From the value of an agent's object to the model: what is right is taken, what is wrong takes its default."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman.agents.model import (
    Agent,
    Auth,
    AuthType,
    Connector,
    Dialect,
    Interactive,
    RequestFormat,
    ResponseAction,
    Transition,
)
from dragoman.agents.reader import read_agent, read_request_format
from dragoman.schema.store import definition
from dragoman.secrets.reference import Masked
from json_texts import values


def test_everything_given():
    assert read_agent(
        {
            "$schema": "x",
            "name": "Echo",
            "url": "http://127.0.0.1:8765/",
            "description": "Says it again.",
            "icon": "data:,",
            "enabled": False,
            "system": "Be brief.",
            "provider": "chaindesk",
            "auth": {"type": "ApiKey", "token": "${env:TOKEN}", "header": "x-key"},
            "connector": {
                "requestFormat": '{"fields": {"q": "$content"}}',
                "responseFormat": " $.answer ",
                "dialect": "jsonpath-ng",
            },
            "flow": {"next": "Other"},
            "responseAction": "Flow",
            "interactive": "OnPaste",
            "transition": [{"source": "$.a", "target": "$.b"}],
            "parameters": {"temperature": 0.5},
            "defaultTimeout": 5,
        }
    ) == Agent(
        name="Echo",
        url="http://127.0.0.1:8765/",
        description="Says it again.",
        icon="data:,",
        enabled=False,
        system="Be brief.",
        provider="chaindesk",
        auth=Auth(AuthType.API_KEY, Masked("${env:TOKEN}"), "x-key"),
        connector=Connector(RequestFormat(fields={"q": "$content"}), "$.answer", Dialect.JSONPATH_NG),
        response_action=ResponseAction.FLOW,
        interactive=Interactive.ON_PASTE,
        flow_next="Other",
        transition=(Transition("$.a", "$.b"),),
        parameters={"temperature": 0.5},
        default_timeout=5.0,
    )


def test_nothing_given():
    assert read_agent({}) == Agent(name="", url="")


@pytest.mark.parametrize(
    ("value", "request_format"),
    [
        (None, None),
        ("", None),
        ("  ", None),
        ("{", None),
        ("[]", None),
        ('{"a": 1} x', None),
        ('{"customFields": {},}', None),
        (1, None),
        ("{}", RequestFormat()),
        ({}, RequestFormat()),
        ({"fields": {}}, RequestFormat(fields={})),
        ({"fields": 1}, RequestFormat()),
        ('{"customFields": {"stream": true}}', RequestFormat(custom_fields={"stream": True})),
        (
            {"messageKeys": {"role": "from", "content": 1}, "customHeaders": {"X-A": "b", "X-C": None}},
            RequestFormat(message_keys={"role": "from"}, custom_headers={"X-A": "b"}),
        ),
    ],
)
def test_request_format(value: Any, request_format: RequestFormat | None):
    assert read_request_format(value) == request_format


@pytest.mark.parametrize(
    ("value", "seconds"), [(5, 5.0), (0.5, 0.5), (0, None), (-1, None), (True, None), ("5", None), (None, None)]
)
def test_default_timeout(value: Any, seconds: float | None):
    assert read_agent({"defaultTimeout": value}).default_timeout == seconds


def test_an_enum_in_the_wrong_case_takes_its_default():
    agent = read_agent(
        {"responseAction": "stream", "interactive": "chatpanel", "auth": {"type": "apikey", "token": "x"}}
    )
    assert (agent.response_action, agent.interactive) == (ResponseAction.DIRECT, Interactive.CHAT_PANEL)
    assert agent.auth == Auth(AuthType.BEARER, Masked("x"))


def test_the_token_is_not_in_the_repr():
    assert "s3cret" not in repr(read_agent({"auth": {"type": "Bearer", "token": "s3cret"}}))


_agent_keys = st.sampled_from(sorted(definition("agent")["properties"]))


@given(st.dictionaries(_agent_keys, values | st.dictionaries(st.sampled_from(["type", "token", "next"]), values)))
def test_no_value_of_any_kind_raises(value: dict[str, Any]):
    agent = read_agent(value)
    assert isinstance(agent.name, str)
    hash(agent.response_action)


@given(st.dictionaries(st.text(max_size=5), values, max_size=4))
def test_a_request_format_is_the_same_as_text_and_as_object(fields: dict[str, Any]):
    value = {"fields": fields, "customFields": fields}
    assert read_request_format(json.dumps(value)) == read_request_format(value)
