"""Other addresses that may be meant, and what their titles show."""

from __future__ import annotations

import pytest

from dragoman.agents.built_in import load_provider
from dragoman.agents.provider import ProviderDefinition
from dragoman.features.runtime_fix.url import OtherUrl, other_scheme, other_urls

OPENAI = "https://api.openai.com/v1/chat/completions"
LOCAL = "http://127.0.0.1:8080"


def provider(name: str) -> ProviderDefinition:
    found = load_provider(name)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("kind", "url", "others"),
    [
        ("openai", OPENAI, []),
        ("openai", "https://api.openai.com", [OPENAI]),
        ("openai", "https://api.openai.com/v1/", [OPENAI, "https://api.openai.com/v1"]),
        ("openai", "https://api.openai.com/v1//chat/completions", [OPENAI]),
        ("openai", "http://api.openai.com/v1/chat/completions", [OPENAI]),
        ("openai", f"{LOCAL}/v1", [f"{LOCAL}/v1/chat/completions", OPENAI]),
        ("openai", f"{LOCAL}/proxy/v1?a=b", [f"{LOCAL}/proxy/v1/chat/completions?a=b", OPENAI]),
        ("openai", f"{LOCAL}/elsewhere", [OPENAI]),
        ("openai", f"{LOCAL}/v1/chat/completions/", [f"{LOCAL}/v1/chat/completions", OPENAI]),
        ("custom", LOCAL, [f"{LOCAL}/v1/chat/completions"]),
        ("custom", f"{LOCAL}/", [f"{LOCAL}/v1/chat/completions"]),
        ("custom", f"{LOCAL}/v1/chat", [f"{LOCAL}/v1/chat/completions"]),
        ("custom", f"{LOCAL}/chat/completions", [f"{LOCAL}/v1/chat/completions"]),
        ("custom", f"{LOCAL}/v1/chat/completions", []),
        ("custom", f"{LOCAL}/ask", []),
        ("custom", "http://agents.example/ask", ["https://agents.example/ask"]),
        ("custom", "http://[::1]:80/ask", []),
        ("custom", "http://host.local/ask", []),
        ("custom", "http://${env:HOST}/ask", []),
        ("custom", "${env:URL}", []),
        ("openai", "${env:URL}/v1", []),
        ("chaindesk", "https://app.chaindesk.ai/api/agent/1", []),
        (
            "gemini",
            "https://generativelanguage.googleapis.com/v1/models",
            ["https://generativelanguage.googleapis.com/v1beta/models/{model}:streamGenerateContent"],
        ),
        ("ollama", "http://127.0.0.1:11434", ["http://127.0.0.1:11434/api/chat"]),
    ],
)
def test_others(kind: str, url: str, others: list[str]) -> None:
    assert [other.url for other in other_urls(url, provider(kind))] == others


def test_a_title_shows_nothing_of_the_address_that_stands_there() -> None:
    url = "http://user:hunter22@agents.example//secret/v1/?key=hunter33"
    titles = [other.title for kind in ("openai", "custom") for other in other_urls(url, provider(kind))]
    assert len(titles) >= 5
    assert not any("hunter" in title or "secret" in title for title in titles)


def test_login_and_query_stay() -> None:
    others = other_urls("http://user:hunter22@agents.example/v1/?key=k", provider("openai"))
    assert others[0].url == "http://user:hunter22@agents.example/v1/chat/completions?key=k"


def test_with_and_without_tls() -> None:
    assert other_scheme("HTTPS://127.0.0.1:1/x") == OtherUrl("Begin url with http://", "http://127.0.0.1:1/x")
    assert other_scheme("http://127.0.0.1:1/x") == OtherUrl("Begin url with https://", "https://127.0.0.1:1/x")
    assert other_scheme("${env:URL}") is None
