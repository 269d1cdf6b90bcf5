"""Misbehaving agents and networks, on real sockets."""

from __future__ import annotations

import asyncio
import gzip
import socket
import threading
import zlib
from typing import Any

import pytest

from chat_turns import Told, ask, consume, start
from dragoman.chat.events import ErrorCode, Status, StopReason, TextDelta
from dragoman.chat.sessions import Sessions
from dragoman.chat.transport import exchange
from dragoman.chat.transport.client import Network, Transport
from http_agent import EVENT_STREAM, JSON, TEXT, HttpAgent, Reply

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
    ("status", "code", "word"),
    [
        (400, ErrorCode.HTTP, "connector.requestFormat"),
        (401, ErrorCode.AUTH, "auth.token"),
        (402, ErrorCode.USAGE_LIMIT, "usage limit"),
        (403, ErrorCode.FORBIDDEN, "allow"),
        (404, ErrorCode.NOT_FOUND, "url"),
        (407, ErrorCode.PROXY, "proxy"),
        (408, ErrorCode.TIMEOUT, "gave up"),
        (413, ErrorCode.HTTP, "too long"),
        (418, ErrorCode.HTTP, "refused"),
        (429, ErrorCode.RATE_LIMITED, "often"),
        (500, ErrorCode.HTTP, "failed"),
        (504, ErrorCode.TIMEOUT, "in time"),
        (999, ErrorCode.HTTP, "means nothing"),
    ],
)
async def test_a_status_has_a_meaning(status: int, code: ErrorCode, word: str) -> None:
    told = await play(Reply(b'{"error": {"message": "because"}}', status, JSON))
    check(told, code, word, f"HTTP {status}", "because")
    assert told.outcome.error is not None
    assert (told.outcome.error.http_status, told.outcome.error.agent_message) == (status, "because")
    assert (told.outcome.stop_reason is StopReason.TIMEOUT) == (code is ErrorCode.TIMEOUT)


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
    assert told.outcome.error.agent_message == said
    assert "\n" not in told.outcome.error.message
    assert told.outcome.timings.first_byte_ms is not None


async def test_a_key_in_the_url_is_not_told() -> None:
    with HttpAgent(Reply(b"no key sesame-8f1b/x or sesame-8f1b%2Fx", 401)) as http:
        told = await ask(f"{http.url}?v=2&api_key=sesame-8f1b%2Fx", PATH)
    check(told, ErrorCode.AUTH, "no key ••• or •••")


async def test_an_endless_error_body_is_read_in_part() -> None:
    told = await play(Reply([b"x" * 40_000, b"x" * 40_000], 500, end="hold"))
    check(told, ErrorCode.HTTP)


@pytest.mark.parametrize("status", [502, 503])
async def test_a_gateway_is_asked_again(status: int) -> None:
    with HttpAgent(Reply(b"", status), Reply(b"", status), GOOD) as http:
        told = await ask(http, PATH)
        assert len(http.requests) == 3
    assert told.outcome.text == "Hello"
    assert [event.detail for event in told.of(Status) if event.phase == "retrying"] == [f"HTTP {status}"] * 2


async def test_no_more_than_twice() -> None:
    with HttpAgent(Reply(b"", 503)) as http:
        check(await ask(http, PATH), ErrorCode.HTTP, "not available")
        assert len(http.requests) == 3


@pytest.mark.parametrize(
    ("wait", "requests"), [("0", 2), ("999999999", 1), ("soon", 1), ("", 1), ("Wed, 21 Oct 2015 07:28:00 GMT", 2)]
)
async def test_too_many_requests_waits_only_as_asked(wait: str, requests: int) -> None:
    with HttpAgent(Reply(b"", 429, {"Retry-After": wait}), GOOD) as http:
        told = await ask(http, PATH)
        assert len(http.requests) == requests
    assert (told.outcome.error is None) == (requests == 2)
    if wait == "999999999":
        assert told.outcome.error is not None
        assert told.outcome.error.retry_after_ms == 999999999000


async def test_a_refused_connection_is_tried_again_then_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    told = await ask(f"http://127.0.0.1:{port}/")
    check(told, ErrorCode.NETWORK, "takes no connection (connection refused)", f"127.0.0.1:{port}")
    assert len([event for event in told.of(Status) if event.phase == "retrying"]) == 2


async def test_an_unknown_host() -> None:
    check(await ask("http://no-such-host.invalid/"), ErrorCode.DNS, "no-such-host.invalid")


async def test_https_where_there_is_none() -> None:
    async def refuse(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    async with await asyncio.start_server(refuse, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        check(await ask(f"https://127.0.0.1:{port}/"), ErrorCode.TLS, "http://")


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_within_the_origin_repeats_the_post(status: int) -> None:
    with HttpAgent(Reply(b"", status, {"Location": "/other?x=1"}), GOOD) as http:
        told = await ask(http, {**PATH, **TOKEN})
        first, second = http.requests
    assert told.outcome.text == "Hello"
    assert (second.method, second.path, second.query, second.body) == ("POST", "/other", {"x": "1"}, first.body)
    assert second.headers["authorization"] == "Bearer top-secret-token"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_to_another_origin_gets_nothing(status: int) -> None:
    with HttpAgent(GOOD) as other:
        location = other.url.replace("//", "//user:hidden1@")
        told = await play(Reply(b"", status, {"Location": location}), **TOKEN)
        assert other.requests == []
    check(told, ErrorCode.HTTP, "redirects to another server", f"127.0.0.1:{other.port}")
    assert told.outcome.error is not None
    assert "hidden1" not in told.outcome.error.message


@pytest.mark.parametrize(
    "location",
    ["file:///etc/passwd", "http://169.254.169.254/", "http://[::1", "http://localhost/chat", "//other.test/"],
)
async def test_a_redirect_that_leads_nowhere(location: str) -> None:
    check(await play(Reply(b"", 302, {"Location": location})), ErrorCode.HTTP, "redirects")


async def test_a_redirect_without_a_location() -> None:
    check(await play(Reply(b"", 302, {})), ErrorCode.HTTP, "redirect")


async def test_redirects_in_circles_end() -> None:
    with HttpAgent(Reply(b"", 307, {"Location": "/chat"})) as http:
        check(await ask(http), ErrorCode.HTTP, "circles")
        assert len(http.requests) == 6


def raw_deflate(data: bytes) -> bytes:
    compressor = zlib.compressobj(wbits=-15)
    return compressor.compress(data) + compressor.flush()


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip", gzip.compress(HELLO)),
        ("deflate", zlib.compress(HELLO)),
        ("deflate", raw_deflate(HELLO)),
        ("identity", HELLO),
    ],
)
async def test_what_was_asked_for_is_decompressed(encoding: str, body: bytes) -> None:
    told = await play(Reply(body, headers={**EVENT_STREAM, "Content-Encoding": encoding}, chunk_size=5))
    assert (told.outcome.text, told.outcome.error) == ("Hello", None)


@pytest.mark.parametrize(("encoding", "body"), [("br", b"\x0b\x02"), ("gzip", b"not gzip at all"), ("gzip, br", b"x")])
async def test_another_encoding_is_refused(encoding: str, body: bytes) -> None:
    told = await play(Reply(body, headers={**EVENT_STREAM, "Content-Encoding": encoding}))
    check(told, ErrorCode.BAD_STREAM, "cannot be read")


async def test_a_gzip_stream_that_lacks_its_end_was_cut() -> None:
    headers = {**EVENT_STREAM, "Content-Encoding": "gzip"}
    told = await play(Reply(gzip.compress(HELLO * 50)[:-8], headers=headers))
    check(told, ErrorCode.NETWORK, text="Hello" * 50)


async def test_a_gzip_bomb_stops_at_the_limit() -> None:
    bomb = gzip.compress(b"data: " + b"x" * 30_000_000)
    told = await play(Reply(bomb, headers={**EVENT_STREAM, "Content-Encoding": "gzip"}))
    check(told, ErrorCode.BAD_STREAM, "too much")


@pytest.mark.parametrize("end", ["cut", "abort"])
async def test_a_cut_keeps_the_text(end: Any) -> None:
    told = await play(Reply([HELLO, b'data: {"v": "lost'], end=end))
    check(told, ErrorCode.NETWORK, "broke off", text="Hello")
    assert (told.outcome.incomplete, told.outcome.stop_reason) == (True, StopReason.ERROR)


@pytest.mark.parametrize(
    "raw",
    [
        RAW_HEAD + b"Content-Length: 500\r\n\r\n" + HELLO,
        RAW_HEAD + b"Transfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\nzz\r\nx" % (len(HELLO), HELLO),
    ],
)
async def test_a_body_that_is_shorter_or_other_than_announced(raw: bytes) -> None:
    check(await play(Reply(raw=raw)), ErrorCode.NETWORK, text="Hello")


async def test_an_event_that_lacks_its_end_was_cut_unless_it_is_whole() -> None:
    check(await play(Reply(HELLO + b'data: {"v": "x')), ErrorCode.NETWORK, text="Hello")
    assert (await play(Reply(HELLO + b'data: {"v": "!"}'))).outcome.text == "Hello!"
    assert (await play(Reply(HELLO + b"data: [DONE]", end="abort"))).outcome.error is None


async def test_an_answer_in_http_1_0_ends_with_the_connection() -> None:
    raw = b"HTTP/1.0 200 OK\r\nContent-Type: text/event-stream\r\n\r\n" + HELLO
    assert (await play(Reply(raw=raw))).outcome.text == "Hello"


async def test_early_hints_are_passed_over() -> None:
    hints = b"HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n"
    raw = hints + RAW_HEAD + b"Connection: close\r\n\r\n" + HELLO
    assert (await play(Reply(raw=raw))).outcome.text == "Hello"


@pytest.mark.parametrize("raw", [b"", b"HTTP/1.1 200", b"SSH-2.0-x\r\n", b"\x00\x00\x12\x04"])
async def test_what_is_no_http(raw: bytes) -> None:
    with HttpAgent(Reply(raw=raw)) as http:
        check(await ask(http, PATH), ErrorCode.NETWORK)
        assert len(http.requests) == 1, "a prompt that arrived is not sent twice"


async def test_no_content_is_an_empty_answer() -> None:
    check(await play(Reply(raw=b"HTTP/1.1 204 No Content\r\n\r\n")), ErrorCode.BAD_STREAM, "empty answer")


@pytest.mark.parametrize("raw", [b"", RAW_HEAD, RAW_HEAD + b"\r\n"])
async def test_silence_before_the_first_byte(raw: bytes) -> None:
    told = await play(Reply(raw=raw, end="hold"), defaultTimeout=0.2)
    check(told, ErrorCode.TIMEOUT, "0.2 s", "defaultTimeout")
    assert told.outcome.error is not None
    assert told.outcome.error.blame == ("defaultTimeout",)
    assert told.outcome.stop_reason is StopReason.TIMEOUT


@pytest.mark.parametrize("rest", [b"", b"data: {half"])
async def test_silence_in_the_middle(rest: bytes) -> None:
    told = await play(Reply([HELLO, rest], end="hold"), defaultTimeout=0.3)
    check(told, ErrorCode.TIMEOUT, "nothing more", text="Hello")
    assert (told.outcome.incomplete, told.outcome.stop_reason) == (True, StopReason.TIMEOUT)


async def test_the_turn_ends_with_its_end_mark_though_the_connection_stays() -> None:
    with HttpAgent(Reply(HELLO + b"data: [DONE]\n\n", end="hold")) as http:
        told = await ask(http, PATH)
        assert http.hung_up.wait(5)
    assert (told.outcome.text, told.outcome.error) == ("Hello", None)


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


async def test_loopback_is_never_proxied(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert (await play(GOOD)).outcome.text == "Hello"


async def test_another_host_is_asked_through_the_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    with HttpAgent(GOOD) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.base)
        monkeypatch.setenv("http_proxy", proxy.base)
        assert (await ask("http://agent.invalid/chat", PATH)).outcome.text == "Hello"
        assert proxy.requests[0].target == "http://agent.invalid/chat"


async def test_proxy_settings_that_mean_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy"):
        monkeypatch.setenv(name, "foo://bar")
    check(await ask("http://agent.invalid/chat", PATH), ErrorCode.PROXY)


async def test_the_chunks_of_one_read_are_one_batch() -> None:
    events = b"".join(b"%x\r\n%s\r\n" % (len(HELLO), HELLO) for _ in range(500))
    raw = RAW_HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + events + b"0\r\n\r\n"
    told = await play(Reply(raw=raw))
    assert told.outcome.text == "Hello" * 500
    assert len(told.of(TextDelta)) < 100


async def test_a_file_of_certificates_that_cannot_be_read() -> None:
    sessions = Sessions(Transport(Network(ca_file="/no/such/file")))
    check(await consume(start(sessions, "http://127.0.0.1:9/")), ErrorCode.TLS, "network.caFile")


async def test_cookies_are_not_kept() -> None:
    with HttpAgent(Reply(b"", 307, {"Location": "/b", "Set-Cookie": "id=1; Path=/"}), GOOD) as http:
        await ask(http, PATH)
        assert "cookie" not in http.requests[1].headers
