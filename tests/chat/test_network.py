"""The setting `network`: proxies, certificates and HTTP/2, with real servers on loopback."""

from __future__ import annotations

import asyncio
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from certificates import authority, authority_file, client_file, server_context
from chat_turns import Told, consume, start
from dragoman.chat.events import ErrorCode, StopReason, TextDelta
from dragoman.chat.sessions import Sessions
from dragoman.chat.transport import exchange
from dragoman.chat.transport.client import Transport
from dragoman.settings import NetworkSettings
from fault import HEL, HELLO, LO
from http_agent import HttpAgent, Reply
from relays import http2_agent, tunnel

CONFIG = {"connector": {"responseFormat": "$.v"}, "defaultTimeout": 10}
PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")


@pytest.fixture(autouse=True)
def no_surroundings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchange, "_PAUSES", (0.0, 0.0))
    for name in PROXIES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


async def ask(url: HttpAgent | str, **network: Any) -> Told:
    sessions = Sessions(Transport(NetworkSettings(**network)))
    try:
        return await consume(start(sessions, url, CONFIG))
    finally:
        await sessions.aclose()


def check_hello(told: Told) -> None:
    assert (told.outcome.text, told.outcome.error) == ("Hello", None)


def check_failed(told: Told, code: ErrorCode, *words: str) -> None:
    assert told.outcome.error is not None
    assert told.outcome.error.code is code
    assert [word for word in words if word not in told.outcome.error.message] == []


# Proxies


async def test_a_proxy_by_the_setting() -> None:
    with HttpAgent(Reply(HELLO)) as proxy:
        for spelled in (proxy.base, f"127.0.0.1:{proxy.port}"):
            check_hello(await ask("http://agent.test/chat?x=1", proxy=spelled))
        assert [asked.target for asked in proxy.requests] == ["http://agent.test/chat?x=1"] * 2


@pytest.mark.parametrize("name", ["HTTP_PROXY", "http_proxy", "ALL_PROXY"])
async def test_a_proxy_by_the_environment(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    with HttpAgent(Reply(HELLO)) as proxy:
        monkeypatch.setenv(name, proxy.base)
        check_hello(await ask("http://agent.test/"))


async def test_the_setting_wins_over_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    with HttpAgent(Reply(HELLO)) as proxy:
        check_hello(await ask("http://agent.test/", proxy=proxy.base))


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
async def test_loopback_is_never_proxied(monkeypatch: pytest.MonkeyPatch, host: str) -> None:
    for name in PROXIES[:3]:
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    with HttpAgent(Reply(HELLO)) as http:
        check_hello(await ask(f"http://{host}:{http.port}/", proxy="http://127.0.0.1:9"))


async def test_tls_through_a_proxy_is_a_tunnel(tmp_path: Path) -> None:
    with HttpAgent(Reply(HELLO), tls=server_context()) as http:
        async with tunnel(http.port) as proxy:
            login = f"http://user:hidden1@127.0.0.1:{proxy.port}"
            check_hello(await ask("https://agent.test/", proxy=login, ca_file=authority_file(tmp_path)))
            assert proxy.asked[0].startswith(b"CONNECT agent.test:443 ")
            assert b"proxy-authorization: basic " in proxy.asked[0].lower()
        assert http.requests[0].path == "/"


@pytest.mark.parametrize(
    ("proxy", "words"),
    [("foo://bar", "no http:// or https:// URL"), ("http://[::1", "URL"), ("socks5://127.0.0.1:9", "SOCKS")],
)
async def test_a_proxy_that_cannot_be(proxy: str, words: str) -> None:
    check_failed(await ask("http://agent.test/", proxy=proxy), ErrorCode.PROXY, words, "network.proxy")


async def test_the_login_of_a_proxy_is_not_told() -> None:
    told = await ask("http://agent.test/", proxy="http://user:hidden1@127.0.0.1:9")
    check_failed(told, ErrorCode.PROXY, "its proxy takes no connection")
    assert "hidden1" not in repr((told, NetworkSettings("http://user:hidden1@127.0.0.1:9")))


# Certificates


async def test_an_authority_of_ones_own(tmp_path: Path) -> None:
    with HttpAgent(Reply(HELLO), tls=server_context()) as http:
        check_hello(await ask(http, ca_file=authority_file(tmp_path)))
        check_failed(await ask(http), ErrorCode.TLS, "not trusted", "network.caFile")
        host = http.url.replace("127.0.0.1", "localhost")
        check_failed(await ask(host, ca_file=authority_file(tmp_path)), ErrorCode.TLS, "not trusted", "localhost")


async def test_a_certificate_of_the_client_is_given_where_demanded(tmp_path: Path) -> None:
    ca_file = authority_file(tmp_path)
    with HttpAgent(Reply(HELLO), tls=server_context(demands_certificate=True)) as http:
        check_hello(await ask(http, ca_file=ca_file, client_certificate=client_file(tmp_path)))
        told = await ask(http, ca_file=ca_file)
        assert told.outcome.error is not None
        # Whether its reason arrives depends on how fast the server closes the connection.
        assert told.outcome.error.code in (ErrorCode.TLS, ErrorCode.NETWORK)
        assert "network.clientCert" in told.outcome.error.message


@pytest.mark.parametrize(
    ("key", "setting"), [("ca_file", "network.caFile"), ("client_certificate", "network.clientCert")]
)
async def test_a_file_that_is_of_no_use(tmp_path: Path, key: str, setting: str) -> None:
    empty = tmp_path / "empty.pem"
    empty.write_text("")
    locked = tmp_path / "locked.pem"
    locked.write_bytes(_locked_key())
    for file, why in [("/no/such/file", "no such file"), (str(empty), "PEM"), (str(tmp_path), ""), ("a\0b", "PEM")]:
        told = await ask("http://127.0.0.1:9/", **{key: file})
        check_failed(told, ErrorCode.TLS, setting, repr(file), why)
    check_failed(await ask("http://127.0.0.1:9/", client_certificate=str(locked)), ErrorCode.TLS, "without a password")


def _locked_key() -> bytes:
    from cryptography.hazmat.primitives.serialization import (
        BestAvailableEncryption,
        Encoding,
        PrivateFormat,
        load_pem_private_key,
    )

    certificate = authority().issue_cert("user@agent.test")
    key = load_pem_private_key(certificate.private_key_pem.bytes(), None)
    locked = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"x"))
    return locked + certificate.cert_chain_pems[0].bytes()


async def test_a_file_is_looked_for_again_with_the_next_turn(tmp_path: Path) -> None:
    sessions = Sessions(Transport(NetworkSettings(ca_file=str(tmp_path / "authority.pem"))))
    with HttpAgent(Reply(HELLO), tls=server_context()) as http:
        check_failed(await consume(start(sessions, http, CONFIG)), ErrorCode.TLS, "no such file")
        authority_file(tmp_path)
        check_hello(await consume(start(sessions, http, CONFIG)))
    await sessions.aclose()


# HTTP/2


async def test_http2_where_it_is_switched_on(tmp_path: Path) -> None:
    tls = server_context(protocols=("h2",))
    async with http2_agent(tls, HELLO) as agent:
        url, ca_file = f"https://127.0.0.1:{agent.port}/", authority_file(tmp_path)
        check_hello(await ask(url, ca_file=ca_file, http2=True))
        check_failed(await ask(url, ca_file=ca_file), ErrorCode.NETWORK)


async def test_http2_offered_in_vain(tmp_path: Path) -> None:
    with HttpAgent(Reply(HELLO), tls=server_context()) as http:
        check_hello(await ask(http, ca_file=authority_file(tmp_path), http2=True))


async def test_a_stopped_turn_leaves_an_agent_that_speaks_http2(tmp_path: Path) -> None:
    network = NetworkSettings(ca_file=authority_file(tmp_path), http2=True)
    sessions = Sessions(Transport(network))
    async with http2_agent(server_context(protocols=("h2",)), HEL, ends=False) as agent:
        turn = start(sessions, f"https://127.0.0.1:{agent.port}/", CONFIG)
        async for batch in turn.events():
            if any(isinstance(event, TextDelta) for event in batch):
                turn.stop()
        await asyncio.wait_for(agent.gone.wait(), 10)
    assert turn.outcome is not None
    assert (turn.outcome.stop_reason, turn.outcome.text) == (StopReason.CANCELLED, "Hel")
    await sessions.aclose()


async def test_http2_that_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "h2", None)
    told = await ask("https://127.0.0.1:9/", http2=True)
    check_failed(told, ErrorCode.CONFIG, "network.http2", "dragoman[http2]")


# Changes


async def test_a_changed_setting_holds_from_the_next_turn(tmp_path: Path) -> None:
    gate = threading.Event()
    sessions = Sessions(Transport(NetworkSettings(ca_file=authority_file(tmp_path))))
    with HttpAgent(Reply([HEL, gate, LO]), Reply(HELLO), tls=server_context()) as http:
        turn = start(sessions, http, CONFIG)
        async for batch in turn.events():
            if not gate.is_set() and any(isinstance(event, TextDelta) for event in batch):
                former = sessions.transport
                sessions.use_network(NetworkSettings())
                check_failed(await consume(start(sessions, http, CONFIG)), ErrorCode.TLS)
                assert former.is_open
                gate.set()
        assert turn.outcome is not None
        assert (turn.outcome.text, turn.outcome.error) == ("Hello", None)
        assert not former.is_open
    await sessions.aclose()


async def test_what_nothing_uses_is_closed_at_once() -> None:
    sessions = Sessions()
    former = sessions.transport
    await former.warm()
    sessions.use_network(NetworkSettings())
    assert sessions.transport is former
    sessions.use_network(NetworkSettings(proxy="http://127.0.0.1:9"))
    while former.is_open:
        await asyncio.sleep(0)
    await sessions.aclose()
