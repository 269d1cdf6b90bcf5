"""Asking again: another branch of the same conversation, by the same agent or another one, or with another prompt."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from pygls.exceptions import JsonRpcException, JsonRpcInvalidParams

from http_agent import JSON, TEXT, HttpAgent, Reply
from lsp_session import Answer, Editor, between, start

pytestmark = pytest.mark.asyncio(loop_scope="module")

OFF = {"history": {"enabled": False}}


def said(text: str) -> Reply:
    return Reply(text.encode(), headers=TEXT)


def agent(http: HttpAgent, name: str = "a", **more: Any) -> dict[str, Any]:
    return {"name": name, "url": http.url, **more}


def contents(http: HttpAgent, number: int = -1) -> list[str]:
    return [message["content"] for message in http.requests[number].json["messages"]]


async def retry(editor: Editor, turn_id: str, **params: Any) -> Answer:
    """`dragoman/retry` with what it streams."""
    token = f"retry-{turn_id}-{len(editor.received)}"
    result = await editor.ask("dragoman/retry", {"turnId": turn_id, "partialResultToken": token, **params})
    return Answer(editor.events(token), result)


async def refused(editor: Editor, turn_id: str) -> JsonRpcException:
    with pytest.raises(JsonRpcException) as raised:
        await retry(editor, turn_id)
    return raised.value


async def test_a_new_turn_in_the_place_of_the_old_one(editor: Editor) -> None:
    with HttpAgent(said("A"), said("B"), said("B2"), said("C")) as http:
        editor.open_agents(agent(http))
        first = (await editor.prompt("a", "1")).result
        same = {"conversationId": first["conversationId"]}
        second = (await editor.prompt("a", "2", **same)).result
        again = await retry(editor, second["turnId"], newTurnId="n")
        await editor.prompt("a", "3", **same)
    assert again.events[0]["kind"] == "start"
    assert {event["turnId"] for event in again.events} == {"n"} == {again.result["turnId"]}
    assert (again.text, again.result["conversationId"]) == ("B2", first["conversationId"])
    assert contents(http, 2) == ["1", "A", "2"]
    assert contents(http, 3) == ["1", "A", "2", "B2", "3"]

    whole = await editor.ask("dragoman/conversation", same)
    shown = [(turn["text"], turn.get("parentId")) for turn in whole["turns"]]
    assert shown == [("A", None), ("B", first["turnId"]), ("B2", first["turnId"]), ("C", "n")]
    assert whole["headTurnId"] == whole["turns"][-1]["turnId"]


async def test_another_prompt_and_another_agent(editor: Editor) -> None:
    with HttpAgent(said("A"), said("B")) as http, HttpAgent(said("other")) as other:
        editor.open_agents(agent(http), agent(other, "b"))
        first = (await editor.prompt("a", "1")).result
        await editor.prompt("a", "2", conversationId=first["conversationId"])
        answer = await retry(editor, first["turnId"], agent="b", prompt="one")
        assert (answer.result["agent"], answer.text) == ("b", "other")
        assert contents(other) == ["one"]
        await editor.prompt("b", "two", conversationId=first["conversationId"])
        assert contents(other) == ["one", "other", "two"]


async def test_going_on_from_an_older_turn(editor: Editor) -> None:
    with HttpAgent(said("A"), said("B"), said("C"), said("D")) as http:
        editor.open_agents(agent(http))
        first = (await editor.prompt("a", "1")).result
        second = (await editor.prompt("a", "2", conversationId=first["conversationId"])).result
        third = (await editor.prompt("a", "3", afterTurnId=first["turnId"])).result
        assert third["conversationId"] == first["conversationId"]
        await editor.prompt("a", "4", afterTurnId=second["turnId"])
        assert [contents(http, number) for number in (2, 3)] == [["1", "A", "3"], ["1", "A", "2", "B", "4"]]
    with pytest.raises(JsonRpcException):
        await editor.prompt("a", "?", afterTurnId="nobody")


async def test_an_agent_that_keeps_state_branches_rightly(editor: Editor) -> None:
    replies = [
        Reply(json.dumps({"conversation_id": f"k{n}", "message": {"content": "x"}}).encode(), headers=JSON)
        for n in range(4)
    ]
    template = {"connector": {"requestFormat": '{"fields": {"q": "$content", "id": "$conversationId"}}'}}
    with HttpAgent(*replies) as http:
        editor.open_agents(agent(http, **template))
        first = (await editor.prompt("a", "1")).result
        second = (await editor.prompt("a", "2", conversationId=first["conversationId"])).result
        await retry(editor, second["turnId"])
        await retry(editor, first["turnId"])
    assert [asked.json.get("id") for asked in http.requests] == [None, "k0", "k0", None]


async def test_the_context_is_sent_again(editor: Editor) -> None:
    code = editor.open("src/x.py", "one\ntwo\n", "python")
    fields = {"q": "$content", "code": "$selection", "at": "$filePath"}
    template = {"connector": {"requestFormat": json.dumps({"fields": fields})}}
    context = [
        {"kind": "selection", "textDocument": {"uri": code}, "range": between(1, 0, 1, 3)},
        {"kind": "text", "text": "more"},
    ]
    with HttpAgent(said("A")) as http, HttpAgent(said("B")) as plain:
        editor.open_agents(agent(http, **template), agent(plain, "plain"))
        first = (await editor.prompt("a", "Why?", context=context)).result
        editor.change(code, "changed\n")
        await retry(editor, first["turnId"])
        await retry(editor, first["turnId"], prompt="How?")
        await retry(editor, first["turnId"], agent="plain")
    sent = {"code": "two", "at": "src/x.py"}
    assert [asked.json for asked in http.requests] == [
        {"q": "Why?\n\n```\nmore\n```", **sent},
        {"q": "Why?\n\n```\nmore\n```", **sent},
        {"q": "How?\n\n```\nmore\n```", **sent},
    ]
    assert contents(plain) == ["Why?\n\nsrc/x.py, line 2:\n\n```python\ntwo\n```\n\n```\nmore\n```"]


async def test_a_turn_that_runs_is_busy(editor: Editor) -> None:
    with HttpAgent(Reply([b"data: x\n\n"], end="hold")) as http:
        editor.open_agents(agent(http))
        token, first = editor.start_prompt("a", turnId="t")
        await editor.until(lambda: any(event["kind"] == "text" for event in editor.events(token)))
        assert (await retry(editor, "t")).result["error"]["code"] == "busy"
        assert await editor.ask("dragoman/stop", {"turnId": "t"}) == {"stopped": True}
        await first


async def test_a_retry_is_stopped_like_a_prompt(editor: Editor) -> None:
    with HttpAgent(said("A"), Reply([b"data: x\n\n"], end="hold")) as http:
        editor.open_agents(agent(http))
        first = (await editor.prompt("a", "1")).result
        running = editor.start_asking("dragoman/retry", {"turnId": first["turnId"], "newTurnId": "n"})
        assert await editor.ask("dragoman/stop", {"turnId": "n"}) == {"stopped": True}
        assert (await running)["stopReason"] == "cancelled"


async def test_a_turn_that_nobody_knows(editor: Editor) -> None:
    error = await refused(editor, "nobody")
    assert (error.code, "no turn of that id" in error.message) == (JsonRpcInvalidParams.CODE, True)
    with pytest.raises(JsonRpcException) as raised:
        await editor.command("dragoman.retry", {"turnId": "nobody"})
    assert raised.value.code == JsonRpcInvalidParams.CODE


async def test_a_turn_that_failed_before_it_began_is_asked_again(editor: Editor) -> None:
    with HttpAgent(said("A"), said("B")) as http:
        uri = editor.open_agents(agent(http, enabled=False))
        first = (await editor.prompt("a", "1")).result
        unknown = (await editor.prompt("b", "2")).result
        assert first["error"]["code"] == unknown["error"]["code"] == "config"
        editor.change(uri, json.dumps([agent(http), agent(http, "b")]))
        again = await retry(editor, first["turnId"])
        assert (again.text, again.result["conversationId"]) == ("A", first["conversationId"])
        assert (await retry(editor, unknown["turnId"])).text == "B"
    assert [contents(http, number) for number in (0, 1)] == [["1"], ["2"]]


async def test_an_agent_that_was_not_trusted_is_asked_again(editor: Editor) -> None:
    with HttpAgent(said("A")) as http:
        editor.open_agents(agent(http))
        editor.trust = ["Not now"]
        first = (await editor.prompt("a", "1")).result
        assert first["error"]["code"] == "untrusted"
        assert (await retry(editor, first["turnId"])).text == "A"
    assert len(editor.trust_questions) == 2


async def test_by_command(editor: Editor) -> None:
    with HttpAgent(said("A"), said("B")) as http:
        editor.open_agents(agent(http))
        first = (await editor.prompt("a", "1")).result
        told = await editor.command("dragoman.retry", {"turnId": first["turnId"]})
        await editor.until(lambda: [event for event in editor.turn_events(told["turnId"]) if event["kind"] == "end"])
        assert "".join(event.get("delta", "") for event in editor.turn_events(told["turnId"])) == "B"


@pytest.mark.parametrize("made_up", [False, True])
async def test_a_turn_of_an_earlier_session(tmp_path: Path, made_up: bool) -> None:
    ids = {"conversationId": "c", "turnId": "t"} if made_up else {}
    with HttpAgent(said("A"), said("B"), said("C")) as http:
        async with start(tmp_path) as editor:
            editor.open_agents(agent(http))
            uri = editor.open("x.py", "one\n", "python")
            first = (await editor.prompt("a", "1", **ids)).result
            context = [{"kind": "file", "uri": uri}]
            same = {"conversationId": first["conversationId"], "context": context}
            second = (await editor.prompt("a", "2", **same)).result
        async with start(tmp_path) as editor:
            editor.open_agents(agent(http))
            again = await retry(editor, second["turnId"])
            assert again.result["conversationId"] == first["conversationId"]
            assert contents(http) == ["1", "A", "2\n\nx.py, line 1:\n\n```python\none\n```"]
            await retry(editor, second["turnId"], prompt="two")
            assert contents(http) == ["1", "A", "two\n\nx.py, line 1:\n\n```python\none\n```"]
            whole = await editor.ask("dragoman/conversation", {"conversationId": first["conversationId"]})
    assert [turn.get("parentId") for turn in whole["turns"]] == [None, *[first["turnId"]] * 3]
    assert [turn.get("typed") for turn in whole["turns"]] == [None, "2", "2", "two"]


async def test_two_editors_ask_the_same_turn_again(tmp_path: Path) -> None:
    with HttpAgent(said("A"), said("B"), said("C"), said("D"), said("E")) as http:
        async with start(tmp_path) as one, start(tmp_path) as other:
            for editor in (one, other):
                editor.open_agents(agent(http))
            first = (await one.prompt("a", "1")).result
            same = {"conversationId": first["conversationId"]}
            second = (await one.prompt("a", "2", **same)).result
            await one.ask("dragoman/conversation", same)  # which has the server write what it has
            await asyncio.gather(retry(one, second["turnId"]), retry(other, second["turnId"]))
            await other.prompt("a", "3", **same)
            for editor in (one, other):
                whole = await editor.ask("dragoman/conversation", same)
    ids = [turn["turnId"] for turn in whole["turns"]]
    assert len({*ids}) == 5
    assert [turn.get("parentId") for turn in whole["turns"][:4]] == [None, *[first["turnId"]] * 3]
    assert whole["turns"][4]["parentId"] in ids[2:4]
    assert len(contents(http)) == 5


async def test_with_the_history_switched_off(tmp_path: Path) -> None:
    with HttpAgent(said("A"), said("B")) as http:
        async with start(tmp_path, options=OFF) as editor:
            editor.open_agents(agent(http))
            first = (await editor.prompt("a", "1")).result
            assert (await retry(editor, first["turnId"])).text == "B"
        async with start(tmp_path, options=OFF) as editor:
            assert (await refused(editor, first["turnId"])).code == JsonRpcInvalidParams.CODE


async def test_agents_take_turns(editor: Editor) -> None:
    keeps = {"connector": {"requestFormat": '{"customFields": {"id": "$conversationId"}}'}, "system": "s"}
    kept = Reply(b'{"conversation_id": "k", "message": {"content": "B"}}', headers=JSON)
    with HttpAgent(said("A")) as stateless, HttpAgent(kept) as stateful:
        editor.open_agents(agent(stateless), agent(stateful, "b", **keeps))
        conversation = {"conversationId": (await editor.prompt("a", "1")).result["conversationId"]}
        joined = await editor.prompt("b", "2", **conversation)
        await editor.prompt("a", "3", **conversation)
        stayed = [await editor.prompt("b", prompt, **conversation) for prompt in "45"]
    assert contents(stateless) == ["1", "A", "2", "B", "3"]
    assert [contents(stateful, number) for number in range(3)] == [["s", "2"], ["4"], ["5"]]
    assert [asked.json.get("id") for asked in stateful.requests] == [None, "k", "k"]
    told = [[notice["code"] for notice in answer.of("notice")] for answer in (joined, *stayed)]
    assert told == [["conversation"], ["conversation"], []]
