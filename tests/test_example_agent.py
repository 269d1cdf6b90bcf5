"""The example agent over real sockets, read with nothing of our own."""

import http.client
import json
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman.example_agent.answers import tokens, wish_in
from dragoman.example_agent.server import TOKEN

COMPLETIONS = "/v1/chat/completions"
BOT = "/v3/chat"
AGENT = "/api/agents/librarian/query"


@contextmanager
def running(*arguments: str) -> Iterator[str]:
    command = [sys.executable, "-m", "dragoman", "example-agent", "--delay", "0", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline().strip()
            assert line.startswith("example agent on http://127.0.0.1:")
            yield line.removeprefix("example agent on ")
        finally:
            process.terminate()


@pytest.fixture(scope="module")
def agent() -> Iterator[str]:
    with running("--port", "0") as url:
        yield url


def call(url: str, path: str, body: object = None, method: str = "POST", **headers: str) -> tuple[int, str, str]:
    """Status, content type and body of the reply; `body` is sent as JSON unless it is bytes."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=10)
    try:
        sent = body if isinstance(body, bytes) else json.dumps(body).encode()
        connection.request(method, path, sent, headers)
        response = connection.getresponse()
        return response.status, response.headers.get("Content-Type", ""), response.read().decode()
    finally:
        connection.close()


def events(body: str) -> list[tuple[str, str]]:
    """Name and data of each event, for streams with one data line an event."""
    found = []
    for block in body.removesuffix("\n\n").split("\n\n"):
        fields = dict(line.split(":", 1) for line in block.split("\n"))
        found.append((fields.get("event", "").strip(), fields["data"].removeprefix(" ")))
    return found


def messages(*prompts: str) -> list[dict[str, str]]:
    return [{"role": "user", "content": prompt} for prompt in prompts]


def bot_body(prompt: str) -> dict[str, object]:
    return {"bot_id": "7", "user_id": "u", "stream": True, "additional_messages": messages(prompt)}


def body_for(path: str, prompt: str) -> dict[str, object]:
    return {
        COMPLETIONS: {"messages": messages(prompt), "stream": True},
        BOT: bot_body(prompt),
        AGENT: {"query": prompt, "streaming": True},
    }[path]


def test_completions_stream(agent: str):
    body = {"messages": messages("one", "what is two?"), "stream": True, "model": "m"}
    status, content_type, text = call(agent, COMPLETIONS, body)
    assert (status, content_type) == (200, "text/event-stream")
    *chunks, done = [data for _, data in events(text)]
    first, *deltas, last, usage = map(json.loads, chunks)
    assert done == "[DONE]"
    assert first["choices"][0]["delta"] == {"role": "assistant", "content": ""}
    assert last["choices"][0] == {"index": 0, "delta": {}, "finish_reason": "stop"}
    assert usage["choices"] == []
    assert usage["usage"]["completion_tokens"] == len(deltas) > 10
    assert {chunk["model"] for chunk in (first, *deltas, last, usage)} == {"m"}
    answer = "".join(delta["choices"][0]["delta"]["content"] for delta in deltas)
    assert "> what is two?" in answer
    assert "turn 2" in answer
    assert answer.count("```") == 2


def test_the_example_that_autodev_prints_has_an_answer(agent: str):
    body = {"messages": messages("Which endpoint lists accounts?"), "model": "yi-34b-chat", "stream": True}
    status, type_, text = call(agent, "/api/agent/api-market", body, Authorization="Bearer eyJhbGci")
    assert (status, type_) == (200, "text/event-stream")
    assert events(text)[-1][1] == "[DONE]"


def test_completion_in_one_document(agent: str):
    status, content_type, text = call(agent, COMPLETIONS, {"messages": messages("hello")})
    assert (status, content_type) == (200, "application/json; charset=utf-8")
    choice = json.loads(text)["choices"][0]
    assert choice["finish_reason"] == "stop"
    assert "$.choices[0].message.content" in choice["message"]["content"]


def test_bot_sends_the_events_of_a_v3_chat(agent: str):
    status, _, text = call(agent, BOT, bot_body("哪个函数? 🦜"))
    assert status == 200
    assert "event: " not in text
    assert "data: " not in text
    names = [name for name, _ in events(text)]
    assert list(dict.fromkeys(names)) == [
        "conversation.chat.created",
        "conversation.chat.in_progress",
        "conversation.message.delta",
        "conversation.message.completed",
        "conversation.chat.completed",
        "done",
    ]
    assert events(text)[-1] == ("done", '"[DONE]"')
    states = [json.loads(data) for name, data in events(text) if name.startswith("conversation.message")]
    deltas = [state["content"] for state in states if state["type"] == "answer" and "created_at" not in state]
    repeated = [state["content"] for state in states if state["type"] == "answer" and "created_at" in state]
    assert ["".join(deltas)] == repeated
    assert "> 哪个函数? 🦜" in repeated[0]
    assert [state["type"] for state in states][-3:] == ["answer", "follow_up", "verbose"]


def test_bot_continues_the_conversation_of_the_query(agent: str):
    _, _, first = call(agent, BOT, bot_body("first"))
    conversation = json.loads(events(first)[0][1])["conversation_id"]
    _, _, second = call(agent, f"{BOT}?conversation_id={conversation}", bot_body("second"))
    _, _, other = call(agent, BOT, bot_body("other"))
    assert "turn 2 of" in second
    assert json.loads(events(second)[0][1])["conversation_id"] == conversation
    assert "turn 1 of" in other


def test_chaindesk_stream_is_percent_encoded(agent: str):
    status, content_type, text = call(agent, AGENT, {"query": "100% safe? 🦜\nyes", "streaming": True})
    assert (status, content_type) == (200, "text/event-stream")
    *answers, response, done = events(text)
    assert done == ("", "[DONE]")
    assert text.endswith("event: \ndata: [DONE]\n\n")
    assert {name for name, _ in answers} == {"answer"}
    assert all(re.fullmatch(r"[A-Za-z0-9!'()*._~%-]+", data) for _, data in (*answers, response))
    whole = json.loads(unquote(response[1]))
    assert whole["answer"] == "".join(unquote(data) for _, data in answers)
    assert "> 100% safe? 🦜\n> yes\n" in whole["answer"]
    assert whole["sources"][0]["source_url"] == f"{agent}/"
    assert whole["messageId"]


def test_chaindesk_remembers_the_conversation(agent: str):
    _, _, text = call(agent, AGENT, {"query": "first"})
    first = json.loads(text)
    known = {key: first[key] for key in ("conversationId", "visitorId")}
    second = json.loads(call(agent, AGENT, {"query": "second", **known})[2])
    assert "turn 1 of" in first["answer"]
    assert "turn 2 of" in second["answer"]
    assert {key: second[key] for key in known} == known


@pytest.mark.parametrize("path", [COMPLETIONS, BOT, AGENT])
def test_tokens(agent: str, path: str):
    def status(**headers: str) -> int:
        return call(agent, path, body_for(path, "hi"), **headers)[0]

    assert status() == 200
    assert status(Authorization=f"Bearer {TOKEN}") == 200
    assert status(Authorization="Bearer wrong") == 401
    assert status(Authorization=f"Basic {TOKEN}") == 401


FAILURES = [
    (COMPLETIONS, lambda body: json.loads(body)["error"]["message"]),
    (BOT, lambda body: json.loads(body)["msg"]),
    (AGENT, lambda body: events(body)[0][1]),
]


@pytest.mark.parametrize(("path", "message_in"), FAILURES)
def test_errors_on_demand_come_in_the_agents_own_words(agent: str, path: str, message_in):
    status, _, text = call(agent, path, body_for(path, "Please FAIL now"))
    assert status == 500
    assert message_in(text)
    status, _, text = call(agent, path, body_for(path, "the usage limit"))
    assert status == 402
    assert re.search("usage.limit", message_in(text), re.IGNORECASE)


def test_a_spent_chaindesk_quota_is_an_event_or_a_document(agent: str):
    streamed = call(agent, AGENT, {"query": "usage limit", "streaming": True})
    assert streamed == (402, "", "data: [ERROR]USAGE_LIMIT\n\n")
    assert call(agent, AGENT, {"query": "usage limit"})[2] == '{"error":"USAGE_LIMIT"}'


def test_failing_halfway_ends_the_stream_with_an_error_event(agent: str):
    prompt = "please fail halfway"
    completions = events(call(agent, COMPLETIONS, body_for(COMPLETIONS, prompt))[2])
    assert json.loads(completions[-1][1])["error"]["message"]
    assert len(completions) > 5
    bot = events(call(agent, BOT, body_for(BOT, prompt))[2])
    assert bot[-2][0] == "conversation.chat.failed"
    assert json.loads(bot[-2][1])["last_error"]["code"] == 5000
    assert events(call(agent, AGENT, body_for(AGENT, prompt))[2])[-1][1].startswith("[ERROR]")


@pytest.mark.parametrize("path", [COMPLETIONS, BOT, AGENT])
def test_a_cut_leaves_the_body_unfinished(agent: str, path: str):
    with pytest.raises(http.client.IncompleteRead) as cut:
        call(agent, path, body_for(path, "please cut"))
    assert len(cut.value.partial) > 100


BAD_BODIES = [
    b"",
    b"{",
    b"[]",
    b"[" * 100_000,
    b"9" * 5_000,
    b"\xff",
    b"{}",
    b'{"messages": []}',
    b'{"messages": [1]}',
    b'{"messages": [{"role": "user", "content": 5}]}',
    b'{"query": 1}',
    b'{"additional_messages": {}, "bot_id": "b", "user_id": "u"}',
    b'{"additional_messages": [{"content": "hi"}], "bot_id": "b", "user_id": "u"}',
]


@pytest.mark.parametrize("path", [COMPLETIONS, BOT, AGENT])
@pytest.mark.parametrize("body", BAD_BODIES, ids=lambda body: body[:20].decode("latin-1"))
def test_bad_bodies_get_400_and_json(agent: str, path: str, body: bytes):
    status, _, text = call(agent, path, body)
    assert status == 400
    assert isinstance(json.loads(text), dict)


def test_other_places_and_methods(agent: str):
    status, content_type, text = call(agent, "/", method="GET")
    assert (status, content_type) == (200, "text/plain; charset=utf-8")
    assert all(word in text for word in (COMPLETIONS, BOT, "/api/agents/", "please cut"))
    assert call(agent, "/nowhere", {})[0] == 404
    assert call(agent, COMPLETIONS, method="GET")[0] == 405


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"hello\r\n\r\n", 400),
        (b"GET //[ HTTP/1.1\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nno header\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\nshort", 400),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", 411),
        (b"POST / HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n", 413),
        (b"GET / HTTP/1.1\r\nX: " + b"x" * 200_000, 431),
        (b"GET /", 400),
    ],
)
def test_requests_that_are_none(agent: str, sent: bytes, status: int):
    address = urlsplit(agent)
    with socket.create_connection((address.hostname, address.port), timeout=10) as connection:
        connection.sendall(sent)
        connection.shutdown(socket.SHUT_WR)
        with connection.makefile("rb") as reply:
            text = reply.read()
    assert text.startswith(b"HTTP/1.1 %d " % status)


def test_a_big_body_is_refused_without_being_lost(agent: str):
    status, _, text = call(agent, COMPLETIONS, b" " * 5_000_000)
    assert status == 413
    assert "1048576" in text


def test_half_of_a_surrogate_pair_in_the_prompt(agent: str):
    for path in (COMPLETIONS, BOT, AGENT):
        assert call(agent, path, body_for(path, "\ud83e"))[0] == 200


def test_a_taken_port_is_passed_over(agent: str):
    port = urlsplit(agent).port
    assert port is not None
    with running("--port", str(port)) as url:
        assert port < (urlsplit(url).port or 0) <= port + 20
        assert call(url, "/", method="GET")[0] == 200


@pytest.mark.parametrize("arguments", [["--port", "65536"], ["--port", "x"], ["--delay", "-1"], ["--delay", "nan"]])
def test_arguments_that_make_no_sense(arguments: list[str]):
    command = [sys.executable, "-m", "dragoman", "example-agent", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=20)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_an_address_that_is_not_ours():
    command = [sys.executable, "-m", "dragoman", "example-agent", "--host", "192.0.2.1"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=20)
    assert done.returncode == 1
    assert done.stderr.startswith("dragoman: cannot listen on 192.0.2.1: ")


def test_an_interrupt_ends_it_cleanly_even_while_it_answers():
    command = [sys.executable, "-m", "dragoman", "example-agent", "--port", "0", "--delay", "60"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True) as process:
        assert process.stdout is not None
        address = urlsplit(process.stdout.readline().strip().removeprefix("example agent on "))
        connection = http.client.HTTPConnection(address.netloc, timeout=10)
        connection.request("POST", AGENT, json.dumps(body_for(AGENT, "hi")))
        with connection.getresponse() as response:
            assert response.readline() == b"event: answer\n"
            process.send_signal(signal.SIGINT)
            _, errors = process.communicate(timeout=20)
        connection.close()
    assert (process.returncode, errors) == (0, "")


@given(st.text())
def test_tokens_joined_are_the_text(text: str):
    assert "".join(tokens(text)) == text


@pytest.mark.parametrize("prompt", ["cut the list in two", "why does this fail?", "a slow query", ""])
def test_ordinary_prompts_are_answered_as_usual(prompt: str):
    assert wish_in(prompt) is None
