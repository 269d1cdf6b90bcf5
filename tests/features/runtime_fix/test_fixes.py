"""Which fixes there are for a kind of agent; that they change the file rightly is tested with the server."""

from __future__ import annotations

import json
from typing import Any

import pytest

from dragoman.agents.built_in import load_provider, provider_names
from dragoman.features.runtime_fix import fixes
from dragoman.lint.diagnostic import Fix
from dragoman.project.agent_file import read_agent_file


def billing(provider: str, url: str) -> list[Fix]:
    file = read_agent_file(json.dumps({"name": "a", "url": url}))
    (entry,) = file.entries()
    definition = load_provider(provider)
    assert definition is not None
    return list(fixes.billing_fixes(entry, definition))


def token(provider: str = "custom", **agent: Any) -> list[Fix]:
    file = read_agent_file(json.dumps({"name": "my docs", "url": "http://h/", **agent}))
    (entry,) = file.entries()
    definition = load_provider(provider)
    assert definition is not None
    return list(fixes.token_fixes(file, entry, definition))


def test_the_vendors_page_for_the_vendors_host() -> None:
    for name in ("openai", "openai-responses", "anthropic", "openrouter", "deepseek"):
        definition = load_provider(name)
        assert definition is not None
        (fix,) = billing(name, definition.url)
        assert fix.page == definition.billing
        assert not fix.edits
    assert billing("openai", "https://api.openai.com:443/x")[0].title == "Open the billing page of OpenAI"


@pytest.mark.parametrize("url", ["http://127.0.0.1:8000/v1", "https://openai.com.example/", "${env:URL}", "http://["])
def test_no_page_for_another_host(url: str) -> None:
    for name in provider_names():
        assert billing(name, url) == []


def test_no_token_where_there_is_a_reference_or_a_header() -> None:
    assert token(auth={"type": "Bearer", "token": "x ${keyring:a/b}"}) == []
    header = {"requestFormat": json.dumps({"customHeaders": {"X-Api-Key": "k"}})}
    assert token(connector=header) == []


@pytest.mark.parametrize(
    ("provider", "agent", "edit"),
    [
        ("custom", {}, ', "auth": {"type": "Bearer", "token": "${env:MY_DOCS_TOKEN}"}'),
        ("ollama", {}, ', "auth": {"type": "Bearer", "token": "${env:OLLAMA_API_KEY}"}'),
        ("anthropic", {}, ', "auth": {"type": "ApiKey", "token": "${env:ANTHROPIC_API_KEY}"}'),
        ("openai", {"auth": {"type": "Basic"}}, ', "token": "${env:OPENAI_API_KEY}"'),
        ("custom", {"auth": {"type": "Bearer", "token": "eyJ"}}, "${env:MY_DOCS_TOKEN}"),
        ("custom", {"auth": None}, '{"type": "Bearer", "token": "${env:MY_DOCS_TOKEN}"}'),
    ],
)
def test_the_token_comes_from_the_environment(provider: str, agent: dict[str, Any], edit: str) -> None:
    (fix,) = token(provider, **agent)
    assert [made.new_text for made in fix.edits] == [edit]
