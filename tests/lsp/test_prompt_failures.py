"""Whatever the agent or the network does: one clear sentence, the text so far, and a server that goes on."""

from __future__ import annotations

import json
import socket
from dataclasses import dataclass, field
from typing import Any

import pytest

from http_agent import JSON, HttpAgent, Reply
from lsp_session import Editor, between

pytestmark = pytest.mark.asyncio(loop_scope="module")

DELTA = b'data: {"choices":[{"delta":{"content":"so far"}}]}\n\n'
HTML = {"Content-Type": "text/html"}
URL, TOKEN = between(3, 4, 3, 9), between(6, 6, 6, 13)
REQUEST_FORMAT, RESPONSE_FORMAT = between(9, 6, 9, 21), between(10, 6, 10, 22)


@dataclass(frozen=True)
class Failing:
    """What the agent does, and what is said of it. `where` is the key to blame."""

    reply: Reply
    code: str
    says: str = ""
    text: str = ""
    where: dict[str, Any] | None = None
    more: dict[str, Any] = field(default_factory=dict)


CASES = {
    "401": Failing(
        Reply(b'{"error":{"message":"bad key"}}', 401, JSON), "auth", "bad key", where=TOKEN, more={"httpStatus": 401}
    ),
    "402": Failing(Reply(b'{"error":"USAGE_LIMIT"}', 402, JSON), "usage_limit", "USAGE_LIMIT"),
    "403": Failing(Reply(b"no", 403), "forbidden", where=TOKEN),
    "404": Failing(Reply(b"", 404), "not_found", where=URL),
    "407": Failing(Reply(b"", 407), "proxy"),
    "408": Failing(Reply(b"", 408), "timeout", where=URL),
    "422": Failing(
        Reply(b'{"detail":"messages missing"}', 422, JSON), "http", "messages missing", where=REQUEST_FORMAT
    ),
    "429": Failing(
        Reply(b"", 429, {"Retry-After": "90"}), "rate_limited", "90 s", more={"httpStatus": 429, "retryAfterMs": 90000}
    ),
    "500": Failing(
        Reply(b'{"message":"stack overflow"}', 500, JSON), "http", "stack overflow", more={"httpStatus": 500}
    ),
    "504": Failing(Reply(b"", 504), "timeout"),
    "HTML for an error": Failing(Reply(b"<html><title>Down</title><p>x</p></html>", 500, HTML), "http", "Down"),
    "HTML for an answer": Failing(Reply(b"<html><p>Log in</p></html>", headers=HTML), "bad_stream"),
    "broken JSON": Failing(Reply(b'{"answer": ', headers=JSON), "bad_stream"),
    "no JSON at all": Failing(Reply(b"answer", headers=JSON), "bad_stream"),
    "nothing": Failing(Reply(b"", headers=JSON), "bad_stream", "empty answer"),
    "another shape": Failing(
        Reply(b'{"answer":"x"}', headers=JSON), "no_match", "$.choices[0].delta.content", where=RESPONSE_FORMAT
    ),
    "an error in the stream": Failing(
        Reply(DELTA + b'event: error\ndata: {"message":"quota"}\n\n'), "agent_error", "quota", "so far"
    ),
    "a reset": Failing(Reply(DELTA, end="abort"), "network", "broke off", "so far"),
    "a missing end": Failing(Reply(DELTA, end="cut"), "network", "broke off", "so far"),
    "half an event": Failing(Reply(DELTA + b'data: {"choi', end="close"), "network", "broke off", "so far"),
    "no HTTP": Failing(Reply(raw=b"SSH-2.0-OpenSSH\r\n"), "network"),
    "a closed connection": Failing(Reply(raw=b""), "network"),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
async def test_an_agent_that_fails(editor: Editor, case: Failing) -> None:
    with HttpAgent(case.reply) as http:
        uri = open_agent(editor, http.url)
        answer = await editor.prompt("a")
    result, error = answer.result, answer.result["error"]
    assert error["code"] == case.code
    assert result["stopReason"] == ("timeout" if case.code == "timeout" else "error")
    assert case.says in error["message"]
    assert is_one_clear_text(error["message"])
    assert (answer.text, result["textLength"]) == (case.text, len(case.text))
    assert result["incomplete"] or not case.text
    assert case.more.items() <= error.items()
    if case.where is not None:
        assert error["location"] == {"uri": uri, "range": case.where}
    # The server goes on.
    with HttpAgent(Reply(DELTA)) as http:
        editor.change(uri, json.dumps({"name": "a", "url": http.url}))
        assert (await editor.prompt("a")).text == "so far"


def is_one_clear_text(message: str) -> bool:
    """Names the agent, begins as a sentence and ends as one, shows no innards."""
    innards = ("Traceback", "Error(", "httpx", "Exception", "\n", "<html")
    return message.startswith("Agent “a” ") and message[-1] in ".!?" and not any(word in message for word in innards)


async def test_nobody_listens(editor: Editor) -> None:
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    uri = open_agent(editor, f"http://127.0.0.1:{port}/")
    result = (await editor.prompt("a")).result
    assert (result["stopReason"], result["error"]["code"]) == ("error", "network")
    assert is_one_clear_text(result["error"]["message"])
    assert result["error"]["location"] == {"uri": uri, "range": URL}


async def test_an_agent_that_says_nothing(editor: Editor) -> None:
    with HttpAgent(Reply(raw=b"", end="hold")) as http:
        editor.open_agents({"name": "a", "url": http.url, "defaultTimeout": 0.2})
        result = (await editor.prompt("a")).result
    assert (result["stopReason"], result["error"]["code"]) == ("timeout", "timeout")


async def test_an_agent_that_stalls(editor: Editor) -> None:
    with HttpAgent(Reply(DELTA, end="hold")) as http:
        editor.open_agents({"name": "a", "url": http.url, "defaultTimeout": 0.2})
        result = (await editor.prompt("a")).result
    assert (result["stopReason"], result["error"]["code"], result["incomplete"]) == ("timeout", "timeout", True)


async def test_a_failed_turn_is_left_out_of_the_next(editor: Editor) -> None:
    with HttpAgent(Reply(b"", 500), Reply(DELTA)) as http:
        editor.open_agents({"name": "a", "url": http.url})
        await editor.prompt("a", "one", conversationId="c")
        await editor.prompt("a", "two", conversationId="c")
    assert http.requests[-1].json["messages"] == [{"role": "user", "content": "two"}]


def open_agent(editor: Editor, url: str) -> str:
    connector = {"requestFormat": "", "responseFormat": "$.choices[0].delta.content"}
    auth = {"type": "Bearer", "token": "${env:HOME}"}
    return editor.open_agents({"name": "a", "url": url, "auth": auth, "connector": connector})
