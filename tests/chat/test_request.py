"""What reaches the agent: every test looks at a request that went over a real connection."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from chat_turns import Told, ask, consume, start
from dragoman.agents.reader import read_agent
from dragoman.chat.conversation import PromptContext
from dragoman.chat.events import ErrorCode
from dragoman.chat.request import Timeouts
from dragoman.chat.sessions import Sessions
from http_agent import TEXT, Asked, HttpAgent, Reply

ANSWER = Reply(b"ok", headers=TEXT)
NASTY = 'say "it" \\ C:\\tmp\n$1 ${env:HOME} $content \u2028 😀\ud800 end '


async def sent(config: dict[str, Any] | None = None, prompt: str = "hi", **more: Any) -> Asked:
    with HttpAgent(ANSWER) as http:
        sessions = Sessions()
        told = await consume(start(sessions, http, config, prompt, **more))
        await sessions.aclose()
        assert told.outcome.error is None
        return http.requests[0]


async def refused(config: dict[str, Any]) -> Told:
    """An agent that is not asked."""
    with HttpAgent(ANSWER) as http:
        told = await ask(http, config)
        assert http.requests == []
    assert told.outcome.error is not None
    assert told.outcome.error.code is ErrorCode.CONFIG
    return told


def connector(request_format: dict[str, Any]) -> dict[str, Any]:
    return {"connector": {"requestFormat": json.dumps(request_format)}}


async def test_without_connector_the_messages_are_sent() -> None:
    asked = await sent(prompt="  hi\n")
    assert (asked.method, asked.path) == ("POST", "/chat")
    assert asked.json == {"messages": [{"role": "user", "content": "  hi\n"}]}
    assert asked.headers["content-type"] == "application/json"
    assert {"text/event-stream", "application/x-ndjson"} <= {*asked.headers["accept"].split(", ")}


async def test_the_system_prompt_comes_first() -> None:
    asked = await sent({"system": "Be brief."})
    assert asked.json["messages"] == [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "hi"}]


async def test_custom_fields_and_message_keys() -> None:
    request_format = {
        "customFields": {"model": "m", "messages": "ignored", "deep": [{"lang": "$language"}]},
        "messageKeys": {"role": "from", "content": "text"},
    }
    context = PromptContext(language="python")
    asked = await sent({"system": "s", **connector(request_format)}, context=context)
    messages = [{"from": "system", "text": "s"}, {"from": "user", "text": "hi"}]
    assert asked.json == {"messages": messages, "model": "m", "deep": [{"lang": "python"}]}


async def test_fields_are_the_whole_body_at_any_depth_with_any_prompt() -> None:
    fields = {"a": [{"b": [{"c": ["$content", "<$content>"]}]}], "file": "$fileName:$filePath", "sel": "$selection"}
    asked = await sent(connector({"fields": fields, "customFields": {"x": 1}}), prompt=NASTY)
    assert asked.json == {"a": [{"b": [{"c": [NASTY, f"<{NASTY}>"]}]}], "file": ":", "sel": ""}


async def test_empty_fields_are_an_empty_body() -> None:
    assert (await sent(connector({"fields": {}}))).json == {}


@pytest.mark.parametrize(
    ("auth", "name", "value"),
    [
        ({"type": "Bearer", "token": "t-1"}, "authorization", "Bearer t-1"),
        ({"type": "ApiKey", "token": "t-1"}, "x-api-key", "t-1"),
        ({"type": "ApiKey", "token": "t-1", "header": "api-key"}, "api-key", "t-1"),
        (
            {"type": "Basic", "token": "user:pä"},
            "authorization",
            "Basic " + base64.b64encode("user:pä".encode()).decode(),
        ),
    ],
)
async def test_the_token_travels_as_auth_says(auth: dict[str, str], name: str, value: str) -> None:
    assert (await sent({"auth": auth})).headers[name] == value


async def test_custom_headers_win_over_ours_but_not_over_the_connection() -> None:
    headers = {
        "AUTHORIZATION": "Token x",
        "accept": "text/plain",
        "Host": "evil.test",
        "Content-Length": "1",
        "X-A": "é",
    }
    asked = await sent({"auth": {"type": "Bearer", "token": "t"}, **connector({"customHeaders": headers})})
    assert (asked.headers["authorization"], asked.headers["accept"]) == ("Token x", "text/plain")
    assert asked.headers["host"].startswith("127.0.0.1")
    assert asked.json["messages"]
    assert asked.headers["x-a"].encode("latin-1").decode() == "é"


async def test_references_are_resolved_everywhere_but_in_the_prompt(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"T": "tok-123456", "H": "head-123456", "F": "$content", "Q": "q1"}.items():
        monkeypatch.setenv(name, value)
    request_format = {"customHeaders": {"X-H": "${env:H}"}, "fields": {"f": "${env:F}!", "p": "$content"}}
    with HttpAgent(ANSWER) as http:
        config = {"auth": {"type": "Bearer", "token": "${env:T}"}, **connector(request_format)}
        await ask(f"{http.url}?q=${{env:Q}}", config, prompt="${env:T}")
        asked = http.requests[0]
    assert asked.headers["authorization"] == "Bearer tok-123456"
    assert asked.headers["x-h"] == "head-123456"
    assert asked.query == {"q": "q1"}
    assert asked.json == {"f": "$content!", "p": "${env:T}"}


@pytest.mark.parametrize(
    ("config", "key"),
    [
        ({"url": "http://127.0.0.1/${env:UNSET_1}"}, "url"),
        ({"auth": {"type": "Bearer", "token": "${env:UNSET_1}"}}, "auth.token"),
        (connector({"fields": {"a": "${env:UNSET_1}"}}), "connector.requestFormat"),
        (connector({"customHeaders": {"a": "${env:UNSET_1}"}}), "connector.requestFormat"),
        ({"provider": "chaindesk", "parameters": {"modelName": "${env:UNSET_1}"}}, "parameters"),
    ],
)
async def test_an_unset_variable_names_itself_and_its_key(config: dict[str, Any], key: str) -> None:
    error = (await refused(config)).outcome.error
    assert error is not None
    assert "UNSET_1" in error.message
    assert key in error.message
    assert ".".join(error.blame) == key


@pytest.mark.parametrize(
    "config",
    [
        {"auth": {"type": "Bearer", "token": "tok\r\nX-Evil: 1"}},
        {"auth": {"type": "ApiKey", "token": "t", "header": "a b"}},
        connector({"customHeaders": {"X-A": "1\nX-Evil: 1"}}),
        connector({"customHeaders": {"X A": "1"}}),
    ],
)
async def test_a_header_cannot_be_smuggled_in(config: dict[str, Any]) -> None:
    error = (await refused(config)).outcome.error
    assert error is not None
    assert "Evil" not in error.message


@pytest.mark.parametrize(
    "url",
    [
        "http://", "http:///x", "://x", "http://[::1", "http://a b/", "ftp://x/", "javascript:alert(1)", "file:///etc/passwd",
        "http://127.0.0.1:99999/", "http://x.invalid:0/", "", "x", "http://169.254.169.254/latest", "http://[fe80::1]/",
        "http://2852039166/", "http://0xa9fea9fe/", "http://[::ffff:169.254.169.254]/", "http://\u0000/", "http://a..b/\ud800",
    ],
)  # fmt: skip
async def test_a_url_that_is_not_asked(url: str) -> None:
    error = (await ask(url)).outcome.error
    assert error is not None
    assert (error.code, error.blame) == (ErrorCode.CONFIG, ("url",))


async def test_a_login_in_the_url_becomes_a_header() -> None:
    with HttpAgent(ANSWER) as http:
        await ask(http.url.replace("//", "//me:p%40ss@"))
        expected = "Basic " + base64.b64encode(b"me:p@ss").decode()
        assert http.requests[0].headers["authorization"] == expected


def test_default_timeout_sets_all_three() -> None:
    agent = read_agent({"name": "a", "url": "http://x"})
    assert Timeouts.of(agent) == Timeouts(10, 60, 120)
    assert Timeouts.of(read_agent({"name": "a", "url": "http://x", "defaultTimeout": 3})) == Timeouts(3, 3, 3)
