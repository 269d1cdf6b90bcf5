"""Every way to misbehave that an agent has: the turn ends once, in words that help, with the text that came."""

from __future__ import annotations

import asyncio
import json
import os
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from chat_turns import Told, ask, consume, start
from dragoman.chat.events import ErrorCode, Status, StopReason, TextDelta
from dragoman.chat.sessions import Sessions
from dragoman.chat.transport import exchange
from fault import TOKEN, Fault
from faults_answers import NO_ANSWER, UNREADABLE, WELL
from faults_payloads import PAYLOADS
from faults_statuses import REDIRECTS, STATUSES
from faults_streams import CUT, ENDLESS, FOR_EVER, SILENT
from http_agent import HttpAgent, Reply

FAULTS: Mapping[str, Fault] = {
    **WELL, **NO_ANSWER, **UNREADABLE, **SILENT, **CUT, **ENDLESS, **STATUSES, **REDIRECTS, **PAYLOADS,
}  # fmt: skip
AGENT = {"connector": {"responseFormat": "$.v"}, "auth": {"type": "Bearer", "token": TOKEN}}


@pytest.fixture(autouse=True)
def nothing_happens_around(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """No pauses but those that an agent asks for, and no file is written."""
    monkeypatch.setattr(exchange, "_PAUSES", (0.0, 0.0))
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    yield
    assert list(tmp_path.rglob("*")) == [work]


@pytest.mark.parametrize("name", FAULTS)
async def test_a_fault(name: str) -> None:
    fault = FAULTS[name]
    with HttpAgent() as http, HttpAgent(Reply(b"")) as there:
        http.replies.extend(located(fault, http, there))
        told = await ask(http, {**AGENT, **fault.config})
        assert there.requests == []
    check(told, fault)
    assert [asked.method for asked in http.requests] == ["POST"] * fault.requests
    assert {asked.body for asked in http.requests} == {http.requests[0].body}
    assert {asked.headers["authorization"] for asked in http.requests} == {f"Bearer {TOKEN}"}
    assert not any("cookie" in asked.headers for asked in http.requests)


def located(fault: Fault, http: HttpAgent, there: HttpAgent) -> list[Reply]:
    places = {"{port}": str(http.port), "{there}": there.base}
    return [replace(reply, headers=filled(reply.headers, places)) for reply in fault.played]


def filled(headers: Mapping[str, str], places: Mapping[str, str]) -> dict[str, str]:
    filled = dict(headers)
    for place, value in places.items():
        filled = {name: text.replace(place, value) for name, text in filled.items()}
    return filled


def check(told: Told, fault: Fault) -> None:
    outcome, error = told.outcome, told.outcome.error
    assert (error and error.code, outcome.text) == (fault.code, fault.text)
    assert outcome.text == "".join(delta.delta for delta in told.of(TextDelta))
    outcome.text.encode()
    assert [event.code for event in told.events if hasattr(event, "level")] == list(fault.notices)
    late = fault.code is ErrorCode.TIMEOUT
    failed = StopReason.TIMEOUT if late else StopReason.ERROR
    assert outcome.stop_reason is (StopReason.COMPLETED if error is None else failed)
    assert outcome.incomplete == (error is not None and bool(fault.text))
    if error is not None:
        check_message(error.message, fault.says)


def check_message(message: str, says: Sequence[str]) -> None:
    assert message.startswith("Agent “a” ")
    assert message.endswith((".", "…"))
    assert [word for word in says if word not in message] == []
    assert not [sign for sign in message if unicodedata.category(sign) in ("Cc", "Cf")]
    assert not [secret for secret in (TOKEN, "hidden1", "Traceback", "<b>") if secret in message]
    assert len(message) < 1000


@pytest.mark.parametrize("name", FOR_EVER)
async def test_what_does_not_end_is_stopped(name: str) -> None:
    sessions = Sessions()
    with HttpAgent(FOR_EVER[name]) as http:
        turn = start(sessions, http, AGENT)
        running = asyncio.ensure_future(consume(turn))
        while not http.requests:
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.05)  # into the middle of it
        sessions.stop(turn.id)
        async with asyncio.timeout(5):
            told = await running
        assert told.outcome.stop_reason is StopReason.CANCELLED
        assert await asyncio.to_thread(http.hung_up.wait, 5)
    await sessions.aclose()


async def test_the_asked_wait_is_kept_and_told() -> None:
    with HttpAgent(*STATUSES["/429"].played) as http:
        told = await ask(http, AGENT)
    first, second = http.requests
    assert second.at - first.at >= 1
    assert [status.detail for status in told.of(Status) if status.phase == "retrying"] == ["HTTP 429"]


@pytest.mark.conformance
def test_every_known_fault_is_played(pytestconfig: pytest.Config) -> None:
    folder = pytestconfig.rootpath / os.environ["DRAGOMAN_CONFORMANCE"]  # these tests run in a folder of their own
    known = json.loads((folder / "vectors" / "network_faults.json").read_text())["faults"]
    assert set(known) - set(FAULTS) - set(FOR_EVER) == set()
