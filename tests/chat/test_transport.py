"""The words for what goes wrong and the way of a request, on real sockets. The table of faults is in test_faults.py."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import pytest

from chat_turns import Told, ask, consume, start
from dragoman.chat.events import ErrorCode, Status, TextDelta
from dragoman.chat.sessions import Sessions
from dragoman.chat.transport import exchange
from http_agent import TEXT, HttpAgent, Reply

TOKEN = {"auth": {"type": "Bearer", "token": "top-secret-token"}}
HELLO = b'data: {"v": "Hello"}\n\n'
PATH = {"connector": {"responseFormat": "$.v"}}
GOOD = Reply(HELLO)
RAW_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchange, "_PAUSES", (0.0, 0.0))


async def play(*replies: Reply, **config: Any) -> Told:
    with HttpAgent(*replies) as http:
        return await ask(http, {**PATH, **config})


def check(told: Told, code: ErrorCode, *words: str, text: str = "") -> None:
    error = told.outcome.error
    assert error is not None
    assert (error.code, told.outcome.text) == (code, text)
    assert "“a”" in error.message
    for word in words:
        assert word in error.message


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b'{"detail": [{"loc": ["body", "q"], "msg": "missing"}, {"msg": "bad"}]}', "body.q: missing; bad"),
        (b'{"msg": "m"}', "m"),
        (b"data: [ERROR]USAGE_LIMIT\n\n", "USAGE_LIMIT"),
        (b"<html><head><title>Bad &amp;\n Gateway</title></head><body>x</body>", "Bad & Gateway"),
        (b"plain \x1b[31mred\x07 words", "plain  [31mred  words"),
        (b"x" * 5000, "x" * 600 + "…"),
        (b"you sent top-secret-token", "you sent •••"),
        (b"one\r\ntwo", "one \ntwo"),
        (b'{"error": {}}', '{"error": {}}'),
        (b"data: %5BERROR%5DUSAGE_LIMIT\n\n", "USAGE_LIMIT"),
        (b"\x89PNG\0\1", None),
        (b"{}", None),
    ],
)
async def test_the_human_part_of_an_errors_body(body: bytes, said: str | None) -> None:
    told = await play(Reply(body, 500), **TOKEN)
    assert told.outcome.error is not None
    assert (told.outcome.error.http_status, told.outcome.error.agent_message) == (500, said)
    assert "\n" not in told.outcome.error.message
    assert told.outcome.timings.first_byte_ms is not None


async def test_a_key_in_the_url_is_not_told() -> None:
    with HttpAgent(Reply(b"no key sesame-8f1b/x or sesame-8f1b%2Fx", 401)) as http:
        told = await ask(f"{http.url}?v=2&api_key=sesame-8f1b%2Fx", PATH)
    check(told, ErrorCode.AUTH, "no key ••• or •••")


@pytest.mark.parametrize("status", [502, 503])
async def test_a_gateway_is_asked_again(status: int) -> None:
    with HttpAgent(Reply(b"", status), Reply(b"", status), GOOD) as http:
        told = await ask(http, PATH)
        assert len(http.requests) == 3
    assert told.outcome.text == "Hello"
    assert [event.detail for event in told.of(Status) if event.phase == "retrying"] == [f"HTTP {status}"] * 2


@pytest.mark.parametrize(("wait", "requests"), [("0", 2), ("999999999", 1), ("", 1)])
async def test_too_many_requests_waits_only_as_asked(wait: str, requests: int) -> None:
    with HttpAgent(Reply(b"", 429, {"Retry-After": wait}), GOOD) as http:
        error = (await ask(http, PATH)).outcome.error
        assert len(http.requests) == requests
    assert (None if error is None else error.retry_after_ms) == (999999999000 if wait == "999999999" else None)


async def test_a_redirect_goes_where_it_says() -> None:
    with HttpAgent(Reply(b"", 303, {"Location": "/other?x=1"}), GOOD) as http:
        assert (await ask(http, PATH)).outcome.text == "Hello"
    assert (http.requests[1].path, http.requests[1].query) == ("/other", {"x": "1"})


@pytest.mark.parametrize("location", ["http://[::1", "//other.test/"])
async def test_a_redirect_that_leads_nowhere(location: str) -> None:
    check(await play(Reply(b"", 302, {"Location": location})), ErrorCode.HTTP, "redirects")


async def test_an_event_that_lacks_its_end_was_cut_unless_it_is_whole() -> None:
    check(await play(Reply(HELLO + b'data: {"v": "x')), ErrorCode.NETWORK, text="Hello")
    assert (await play(Reply(HELLO + b'data: {"v": "!"}'))).outcome.text == "Hello!"
    assert (await play(Reply(HELLO + b"data: [DONE]", end="abort"))).outcome.error is None


async def test_silence_is_blamed_on_the_time_limit() -> None:
    told = await play(Reply(raw=RAW_HEAD, end="hold"), defaultTimeout=0.2)
    assert told.outcome.error is not None
    assert told.outcome.error.blame == ("defaultTimeout",)


@pytest.mark.parametrize("raw", [b"", b"HTTP/1.1 200"])
async def test_an_agent_that_hangs_up_is_not_asked_twice(raw: bytes) -> None:
    with HttpAgent(Reply(raw=raw)) as http:
        check(await ask(http, PATH), ErrorCode.NETWORK, "before it answered", "https://")
        assert len(http.requests) == 1


@pytest.mark.parametrize("body", [b"data: [DONE]\n\n", b"event: error\ndata: x\n\n", HELLO])
async def test_a_connection_that_is_over_is_closed(body: bytes) -> None:
    head = b"Content-Type: text/event-stream\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % len(body)
    sessions = Sessions()
    with HttpAgent(Reply(raw=b"HTTP/1.1 200 OK\r\n" + head + body, end="hold")) as http:
        await consume(start(sessions, http))
        assert await asyncio.to_thread(http.hung_up.wait, 10)
    await sessions.aclose()


async def test_text_is_told_before_the_answer_is_over() -> None:
    gate = threading.Event()
    with HttpAgent(Reply([b"one ", gate, b"two"], headers=TEXT)) as http:
        sessions = Sessions()
        async for batch in start(sessions, http).events():
            if any(getattr(event, "delta", "") == "one " for event in batch):
                gate.set()
        await sessions.aclose()
    assert gate.is_set()


async def test_the_chunks_of_one_read_are_one_batch() -> None:
    events = b"".join(b"%x\r\n%s\r\n" % (len(HELLO), HELLO) for _ in range(500))
    raw = RAW_HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + events + b"0\r\n\r\n"
    told = await play(Reply(raw=raw))
    assert told.outcome.text == "Hello" * 500
    assert len(told.of(TextDelta)) < 100
