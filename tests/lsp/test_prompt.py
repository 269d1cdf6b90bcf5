"""`dragoman/prompt`: what streams, in which order, what goes out to the agent, and how it ends."""

from __future__ import annotations

import json
import threading
from typing import Any

import pytest
from lsprotocol import types

from http_agent import JSON, HttpAgent, Reply
from lsp_session import Editor

pytestmark = pytest.mark.asyncio(loop_scope="module")


def delta(text: str) -> bytes:
    return f"data: {json.dumps({'choices': [{'delta': {'content': text}}]})}\n\n".encode()


DONE = b"data: [DONE]\n\n"
HELLO = Reply([delta("hel"), delta("lo"), DONE])


def agent(http: HttpAgent, **more: Any) -> dict[str, Any]:
    return {"name": "a", "url": http.url, **more}


async def test_the_order_of_what_streams(editor: Editor) -> None:
    gate = threading.Event()
    with HttpAgent(Reply([delta("a😀"), gate, delta("é"), delta("😀b"), DONE])) as http:
        editor.open_agents(agent(http))
        token, result = editor.start_prompt("a", turnId="t", conversationId="c")
        await editor.until(lambda: any(event["kind"] == "text" for event in editor.events(token)))
        assert not result.done()
        gate.set()
        await result
    events = editor.events(token)
    assert events[0] == {"turnId": "t", "seq": 0, "kind": "start", "conversationId": "c", "agent": "a"}
    assert [event["seq"] for event in events] == list(range(len(events)))
    assert {event["turnId"] for event in events} == {"t"}
    assert [event["phase"] for event in events if event["kind"] == "status"] == ["connecting", "waiting", "streaming"]
    length = 0
    for event in events:
        if event["kind"] == "text":
            assert event["offset"] == length
            length += len(event["delta"].encode("utf-16-le")) // 2
    assert (
        result.result().items()
        >= {
            "turnId": "t",
            "conversationId": "c",
            "agent": "a",
            "stopReason": "completed",
            "textLength": length,
            "incomplete": False,
        }.items()
    )
    assert "text" not in result.result()
    kinds = ["progress" if "method" in message else "result" for message in editor.received if concerns(message, token)]
    assert kinds == ["progress"] * (len(kinds) - 1) + ["result"]


def concerns(message: dict[str, Any], token: str) -> bool:
    return message.get("params", {}).get("token") == token or "stopReason" in str(message.get("result"))


async def test_a_whole_result_without_a_token(editor: Editor) -> None:
    with HttpAgent(HELLO) as http:
        editor.open_agents(agent(http))
        result = await editor.ask("dragoman/prompt", {"agent": "a", "prompt": "hi"})
    assert (result["text"], result["textLength"]) == ("hello", 5)
    assert result["timings"].keys() == {"connectMs", "firstByteMs", "totalMs"}
    assert not editor.sent(types.PROGRESS)


async def test_tokens_are_numbers_or_strings(editor: Editor) -> None:
    with HttpAgent(HELLO) as http:
        editor.open_agents(agent(http))
        for token in (7, "7", 0, ""):
            editor.received.clear()
            await editor.ask("dragoman/prompt", {"agent": "a", "prompt": "hi", "partialResultToken": token})
            assert "".join(event.get("delta", "") for event in editor.events(token)) == "hello"
            assert {type(params["token"]) for params in editor.sent(types.PROGRESS)} == {type(token)}


async def test_half_an_emoji_never_reaches_the_editor(editor: Editor) -> None:
    halves = [delta("\ud83d"), delta("\ude00!")]
    with HttpAgent(Reply(halves)) as http:
        editor.open_agents(agent(http))
        answer = await editor.prompt("a")
    assert answer.text.endswith("!")
    assert answer.result["textLength"] == len(answer.text.encode("utf-16-le")) // 2


async def test_lone_surrogates_both_ways(editor: Editor) -> None:
    with HttpAgent(Reply(b'data: {"choices":[{"delta":{"content":"a\\ud83db"}}]}\n\n')) as http:
        editor.open_agents(agent(http))
        answer = await editor.prompt("a", "\udfff?")
    assert answer.result["stopReason"] == "completed"
    assert answer.text[0] + answer.text[-1] == "ab"
    assert http.requests[0].json["messages"][0]["content"].endswith("?")


async def test_several_turns(editor: Editor) -> None:
    with HttpAgent(HELLO) as http:
        editor.open_agents(agent(http))
        first = (await editor.prompt("a", "one")).result
        await editor.prompt("a", "two", conversationId=first["conversationId"])
        await editor.prompt("a", "three")
    assert http.requests[1].json["messages"] == [
        {"role": "user", "content": "one"},
        {"role": "assistant", "content": "hello"},
        {"role": "user", "content": "two"},
    ]
    assert http.requests[2].json["messages"] == [{"role": "user", "content": "three"}]


async def test_turns_at_the_same_time(editor: Editor) -> None:
    gate = threading.Event()
    with HttpAgent(Reply([delta("slow"), gate, delta("ly"), DONE]), HELLO) as http:
        editor.open_agents(agent(http))
        token, slow = editor.start_prompt("a")
        await editor.until(lambda: any(event["kind"] == "text" for event in editor.events(token)))
        quick = [await editor.prompt("a") for _ in range(3)]
        assert [answer.text for answer in quick] == ["hello"] * 3
        assert not slow.done()
        gate.set()
        assert (await slow)["textLength"] == 6


async def test_a_conversation_that_is_busy(editor: Editor) -> None:
    with HttpAgent(Reply([delta("x")], end="hold")) as http:
        editor.open_agents(agent(http))
        token, first = editor.start_prompt("a", turnId="t", conversationId="c")
        await editor.until(lambda: any(event["kind"] == "text" for event in editor.events(token)))
        second = (await editor.prompt("a", conversationId="c")).result
        assert (second["stopReason"], second["error"]["code"]) == ("error", "busy")
        same_id = (await editor.prompt("a", turnId="t")).result
        assert same_id["error"]["code"] == "busy"
        assert await editor.ask("dragoman/stop", {"turnId": "t"}) == {"stopped": True}
        assert (await first)["stopReason"] == "cancelled"


async def test_a_json_answer(editor: Editor) -> None:
    with HttpAgent(Reply(b'{"answer": ["x", 1, {"y": null}]}', headers=JSON)) as http:
        editor.open_agents(agent(http, connector={"responseFormat": "$.answer"}))
        assert (await editor.prompt("a")).text == 'x1{"y":null}'
