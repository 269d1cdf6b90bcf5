"""Turns that run: stopping them, conversations that are busy, and what never leaks."""

from __future__ import annotations

import asyncio
import json
import logging
import subprocess
import sys
import threading
from collections.abc import AsyncGenerator
from dataclasses import replace
from typing import Any

import pytest

from chat_turns import consume, start
from dragoman.agents.model import Agent
from dragoman.agents.reader import read_agent
from dragoman.chat.conversation import Conversation, PastTurn
from dragoman.chat.errors import failure
from dragoman.chat.events import ErrorCode, Start, StopReason, TextDelta
from dragoman.chat.sessions import PromptRequest, Sessions
from dragoman.chat.turn import Turn
from http_agent import JSON, TEXT, HttpAgent, Reply

SENTINEL = "sentinel-5ecret-value"
STALLED = Reply([b"so far"], headers=TEXT, end="hold")


@pytest.fixture
async def sessions() -> AsyncGenerator[Sessions]:
    opened = Sessions()
    yield opened
    await opened.aclose()


async def until_text(turn: Turn) -> asyncio.Task[Any]:
    """Consumes `turn` in a task, and waits until it has said something."""
    said = asyncio.Event()

    async def watch() -> None:
        async for batch in turn.events():
            if any(isinstance(event, TextDelta) for event in batch):
                said.set()

    task = asyncio.create_task(watch())
    await said.wait()
    return task


def test_nothing_heavy_is_imported_before_the_first_turn() -> None:
    code = (
        "import sys, dragoman.chat.sessions; sys.exit(bool({'httpx', 'keyring', 'jsonpath_ng'} & sys.modules.keys()))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


async def test_stop_keeps_the_text_and_closes_the_connection(sessions: Sessions) -> None:
    with HttpAgent(STALLED) as http:
        turn = start(sessions, http)
        consumer = await until_text(turn)
        assert sessions.stop(turn.id)
        await consumer
        assert await asyncio.to_thread(http.hung_up.wait, 5)
    assert turn.outcome is not None
    assert (turn.outcome.stop_reason, turn.outcome.text, turn.outcome.error) == (StopReason.CANCELLED, "so far", None)
    assert turn.outcome.incomplete
    assert not sessions.stop(turn.id)
    assert sessions.running == ()


@pytest.mark.parametrize("reply", [Reply(raw=b"", end="hold"), Reply(b"", end="hold")])
async def test_stop_while_nothing_comes(sessions: Sessions, reply: Reply) -> None:
    with HttpAgent(reply) as http:
        turn = start(sessions, http)
        consumer = asyncio.create_task(consume(turn))
        while not http.requests:
            await asyncio.sleep(0.001)
        assert sessions.stop_all() == 1
        told = await consumer
        assert await asyncio.to_thread(http.hung_up.wait, 5)
    assert told.outcome.stop_reason is StopReason.CANCELLED


async def test_stop_before_the_first_event(sessions: Sessions) -> None:
    with HttpAgent(STALLED) as http:
        turn = start(sessions, http)
        turn.stop()
        told = await consume(turn)
        assert http.requests == []
    assert (told.outcome.stop_reason, told.events) == (StopReason.CANCELLED, [])


async def test_cancelling_the_consumer_ends_the_turn_and_keeps_the_text(sessions: Sessions) -> None:
    with HttpAgent(STALLED) as http:
        turn = start(sessions, http, conversation_id="c")
        consumer = await until_text(turn)
        consumer.cancel()
        with pytest.raises(asyncio.CancelledError):
            await consumer
        assert await asyncio.to_thread(http.hung_up.wait, 5)
    assert turn.outcome is not None
    assert turn.outcome.stop_reason is StopReason.CANCELLED
    (past,) = sessions.conversation("c").turns
    assert (past.prompt, past.answer, past.failed) == ("hi", "so far", True)


async def test_leaving_the_loop_ends_the_turn(sessions: Sessions) -> None:
    with HttpAgent(STALLED) as http:
        turn = start(sessions, http)
        events = turn.events()
        async for batch in events:
            if any(isinstance(event, TextDelta) for event in batch):
                break
        await events.aclose()
        assert await asyncio.to_thread(http.hung_up.wait, 5)
    assert turn.outcome is not None
    assert turn.outcome.text == "so far"


async def test_a_conversation_runs_one_turn_at_a_time(sessions: Sessions) -> None:
    gate = threading.Event()
    with HttpAgent(Reply([b"A", gate], headers=TEXT)) as http:
        first = start(sessions, http, conversation_id="c")
        consumer = await until_text(first)
        second = await consume(start(sessions, http, conversation_id="c"))
        same_id = await consume(start(sessions, http, turn_id=first.id))
        gate.set()
        await consumer
        third = await consume(start(sessions, http, conversation_id="c"))
    for told in (second, same_id):
        assert told.outcome.error is not None
        assert told.outcome.error.code is ErrorCode.BUSY
    assert first.outcome is not None
    assert (first.outcome.text, third.outcome.error) == ("A", None)


async def test_turns_of_other_conversations_run_beside_it(sessions: Sessions) -> None:
    with HttpAgent(Reply(b"x", headers=TEXT)) as http:
        told = await asyncio.gather(*[consume(start(sessions, http)) for _ in range(20)])
    assert {one.outcome.text for one in told} == {"x"}
    assert len({one.outcome.turn_id for one in told}) == 20


async def test_ids_of_the_client_are_kept(sessions: Sessions) -> None:
    with HttpAgent(Reply(b"x", headers=TEXT)) as http:
        told = await consume(start(sessions, http, turn_id="t", conversation_id="c"))
    assert (told.outcome.turn_id, told.outcome.conversation_id) == ("t", "c")
    assert told.events[0] == Start("c", "a")


async def test_a_restored_conversation_goes_on(sessions: Sessions) -> None:
    sessions.restore(Conversation("c", "s", PastTurn("2", "", failed=True, before=PastTurn("1", "A"))))
    with HttpAgent(Reply(b"x", headers=TEXT)) as http:
        await consume(start(sessions, http, prompt="3", conversation_id="c"))
        assert [message["content"] for message in http.requests[0].json["messages"]] == ["1", "A", "3"]


async def test_what_one_agent_named_is_not_told_to_another(sessions: Sessions) -> None:
    config = {"connector": {"requestFormat": '{"fields": {"id": "$conversationId", "q": "$content"}}'}}
    with HttpAgent(Reply(b'{"conversation_id": "k", "message": {"content": "x"}}', headers=JSON)) as http:
        await consume(start(sessions, http, config, conversation_id="c"))
        await consume(start(sessions, http, {**config, "name": "b"}, conversation_id="c"))
        assert http.requests[1].json == {"q": "hi"}


async def test_an_agent_that_is_not_asked(sessions: Sessions) -> None:
    request = PromptRequest(Agent("nobody", ""), "hi")
    turn = sessions.refuse(request, failure(ErrorCode.CONFIG, "nobody", "is not known", "Check the name."))
    told = await consume(turn)
    assert isinstance(told.events[0], Start)
    assert told.outcome.error is not None
    assert (told.outcome.error.code, told.outcome.stop_reason) == (ErrorCode.CONFIG, StopReason.ERROR)


async def test_an_unknown_provider(sessions: Sessions) -> None:
    told = await consume(start(sessions, "http://127.0.0.1:1/", {"provider": "nope"}))
    assert told.outcome.error is not None
    assert (told.outcome.error.code, told.outcome.error.blame) == (ErrorCode.CONFIG, ("provider",))


async def test_a_fault_of_ours_ends_the_turn_and_is_logged_without_its_text(
    sessions: Sessions, caplog: pytest.LogCaptureFixture
) -> None:
    unwritable: Any = {SENTINEL}
    agent = replace(read_agent({"name": "a", "url": "http://x"}), parameters={"x": unwritable})
    told = await consume(sessions.start(PromptRequest(agent, "hi")))
    assert told.outcome.error is not None
    assert told.outcome.error.code is ErrorCode.INTERNAL
    assert "TypeError" in caplog.text
    assert SENTINEL not in caplog.text + repr(told)


@pytest.mark.parametrize(
    "reply",
    [
        Reply(f'{{"error": {{"message": "you sent {SENTINEL}"}}}}'.encode(), 401, JSON),
        Reply(f'{{"error": {{"message": "you sent {SENTINEL}"}}}}'.encode(), headers=JSON),
        Reply(f"data: [ERROR] {SENTINEL}\n\n".encode()),
        Reply(f'{{"echo": "Bearer {SENTINEL}"}}'.encode(), headers=JSON),
        Reply(b"", 302, {"Location": f"http://other.test/?key={SENTINEL}"}),
        Reply(f'data: {{"broken": {SENTINEL}\n\n'.encode()),
        Reply(raw=SENTINEL.encode()),
        Reply(b"<html>" + SENTINEL.encode(), headers={"Content-Type": "text/html"}),
    ],
)
@pytest.mark.parametrize("kind", ["Bearer", "Basic", "ApiKey"])
async def test_a_token_is_in_no_event_outcome_or_log(
    sessions: Sessions, reply: Reply, kind: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    monkeypatch.setenv("SENTINEL", SENTINEL)
    config = {
        "auth": {"type": kind, "token": "u:${env:SENTINEL}" if kind == "Basic" else "${env:SENTINEL}"},
        "connector": {
            "responseFormat": "$.v",
            "requestFormat": json.dumps(
                {"customHeaders": {"X-Key": SENTINEL}, "customFields": {"k": "${env:SENTINEL}"}}
            ),
        },
    }
    with HttpAgent(reply) as http:
        turn = start(sessions, f"{http.url}?key=${{env:SENTINEL}}", config)
        told = await consume(turn)
        assert SENTINEL in repr(http.requests[0])
    assert told.outcome.error is not None
    assert SENTINEL not in repr(told) + repr(turn)
    assert SENTINEL not in caplog.text
