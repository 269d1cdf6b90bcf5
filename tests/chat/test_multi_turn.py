"""What later turns of a conversation send."""

from __future__ import annotations

import json
from typing import Any

from chat_turns import consume, start
from dragoman.chat.sessions import Sessions
from http_agent import JSON, TEXT, Asked, HttpAgent, Reply


async def conversation(config: dict[str, Any], *replies: Reply, prompts: str = "123") -> list[Asked]:
    """What an agent is sent by a conversation with these one-letter prompts."""
    with HttpAgent(*replies) as http:
        sessions = Sessions()
        for prompt in prompts:
            await consume(start(sessions, http, config, prompt, conversation_id="c"))
        await sessions.aclose()
        return http.requests


def text(body: str, **more: Any) -> Reply:
    return Reply(body.encode(), headers=TEXT, **more)


def fields(**values: Any) -> dict[str, Any]:
    return {"connector": {"requestFormat": json.dumps({"fields": values})}}


def custom(**values: Any) -> dict[str, Any]:
    return {"connector": {"requestFormat": json.dumps({"customFields": values})}}


def said(asked: Asked) -> str:
    return " ".join(f"{message['role'][0]}:{message['content']}" for message in asked.json["messages"])


async def test_messages_carry_the_earlier_turns() -> None:
    asked = await conversation({"system": "s"}, text("A"), text("B"))
    assert [said(one) for one in asked] == ["s:s u:1", "s:s u:1 a:A u:2", "s:s u:1 a:A u:2 a:B u:3"]


async def test_a_turn_that_failed_without_a_word_is_left_out_with_its_prompt() -> None:
    asked = await conversation({}, text("no", status=500), text("B"), text("C"))
    assert [said(one) for one in asked] == ["u:1", "u:2", "u:2 a:B u:3"]


async def test_a_turn_that_was_cut_keeps_what_it_said() -> None:
    asked = await conversation({}, text("half", end="cut"), text("B"), prompts="12")
    assert said(asked[1]) == "u:1 a:half u:2"


async def test_an_agent_that_is_told_the_session_gets_the_prompt_alone() -> None:
    asked = await conversation({"system": "s", **custom(session="$sessionId")}, text("A"), text("B"), prompts="12")
    assert [said(one) for one in asked] == ["s:s u:1", "u:2"]
    assert asked[0].json["session"] == asked[1].json["session"] != ""


async def test_the_agents_own_conversation_id_comes_back_once_it_is_known() -> None:
    reply = Reply(b'{"conversation_id": "k-1", "message": {"content": "A"}}', headers=JSON)
    asked = await conversation(custom(id="$conversationId", deep={"x": "id=$conversationId"}), reply, prompts="12")
    assert ["id" in one.json for one in asked] == [False, True]
    assert (asked[0].json["deep"], asked[1].json["id"]) == ({"x": "id="}, "k-1")
    assert said(asked[1]) == "u:2"


async def test_an_id_below_data_counts_and_the_last_one_wins() -> None:
    body = b'data: {"session_id": "1"}\n\ndata: {"data": {"sessionId": "2"}}\n\ndata: x\n\n'
    asked = await conversation(fields(q="$content", id="$conversationId"), Reply(body), prompts="12")
    assert asked[1].json == {"q": "2", "id": "2"}


async def test_a_body_of_fields_without_history_gets_the_prompt_alone() -> None:
    asked = await conversation(fields(q="$content"), text("A"), prompts="12")
    assert asked[1].json == {"q": "2"}


async def test_history_holds_the_prompt_only_where_there_is_no_content() -> None:
    earlier = [{"role": "user", "content": "1"}, {"role": "assistant", "content": "A"}]
    asked = await conversation(fields(h="$history", q="$content"), text("A"), prompts="12")
    assert [one.json for one in asked] == [{"h": [], "q": "1"}, {"h": earlier, "q": "2"}]
    asked = await conversation(fields(h="$history"), text("A"), prompts="12")
    assert asked[1].json == {"h": [*earlier, {"role": "user", "content": "2"}]}


async def test_chaindesk_gets_its_ids_back() -> None:
    body = b'{"answer": "A", "conversationId": "c1", "visitorId": "v1"}'
    config = {"provider": "chaindesk", "parameters": {"temperature": 0.5, "query": "no"}, "system": "s"}
    first, second = await conversation(config, Reply(body, headers=JSON), prompts="12")
    assert first.json == {"query": "1", "streaming": True, "temperature": 0.5, "systemPrompt": "s"}
    assert second.json == {**first.json, "query": "2", "conversationId": "c1", "visitorId": "v1"}


async def test_chaindesk_streams_unless_told_otherwise() -> None:
    config = {"provider": "chaindesk", "parameters": {"streaming": False}}
    (asked,) = await conversation(config, Reply(b'{"answer": "A"}', headers=JSON), prompts="1")
    assert asked.json == {"query": "1", "streaming": False}
