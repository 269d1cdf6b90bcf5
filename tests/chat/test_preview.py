"""What a preview shows, and that its curl command sends exactly that."""

from __future__ import annotations

import asyncio
import json
import shlex
import subprocess
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman.agents.built_in import load_provider
from dragoman.agents.provider import ProviderDefinition
from dragoman.agents.reader import read_agent
from dragoman.chat.conversation import ContextBlock, Conversation, PastTurn, PromptContext, TurnInput
from dragoman.chat.errors import TurnFailedError
from dragoman.chat.preview import Preview, preview
from dragoman.chat.request import build_request
from http_agent import TEXT, HttpAgent, Reply

SECRET = "s3cr3t-value"


def turn(prompt: str = "hi", provider: str = "custom", **config: Any) -> TurnInput:
    definition = load_provider(provider)
    assert isinstance(definition, ProviderDefinition)
    agent = read_agent({"name": "a", "url": "http://127.0.0.1:9/chat", "provider": provider, **config})
    return TurnInput(agent, definition, prompt, Conversation("c", "s"))


def connector(request_format: dict[str, Any]) -> dict[str, Any]:
    return {"connector": {"requestFormat": json.dumps(request_format)}}


def headers(shown: Preview) -> dict[str, str]:
    return {name.lower(): value for name, value in shown.headers}


def read_curl(command: str) -> tuple[str, list[str], str]:
    """URL, headers and body of a command, as a shell would take it apart."""
    words = shlex.split(command)
    if words[0] == "printf":
        assert words[1] == "%s"
        assert words[3:5] == ["|", "curl"]
        assert words[-2:] == ["--data-binary", "@-"]
        body, words = words[2], words[4:-2]
    else:
        assert words[-2] == "--data-raw"
        body, words = words[-1], words[:-2]
    assert words[:4] == ["curl", "-N", "--compressed", "--globoff"]
    assert words[5::2] == ["-H"] * len(words[5::2])
    return words[4], words[6::2], body


@given(st.text(), st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=5))
def test_the_command_holds_exactly_what_is_shown(prompt: str, path: str) -> None:
    shown = preview(turn(prompt, url=f"http://h/{path}?q={path}[1]"))
    url, lines, body = read_curl(shown.curl)
    assert (url, body) == (shown.url, shown.body)
    assert lines == [f"{name}: {value}" if value else f"{name};" for name, value in shown.headers]
    assert json.loads(body)["messages"][-1]["content"] == prompt


@pytest.mark.parametrize("prompt", ["it's", 'a "b" \\ `c` $HOME ${env:HOME} !x', "é😀\n\t•••", "x" * 200_000, "\ud800"])
def test_the_request_is_the_one_that_is_sent(prompt: str) -> None:
    start = turn(prompt, url="http://127.0.0.1:9/p a?x={1}#f", **connector({"customHeaders": {"X-Empty": ""}}))
    shown, request = preview(start), build_request(start)
    assert (shown.url, shown.headers, shown.body) == (
        str(request.address.url),
        request.headers,
        request.body.decode(),
    )
    assert read_curl(shown.curl)[2] == shown.body


async def test_curl_sends_what_we_send(tmp_path: Any) -> None:
    config = connector({"customFields": {"k": "${env:DRAGOMAN_TEST}"}})
    auth = {"type": "Basic", "token": "user:${env:DRAGOMAN_TEST}"}
    for prompt in ('it\'s "$HOME" `id` \\n\n😀', "x" * 200_000):
        with HttpAgent(Reply(b"answer", headers=TEXT)) as http:
            shown = preview(
                turn(prompt, url="${env:DRAGOMAN_BASE}/chat?a[]={1}&n=${env:DRAGOMAN_TEST}", auth=auth, **config)
            )
            command = tmp_path / "command"
            command.write_text(shown.curl)
            environment = {"DRAGOMAN_TEST": SECRET, "DRAGOMAN_BASE": http.base, "PATH": "/usr/bin:/bin"}
            environment["DRAGOMAN_AUTHORIZATION"] = "user:"
            said = await asyncio.to_thread(
                subprocess.run, ["sh", command], env=environment, capture_output=True, check=True
            )
            assert said.stdout == b"answer"
        (asked,) = http.requests
        assert asked.json == {"messages": [{"role": "user", "content": prompt}], "k": SECRET}
        assert asked.headers["authorization"] == "Basic dXNlcjpzM2NyM3QtdmFsdWU="
        assert asked.target == f"/chat?a[]={{1}}&n={SECRET}"


def test_references_stay_and_reach_the_shell(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MY_KEY", SECRET)
    config = connector({"customHeaders": {"X-Key": "${env:MY_KEY}"}, "customFields": {"k": "a${env:MY_KEY}b"}})
    auth = {"type": "Bearer", "token": "${env:MY_KEY}"}
    shown = preview(turn("is ${env:MY_KEY} set?", url="https://h/${env:MY_KEY}?v=${env:MY_KEY}", auth=auth, **config))
    assert shown.url == "https://h/${env:MY_KEY}?v=${env:MY_KEY}"
    assert headers(shown)["authorization"] == "Bearer ${env:MY_KEY}"
    assert headers(shown)["x-key"] == "${env:MY_KEY}"
    assert json.loads(shown.body)["k"] == "a${env:MY_KEY}b"
    url, lines, body = read_curl(shown.curl)
    assert url == "https://h/$MY_KEY?v=$MY_KEY"
    assert {"Authorization: Bearer $MY_KEY", "X-Key: $MY_KEY"} <= {*lines}
    assert json.loads(body) == {"messages": [{"role": "user", "content": "is ${env:MY_KEY} set?"}], "k": "a$MY_KEYb"}
    assert SECRET not in repr(shown)


@pytest.mark.parametrize(
    ("config", "url", "command_url"),
    [
        ("${env:BASE}/chat?x=1", "${env:BASE}/chat?x=1", "$BASE/chat?x=1"),
        ("${env:BASE}", "${env:BASE}", "$BASE"),
        ("http://127.0.0.1:${env:PORT}/chat", "http://127.0.0.1:${env:PORT}/chat", "http://127.0.0.1:$PORT/chat"),
        ("https://${env:HOST}.example/", "https://${env:HOST}.example/", "https://$HOST.example/"),
        ("http://h/${keyring:my svc/me}", "http://h/${keyring:my svc/me}", "http://h/$DRAGOMAN_MY_SVC_ME"),
        ("http://h/${env:A-B}", "http://h/${env:A-B}", "http://h/$DRAGOMAN_A_B"),
        ("http://me:pass@h/", "http://h/", "http://h/"),
        (f"http://h/?api_key={SECRET}&q=1", "http://h/?api_key=•••&q=1", "http://h/?api_key=$DRAGOMAN_API_KEY&q=1"),
        (f"http://h/?key=x{SECRET}${{env:K}}", "http://h/?key=•••${env:K}", "http://h/?key=$DRAGOMAN_KEY$K"),
    ],
)
def test_urls(config: str, url: str, command_url: str) -> None:
    shown = preview(turn(url=config))
    assert shown.url == url
    assert read_curl(shown.curl)[0] == command_url


@pytest.mark.parametrize("secret", [SECRET, "abc"])
@pytest.mark.parametrize(
    ("auth", "name", "value"),
    [
        ({"type": "Bearer"}, "authorization", "Bearer •••"),
        ({"type": "Basic"}, "authorization", "Basic •••"),
        ({"type": "ApiKey", "header": "X-Pass"}, "x-pass", "•••"),
    ],
)
def test_a_token_in_the_file_is_not_shown(auth: dict[str, str], name: str, value: str, secret: str) -> None:
    token = f"u:{secret}" if auth["type"] == "Basic" else secret
    shown = preview(turn(auth={**auth, "token": token}))
    assert headers(shown)[name] == value
    (line,) = [line for line in read_curl(shown.curl)[1] if line.lower().startswith(f"{name}: ")]
    assert line.endswith(value.replace("•••", "$DRAGOMAN_" + name.upper().replace("-", "_")))
    assert secret not in repr(shown)


def test_what_else_is_hidden() -> None:
    config = connector({"customHeaders": {"Cookie": f"id={SECRET}", "X-Api-Key": "Bearer 1"}})
    shown = preview(turn(f"I am {SECRET}-pass", url=f"http://me:{SECRET}-pass@h/", **config))
    assert (headers(shown)["cookie"], headers(shown)["x-api-key"]) == ("•••", "Bearer •••")
    assert headers(shown)["authorization"] == "Basic •••"
    assert json.loads(shown.body)["messages"][0]["content"] == "I am •••"
    assert SECRET not in repr(shown)


def test_credentials_in_the_body_are_hidden() -> None:
    fields = {"q": "$content", "api_key": SECRET, "deep": [{"password": f"p{SECRET}${{env:P}}"}], "token": "$sessionId"}
    shown = preview(turn(f"not {SECRET}", **connector({"fields": {**fields, "max_tokens": "1000000"}})))
    assert json.loads(shown.body) == {
        "q": "not •••",
        "api_key": "•••",
        "deep": [{"password": "•••${env:P}"}],
        "token": "s",
        "max_tokens": "1000000",
    }
    assert json.loads(read_curl(shown.curl)[2])["deep"] == [{"password": "$DRAGOMAN_SECRET$P"}]


def test_a_login_of_references_is_encoded_by_curl() -> None:
    shown = preview(turn(url="http://${env:NAME}:${env:PASS}@h/"))
    assert (shown.url, headers(shown)["authorization"]) == ("http://h/", "Basic ${env:NAME}:${env:PASS}")
    words = shlex.split(shown.curl)
    assert words[words.index("--user") + 1] == "$NAME:$PASS"


def test_a_login_that_is_encoded_already_stays_a_header() -> None:
    shown = preview(turn(**connector({"customHeaders": {"Authorization": "Basic ${env:LOGIN}"}})))
    assert "Authorization: Basic $LOGIN" in read_curl(shown.curl)[1]


def test_the_conversation_and_the_context_are_in_it() -> None:
    start = turn("now")
    context = PromptContext(blocks=(ContextBlock("x:\n\n```\n1\n```"),))
    past = Conversation("c", "s", PastTurn("before", "was", agent="b"))
    shown = preview(TurnInput(start.agent, start.provider, "now", past, context))
    assert [one["content"] for one in json.loads(shown.body)["messages"]] == [
        "before",
        "was",
        "now\n\nx:\n\n```\n1\n```",
    ]


@pytest.mark.parametrize("url", ["ftp://h/", "http://169.254.1.1/", "http://h:99999/"])
def test_what_cannot_be_asked_fails_alike(url: str) -> None:
    with pytest.raises(TurnFailedError):
        preview(turn(url=url))
