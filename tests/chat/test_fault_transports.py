"""Every way in which a connection fails before an agent answers."""

from __future__ import annotations

import asyncio
import json
import os
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from certificates import server_context
from chat_turns import Told, ask, consume, start
from dragoman.chat.events import ErrorCode, Status, StopReason
from dragoman.chat.sessions import Sessions
from dragoman.chat.transport import exchange
from http_agent import HttpAgent, Reply
from relays import Serve, serving

TIMEOUT = {"defaultTimeout": 0.3}
SETTINGS_FRAME = b"\x00\x00\x12\x04\x00\x00\x00\x00\x00" + bytes(18)
BAD_URLS = (
    "http://", "http:///x", "://x", "http://[::1", "http://a b/", "ftp://x/", "javascript:alert(1)",
    "file:///etc/passwd", "http://127.0.0.1:99999/", "http://x.invalid:0/",
)  # fmt: skip
KNOWN = {
    "tls-selfsigned", "tls-to-plain", "plain-to-tls", "tls-dies", "accept-never-speaks", "not-http", "connect-timeout",
    "refused", "h2-frames", "proxy", "dns-failure", "bad-url",
}  # fmt: skip
"""All of them are played below; those of `proxy` in test_network.py too."""


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchange, "_PAUSES", (0.0, 0.0))


def check(told: Told, code: ErrorCode, *words: str, retries: int = 0) -> None:
    error = told.outcome.error
    assert error is not None
    assert (error.code, told.outcome.text, told.outcome.incomplete) == (code, "", False)
    assert told.outcome.stop_reason is (StopReason.TIMEOUT if code is ErrorCode.TIMEOUT else StopReason.ERROR)
    assert error.message.startswith("Agent “a” ")
    assert [word for word in words if word not in error.message] == []
    assert len([status for status in told.of(Status) if status.phase == "retrying"]) == retries


def sending(data: bytes) -> Serve:
    """Sends that to whoever connects."""

    async def serve(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(data)
        await writer.drain()

    return serve


async def test_tls_selfsigned() -> None:
    with HttpAgent(Reply(), tls=server_context()) as http:
        check(await ask(http), ErrorCode.TLS, "not trusted", http.base, "network.caFile")
        assert http.requests == []


async def test_tls_to_plain() -> None:
    async with serving(sending(b"HTTP/1.1 400 Bad Request\r\n\r\n")) as port:
        check(await ask(f"https://127.0.0.1:{port}/"), ErrorCode.TLS, "no secure connection", "http://")
    with HttpAgent(Reply()) as waiting_for_more:
        told = await ask(waiting_for_more.url.replace("http:", "https:"), TIMEOUT)
        check(told, ErrorCode.TIMEOUT, "no secure connection", "0.3 s", "http://")


async def test_plain_to_tls() -> None:
    with HttpAgent(Reply(), tls=server_context()) as http:
        check(await ask(http.url.replace("https:", "http:")), ErrorCode.NETWORK, "https://")


async def test_tls_dies() -> None:
    async with serving(sending(b"\x16\x03\x03\x00\x7a\x02\x00")) as port:
        check(await ask(f"https://127.0.0.1:{port}/", TIMEOUT), ErrorCode.TLS, f"127.0.0.1:{port}")


async def test_accept_never_speaks() -> None:
    with HttpAgent(Reply(raw=b"", end="hold")) as http:
        check(await ask(http, TIMEOUT), ErrorCode.TIMEOUT, "begin to answer", "0.3 s", "defaultTimeout")
        check(await ask(http.url.replace("http:", "https:"), TIMEOUT), ErrorCode.TIMEOUT, "no secure connection")


@pytest.mark.parametrize(
    "raw",
    [b"SSH-2.0-x\r\n", b"220 mail ESMTP\r\n", SETTINGS_FRAME, b"\x15\x03\x01\x00\x02\x02\x46"],
)
async def test_not_http_and_h2_frames(raw: bytes) -> None:
    with HttpAgent(Reply(raw=raw + b"\r\n")) as http:
        check(await ask(http), ErrorCode.NETWORK, http.base)
        assert len(http.requests) == 1, "a prompt that arrived is not sent twice"


@contextmanager
def full_queue() -> Iterator[int]:
    """The port of a server that takes no more connections and refuses none."""
    with ExitStack() as sockets:
        server = sockets.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        for _ in range(3):
            waiting = sockets.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(server.getsockname())
        yield server.getsockname()[1]


async def test_connect_timeout() -> None:
    with full_queue() as port:
        check(await ask(f"http://127.0.0.1:{port}/", TIMEOUT), ErrorCode.TIMEOUT, "took no connection", "0.3 s")


@pytest.mark.parametrize("stage", ["connect", "handshake", "headers", "asked to wait"])
async def test_a_turn_is_stopped_at_any_stage(stage: str) -> None:
    sessions = Sessions()
    busy = Reply(b"", 503, {"Retry-After": "9"})
    with full_queue() as full, HttpAgent(Reply(raw=b"", end="hold")) as silent, HttpAgent(busy) as asks_to_wait:
        urls = {
            "connect": f"http://127.0.0.1:{full}/",
            "handshake": silent.url.replace("http:", "https:"),
            "headers": silent.url,
            "asked to wait": asks_to_wait.url,
        }
        turn = start(sessions, urls[stage])
        running = asyncio.ensure_future(consume(turn))
        await asyncio.sleep(0.2)  # into that stage
        assert not running.done()
        turn.stop()
        assert (await asyncio.wait_for(running, 5)).outcome.stop_reason is StopReason.CANCELLED
    await sessions.aclose()


async def test_refused() -> None:
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    told = await ask(f"http://127.0.0.1:{port}/")
    words = ("takes no connection (connection refused)", f"127.0.0.1:{port}")
    check(told, ErrorCode.NETWORK, *words, retries=2)


async def test_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    with HttpAgent(Reply(b"", 407, {"Proxy-Authenticate": "Basic"})) as proxy:
        for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy"):
            monkeypatch.setenv(name, proxy.base)
        check(await ask("http://agent.test/"), ErrorCode.PROXY, "HTTP 407", "network.proxy")
        check(await ask("https://agent.test/"), ErrorCode.PROXY, "HTTP 407", "network.proxy")
    told = await ask("https://agent.test/")
    check(told, ErrorCode.PROXY, "its proxy takes no connection", "HTTPS_PROXY", retries=2)
    with full_queue() as port:
        monkeypatch.setenv("https_proxy", f"http://127.0.0.1:{port}")
        check(await ask("https://agent.test/", TIMEOUT), ErrorCode.TIMEOUT, "its proxy took no connection")


async def test_dns_failure() -> None:
    check(await ask("http://no-such-host.invalid/"), ErrorCode.DNS, "no-such-host.invalid")


@pytest.mark.parametrize("url", BAD_URLS)
async def test_bad_url(url: str) -> None:
    told = await ask(url)
    check(told, ErrorCode.CONFIG, "url")
    assert told.outcome.error is not None
    assert told.outcome.error.blame == ("url",)


@pytest.mark.conformance
def test_every_known_fault_is_played() -> None:
    folder = Path(os.environ["DRAGOMAN_CONFORMANCE"])
    known = json.loads((folder / "vectors" / "network_faults.json").read_text())["other"]
    assert set(known) - KNOWN == set()
    assert set(known["bad-url"]) - set(BAD_URLS) == set()
