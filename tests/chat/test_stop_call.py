"""What a stopped turn sends to its agent: the call that its provider describes, once all is known that it needs."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Mapping
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any

import pytest

from chat_turns import start
from dragoman.agents.built_in import load_provider, provider_names
from dragoman.agents.catalog import DefinitionSource, Owner, make_catalog
from dragoman.chat.conversation import PastTurn
from dragoman.chat.events import StopReason, TextDelta
from dragoman.chat.sessions import Sessions
from dragoman.chat.turn import Turn
from http_agent import Asked, HttpAgent, Reply

TOKEN = {"auth": {"type": "Bearer", "token": "secret-key"}}


@dataclass(frozen=True)
class Stopping:
    """An agent of one kind that is stopped after `said`; `known` is what it has named in an earlier turn."""

    said: str
    target: str
    body: Any
    method: str = "POST"
    path: str = "/chat"
    known: Mapping[str, str] = field(default_factory=dict)
    parameters: Mapping[str, Any] = field(default_factory=dict)


def event(name: str, data: Any) -> str:
    return f"event: {name}\ndata: {json.dumps(data)}\n\n"


def dify(path: str, target: str, **parameters: str) -> Stopping:
    said = {"event": "message", "task_id": "t/1", "conversation_id": "d", "answer": "So"}
    return Stopping(f"data: {json.dumps(said)}\n\n", target, {"user": "me"}, path=path, parameters={"user": "me"})


def a2a(method: str, said: Any) -> Stopping:
    body = {"jsonrpc": "2.0", "id": "NEW", "method": method, "params": {"id": "t-1"}}
    return Stopping(f"data: {json.dumps({'jsonrpc': '2.0', 'id': '1', 'result': said})}\n\n", "/chat", body)


PARTS = [{"kind": "text", "text": "So"}]
COZE = event("conversation.chat.created", {"id": "c-1", "conversation_id": "z-1", "status": "created"})
STOPS = {
    "dify": dify("/v1/chat-messages", "/v1/chat-messages/t%2F1/stop"),
    "dify, completion": dify("/v1/completion-messages", "/v1/completion-messages/t%2F1/stop"),
    "dify, workflow": dify("/base/v1/workflows/run", "/base/v1/workflows/tasks/t%2F1/stop"),
    "coze": Stopping(
        COZE + event("conversation.message.delta", {"type": "answer", "content": "So", "conversation_id": "z-1"}),
        "/v3/chat/cancel",
        {"chat_id": "c-1", "conversation_id": "z-1"},
        path="/v3/chat",
    ),
    "flowise": Stopping(
        'data: {"event": "token", "data": "So"}\n\n',
        "/api/v1/chatmessage/abort/f%201/chat-1?key=k",
        None,
        "PUT",
        "/api/v1/prediction/f%201?key=k",
        {"chatId": "chat-1"},
    ),
    "langgraph": Stopping(
        event("metadata", {"run_id": "r-1"}) + event("messages", [{"type": "ai", "content": "So"}, {}]),
        "/threads/t-1/runs/r-1/cancel",
        None,
        path="/threads/t-1/runs/stream",
    ),
    "a2a": a2a("tasks/cancel", {"kind": "artifact-update", "taskId": "t-1", "artifact": {"parts": PARTS}}),
    "a2a-1.0": a2a("CancelTask", {"artifactUpdate": {"taskId": "t-1", "artifact": {"parts": [{"text": "So"}]}}}),
}


def test_every_kind_that_can_be_told_is_here() -> None:
    known = [load_provider(name) for name in provider_names()]
    assert {one.name for one in known if one and one.request.stop} == {name.partition(",")[0] for name in STOPS}


@pytest.mark.parametrize("name", STOPS)
async def test_the_call_of_each_kind(name: str) -> None:
    kind = STOPS[name]
    provider = name.partition(",")[0]
    config = {"provider": provider, "parameters": kind.parameters, **TOKEN}
    with HttpAgent(Reply(kind.said.encode(), end="hold"), Reply(b"{}")) as http:
        sessions = Sessions()
        sessions.restore(sessions.conversation("c").after(PastTurn("", "", agent="a"), kind.known))
        turn = start(sessions, http.base + kind.path, config, conversation_id="c")
        await stop_once_it_speaks(turn)
        call = await second_request(http)
        await sessions.aclose()
    assert turn.outcome is not None
    assert (turn.outcome.text, turn.outcome.stop_reason) == ("So", StopReason.CANCELLED)
    assert (call.method, call.target, call.headers["authorization"]) == (kind.method, kind.target, "Bearer secret-key")
    assert body_of(call) == kind.body


async def test_ids_of_one_turn_are_not_those_of_the_conversation() -> None:
    kind = STOPS["dify"]
    with HttpAgent(Reply(kind.said.encode())) as http:
        sessions = Sessions()
        turn = start(sessions, http.base + kind.path, {"provider": "dify"}, conversation_id="c")
        await run(turn)
        values = sessions.conversation("c").values_of("a")
        await sessions.aclose()
    assert (turn.of_turn, values) == ({"task_id": "t/1"}, {"conversation_id": "d"})
    assert len(http.requests) == 1, "a turn that ends by itself stops nothing"


@pytest.mark.parametrize(
    ("provider", "path", "said"),
    [
        ("dify", "/v1/chat-messages", '{"event": "message", "answer": "So"}'),
        ("dify", "/elsewhere", '{"event": "message", "answer": "So", "task_id": "t"}'),
        ("flowise", "/api/v1/prediction/f", '{"event": "token", "data": "So"}'),
        ("langgraph", "/runs/stream", '[{"type": "ai", "content": "So"}, {}]'),
        ("openai", "/v1/chat/completions", '{"choices": [{"delta": {"content": "So"}}], "id": "t"}'),
    ],
)
async def test_no_call_where_something_is_missing(provider: str, path: str, said: str) -> None:
    name = "messages" if provider == "langgraph" else "message"
    with HttpAgent(Reply(f"event: {name}\ndata: {said}\n\n".encode(), end="hold")) as http:
        sessions = Sessions()
        await stop_once_it_speaks(start(sessions, http.base + path, {"provider": provider}))
        await sessions.aclose()
    assert len(http.requests) == 1


async def test_closing_the_stream_and_cancelling_its_consumer_are_stops_too() -> None:
    kind = STOPS["dify"]
    for end in ("close", "cancel"):
        with HttpAgent(Reply(kind.said.encode(), end="hold"), Reply(b"{}")) as http:
            sessions = Sessions()
            turn = start(sessions, http.base + kind.path, {"provider": "dify"})
            if end == "close":
                async with aclosing(turn.events()) as events:
                    async for batch in events:
                        if any(isinstance(event, TextDelta) for event in batch):
                            break
            else:
                consuming = asyncio.ensure_future(run(turn))
                while not turn.of_turn:
                    await asyncio.sleep(0.001)
                consuming.cancel()
            assert (await second_request(http)).target.endswith("/stop")
            await sessions.aclose()


async def test_the_end_of_the_session_is_a_stop_and_waits_for_the_call() -> None:
    kind = STOPS["dify"]
    with HttpAgent(Reply(kind.said.encode(), end="hold"), Reply(b"{}")) as http:
        sessions = Sessions()
        turn = start(sessions, http.base + kind.path, {"provider": "dify"})
        consuming = asyncio.ensure_future(run(turn))
        while not turn.of_turn:
            await asyncio.sleep(0.001)
        await sessions.aclose()
        assert [request.target for request in http.requests] == [kind.path, kind.target]
        await consuming


async def test_a_call_that_is_not_answered_delays_neither_the_stop_nor_the_end() -> None:
    kind = STOPS["dify"]
    with HttpAgent(Reply(kind.said.encode(), end="hold"), Reply(raw=b"", end="hold")) as http:
        sessions = Sessions()
        turn = start(sessions, http.base + kind.path, {"provider": "dify"})
        await stop_once_it_speaks(turn)
        assert turn.outcome is not None
        await second_request(http)
        await sessions.aclose()
        assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_a_call_that_fails_is_logged_without_secrets(caplog: pytest.LogCaptureFixture) -> None:
    kind = STOPS["dify"]
    with caplog.at_level(logging.INFO), HttpAgent(Reply(kind.said.encode(), end="hold"), Reply(b"", 404)) as http:
        sessions = Sessions()
        url = f"{http.base}{kind.path}?key=sesame-open"
        await stop_once_it_speaks(start(sessions, url, {"provider": "dify", **TOKEN}))
        await second_request(http)
        while not caplog.records:
            await asyncio.sleep(0.001)
        await sessions.aclose()
    assert [record.getMessage() for record in caplog.records] == ["a was told to stop and answered with HTTP 404"]
    assert "sesame" not in caplog.text
    assert "secret-key" not in caplog.text


async def test_a_path_or_reference_of_ones_own() -> None:
    definition = {
        "request": {
            "body": {"q": "$content", "who": "me"},
            "stop": {"path": {"/{room}/ask": "/stop/{room}/$job"}, "query": {"who": "$who"}, "body": {"j": "$job"}},
        },
        "response": {"text": "$.t", "turn": {"job": "$.job"}},
    }
    catalog = make_catalog([DefinitionSource("mine", json.dumps(definition), "mine.jsonc", Owner.USER)])
    said = b'{"t": "So", "job": 7}\n'
    with HttpAgent(Reply(said, headers={"Content-Type": "application/x-ndjson"}, end="hold"), Reply(b"{}")) as http:
        sessions = Sessions()
        turn = start(sessions, f"{http.base}/v1/blue%2F/ask/", {"provider": "mine"}, providers=catalog)
        await stop_once_it_speaks(turn)
        call = await second_request(http)
        await sessions.aclose()
    assert (call.target, call.json) == ("/v1/stop/blue%2F/7?who=me", {"j": 7})


async def run(turn: Turn) -> None:
    async with aclosing(turn.events()) as events:
        async for _ in events:
            pass


async def stop_once_it_speaks(turn: Turn) -> None:
    async with aclosing(turn.events()) as events:
        async for batch in events:
            if any(isinstance(event, TextDelta) for event in batch):
                turn.stop()


async def second_request(http: HttpAgent) -> Asked:
    async with asyncio.timeout(10):
        while len(http.requests) < 2:
            await asyncio.sleep(0.001)
    return http.requests[1]


def body_of(call: Asked) -> Any:
    if not call.body:
        return None
    body = call.json
    return {**body, "id": "NEW"} if "jsonrpc" in body else body
