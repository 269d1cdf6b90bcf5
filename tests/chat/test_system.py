"""A `system` prompt reaches every kind of agent that has a place for one; of the others the linter says so."""

from __future__ import annotations

import json

import pytest

from chat_turns import ask
from dragoman.agents.built_in import provider_names
from http_agent import HttpAgent, Reply
from linting import diagnose

WITHOUT = {"a2a", "a2a-1.0", "anythingllm", "coze", "dify", "fastgpt", "flowise", "langserve", "n8n"}
"""Their agents are told who they are where they are made."""


def is_told(config: dict[str, object]) -> bool:
    text = json.dumps({"name": "a", "url": "http://127.0.0.1/", **config})
    (told, *more) = [diagnostic for diagnostic in diagnose(text) if diagnostic.code == "ignored-key"] or [None]
    assert more == []
    return told is not None and text[told.span.start : told.span.end] == '"system"'


@pytest.mark.parametrize("provider", provider_names())
async def test_every_provider_sends_it_or_is_said_not_to(provider: str) -> None:
    config = {"provider": provider, "system": "Be brief.", "parameters": {"model": "m"}}
    with HttpAgent(Reply(b'{"error": {"message": "no"}}', status=400)) as http:
        await ask(http, config, "Sort it.")
    (asked,) = http.requests
    assert asked.body.count(b"Sort it.") == 1
    assert asked.body.count(b"Be brief.") == (0 if provider in WITHOUT else 1)
    assert is_told(config) == (provider in WITHOUT)


@pytest.mark.parametrize(
    ("request_format", "is_sent"),
    [
        ({"fields": {"q": "$content"}}, False),
        ({"fields": {"q": "$content", "s": {"t": ["$system"]}}}, True),
        ({"fields": {"messages": "$history"}}, True),
        ({"fields": {}}, False),
        ({"customFields": {"id": "$sessionId"}}, True),
        ({}, True),
    ],
)
@pytest.mark.parametrize("provider", ["custom", "dify", "anthropic"])
@pytest.mark.parametrize("as_text", [False, True])
async def test_an_own_template_decides_itself(
    provider: str, request_format: dict[str, object], is_sent: bool, as_text: bool
) -> None:
    written = json.dumps(request_format) if as_text else request_format
    config = {"provider": provider, "system": "Be brief.", "connector": {"requestFormat": written}}
    with HttpAgent(Reply(b"{}", status=400)) as http:
        await ask(http, config)
    assert http.requests[0].body.count(b"Be brief.") == is_sent
    assert is_told(config) == (not is_sent)


def test_an_empty_one_is_not_told_of() -> None:
    assert not is_told({"provider": "dify", "system": ""})
    assert not is_told({"provider": "nobody", "system": "Be brief."})
