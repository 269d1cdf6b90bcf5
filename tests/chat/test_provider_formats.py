"""What a definition can say, shown by kinds of agents that differ: no line of code knows them."""

from __future__ import annotations

import json
from contextlib import aclosing
from typing import Any

from dragoman.agents.model import Agent
from dragoman.agents.provider import read_provider
from dragoman.agents.reader import read_agent
from dragoman.chat.conversation import Conversation, PastTurn, TurnInput
from dragoman.chat.engine import Batch, Clock, Ending, run_turn
from dragoman.chat.events import FollowUp, ReasoningDelta, TurnEvent
from dragoman.chat.transport.client import Transport
from dragoman.chat.turn import Turn
from http_agent import Asked, HttpAgent, Reply

EARLIER = (PastTurn("1", "A"),)


async def converse(
    definition: dict[str, Any],
    *documents: Any,
    config: dict[str, Any] | None = None,
    known: dict[str, str] | None = None,
) -> tuple[Asked, Turn, list[TurnEvent], dict[str, Any]]:
    """The second turn with an agent of this definition, which answers with `documents` as events."""
    body = b"".join(b"data: %s\n\n" % json.dumps(document).encode() for document in documents)
    with HttpAgent(Reply(body)) as http:
        agent: Agent = read_agent({"name": "a", "url": http.url, **(config or {})})
        conversation = Conversation("c", "session-1", EARLIER, {"a": known or {}})
        start = TurnInput(agent, read_provider("test", json.dumps(definition)), "2", conversation)
        learned: dict[str, Any] = {}
        transport = Transport()
        steps = run_turn(start, transport, Clock())
        turn = Turn("t", "c", "a", steps, on_end=lambda _turn, _outcome, values: learned.update(values))
        async with aclosing(turn.events()) as batches:
            events = [event async for batch in batches for event in batch]
        await transport.aclose()
        return http.requests[0], turn, events, learned


def text_of(turn: Turn) -> str:
    assert turn.outcome is not None
    assert turn.outcome.error is None
    return turn.outcome.text


async def test_messages_with_the_agents_parameters() -> None:
    definition = {"request": {"body": {"model": "small", "messages": "$history", "stream": True}}}
    config = {"parameters": {"model": "big", "messages": []}, "system": "s"}
    asked, turn, _, _ = await converse(definition, {"choices": [{"delta": {"content": "x"}}]}, config=config)
    assert (asked.json["model"], asked.json["stream"], text_of(turn)) == ("big", True, "x")
    assert [message["role"] for message in asked.json["messages"]] == ["system", "user", "assistant", "user"]


async def test_messages_in_another_shape_and_a_field_for_the_system_prompt() -> None:
    request = {
        "body": {"contents": "$history", "system": {"text": "$system"}},
        "message": {"role": "$role", "parts": [{"text": "$text"}]},
        "roles": {"assistant": "model"},
        "headers": {"X-Version": "7"},
    }
    response = {"text": ["$.parts[*].text"], "end": ["$[?(@.last == true)].last"]}
    documents = (
        {"parts": [{"text": "a"}, {"text": "b"}]},
        {"parts": [{"text": "c"}], "last": True},
        {"parts": [{"text": "no"}]},
    )
    asked, turn, _, _ = await converse({"request": request, "response": response}, *documents, config={"system": "s"})
    assert asked.json["contents"][1] == {"role": "model", "parts": [{"text": "A"}]}
    assert (asked.json["system"], len(asked.json["contents"])) == ({"text": "s"}, 3)
    assert (asked.headers["x-version"], text_of(turn)) == ("7", "abc")


async def test_a_conversation_that_the_agent_keeps() -> None:
    request = {
        "body": {"query": "$content", "user": "$sessionId", "conversation_id": "$conversation_id"},
        "query": {"conversation_id": "$conversation_id", "x": "$unknown"},
    }
    response = {
        "text": ["$[?(@.event == 'message')].answer"],
        "replace": ["$[?(@.event == 'message_replace')].answer"],
        "followUps": ["$.suggested"],
        "reasoning": ["$.thought"],
        "conversation": {"conversation_id": ["$.conversation_id"]},
    }
    documents = (
        {"event": "message", "answer": "secret", "conversation_id": "k2", "thought": "hm"},
        {"event": "message_replace", "answer": "I cannot say."},
        {"event": "message_end", "suggested": ["why?", "how?"]},
    )
    asked, turn, events, learned = await converse(
        {"request": request, "response": response}, *documents, known={"conversation_id": "k1"}
    )
    assert asked.json == {"query": "2", "user": "session-1", "conversation_id": "k1"}
    assert asked.query == {"conversation_id": "k1", "x": "$unknown"}
    assert text_of(turn) == "I cannot say."
    assert learned == {"conversation_id": "k2"}
    assert FollowUp(("why?", "how?")) in events
    assert ReasoningDelta("hm") in events


async def test_an_own_request_format_replaces_the_body_and_keeps_the_rest() -> None:
    definition = {
        "request": {"body": {"query": "$content"}},
        "response": {"text": ["$.answer"], "conversation": {"thread_id": ["$.thread"]}},
    }
    connector = {"requestFormat": '{"fields": {"q": "$content", "id": "$thread_id"}}', "responseFormat": "$.other"}
    config = {"connector": connector, "parameters": {"t": 1}}
    asked, turn, _, learned = await converse(
        definition, {"answer": "no", "other": "yes", "thread": "k2"}, config=config, known={"thread_id": "k1"}
    )
    assert asked.json == {"q": "2", "id": "k1"}
    assert (text_of(turn), learned) == ("yes", {"thread_id": "k2"})


async def test_an_error_where_only_the_definition_knows_it() -> None:
    definition = {"request": {"body": {"q": "$content"}}, "response": {"text": ["$.t"], "errors": ["$.fault.why"]}}
    _, turn, _, _ = await converse(definition, {"t": "a"}, {"fault": {"why": "sad"}})
    assert turn.outcome is not None
    assert turn.outcome.error is not None
    assert (turn.outcome.error.agent_message, turn.outcome.text) == ("sad", "a")


async def test_a_turn_is_batches_and_one_ending() -> None:
    agent = read_agent({"name": "a", "url": "ftp://x"})
    start = TurnInput(agent, read_provider("test", "{}"), "hi", Conversation("c", "s"))
    steps: list[Batch | Ending] = [step async for step in run_turn(start, Transport(), Clock())]
    assert [type(step) for step in steps] == [tuple, Ending]
