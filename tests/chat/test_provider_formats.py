"""What a definition can say, shown by kinds of agents that differ: no line of code knows them."""

from __future__ import annotations

import json
from contextlib import aclosing
from typing import Any

import pytest

from dragoman.agents.catalog import read_provider
from dragoman.agents.model import Agent
from dragoman.agents.reader import read_agent
from dragoman.chat.conversation import Conversation, PastTurn, TurnInput
from dragoman.chat.engine import Batch, Clock, Ending, run_turn
from dragoman.chat.errors import TurnFailedError
from dragoman.chat.events import ErrorCode, FollowUp, ReasoningDelta, StopReason, TextDelta, TurnEvent, Usage
from dragoman.chat.request import build_request
from dragoman.chat.transport.client import Transport
from dragoman.chat.turn import Turn
from http_agent import JSON, Asked, HttpAgent, Reply


async def converse(
    definition: dict[str, Any],
    *documents: Any,
    config: dict[str, Any] | None = None,
    known: dict[str, str] | None = None,
    target: str = "/chat",
) -> tuple[Asked, Turn, list[TurnEvent], dict[str, Any]]:
    """The second turn with an agent of this definition, which answers with `documents` as events."""
    body = b"".join(b"data: %s\n\n" % json.dumps(document).encode() for document in documents)
    with HttpAgent(Reply(body)) as http:
        agent: Agent = read_agent({"name": "a", "url": http.base + target, **(config or {})})
        conversation = Conversation("c", "session-1", PastTurn("1", "A", agent="a", values={"a": known or {}}))
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


async def test_an_own_response_format_has_the_last_word() -> None:
    definition = {"request": {"body": {"q": "$content"}}, "response": {"final": ["$.answer"]}}
    with HttpAgent(Reply(b'{"answer": "no", "other": "yes"}', headers=JSON)) as http:
        agent = read_agent({"name": "a", "url": http.url, "connector": {"responseFormat": "$.other"}})
        start = TurnInput(agent, read_provider("test", json.dumps(definition)), "2", Conversation("c", "s"))
        transport = Transport()
        steps = [step async for step in run_turn(start, transport, Clock())]
        await transport.aclose()
    batches = [step for step in steps if isinstance(step, tuple)]
    assert [event.delta for batch in batches for event in batch if isinstance(event, TextDelta)] == ["yes"]


async def test_an_error_where_only_the_definition_knows_it() -> None:
    definition = {"request": {"body": {"q": "$content"}}, "response": {"text": ["$.t"], "errors": ["$.fault.why"]}}
    _, turn, _, _ = await converse(definition, {"t": "a"}, {"fault": {"why": "sad"}})
    assert turn.outcome is not None
    assert turn.outcome.error is not None
    assert (turn.outcome.error.agent_message, turn.outcome.text) == ("sad", "a")


async def test_text_is_what_is_text() -> None:
    definition = {"request": {"body": {"q": "$content"}}, "response": {"text": ["$.a", "$.b"]}}
    documents = ({"a": {"no": 1}, "b": "x"}, {"a": [{"no": 1}]}, {"a": None}, {"a": 7}, {"a": ["y", "z"]})
    _, turn, _, _ = await converse(definition, *documents)
    assert text_of(turn) == "xyz"


async def test_counts_that_come_one_after_another() -> None:
    response = {"text": ["$.t"], "usage": {"input": ["$.in", "$.asked"], "output": ["$.out"]}}
    documents = ({"asked": 12, "out": 1}, {"t": "x", "out": 2}, {"out": "many"}, {"out": 1e999})
    _, turn, _, _ = await converse({"request": {"body": {"q": "$content"}}, "response": response}, *documents)
    assert turn.outcome is not None
    assert turn.outcome.usage == Usage(12, 2)


async def test_an_answer_that_stopped_too_early_says_so() -> None:
    response = {"text": ["$.t"], "stop": {"path": ["$.why"], "maxTokens": "full", "refused": ["no"]}}
    definition = {"request": {"body": {"q": "$content"}}, "response": response}
    stops = {"full": StopReason.MAX_TOKENS, "no": StopReason.REFUSED, "done": StopReason.COMPLETED}
    for word, stop in stops.items():
        _, turn, _, _ = await converse(definition, {"t": "x", "why": word}, {"why": None})
        assert turn.outcome is not None
        assert (turn.outcome.stop_reason, turn.outcome.error, turn.outcome.text) == (stop, None, "x")


async def test_parameters_in_the_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEPLOYMENT", "ü/1")
    definition = {"request": {"inUrl": ["name"], "body": {"q": "$content"}}, "response": {"text": ["$.t"]}}
    config = {"parameters": {"name": "${env:DEPLOYMENT}", "other": "o"}}
    asked, _, _, _ = await converse(definition, {"t": "x"}, config=config, target="/x/{name}?y={other}")
    assert asked.target == "/x/%C3%BC%2F1?y={other}"
    assert asked.json == {"q": "2", "other": "o"}


async def test_an_address_that_lacks_a_parameter_is_not_asked() -> None:
    definition = '{"request": {"inUrl": ["name"], "body": {"q": "$content"}}, "response": {"text": ["$.t"]}}'
    agent = read_agent({"name": "a", "url": "http://127.0.0.1:9/x/{name}"})
    start = TurnInput(agent, read_provider("test", definition), "hi", Conversation("c", "s"))
    with pytest.raises(TurnFailedError) as raised:
        build_request(start)
    assert (raised.value.error.code, raised.value.error.blame) == (ErrorCode.CONFIG, ("url",))
    assert "parameters.name" in raised.value.error.message


async def test_parameters_go_into_the_body_key_by_key() -> None:
    body = {"a": {"b": "$content", "c": 1}, "id": "$sessionId", "gone": {"d": [{"e": "$thread"}]}}
    definition = {
        "request": {"body": body},
        "response": {"text": ["$.t"], "conversation": {"thread": ["$.thread"]}},
    }
    config = {"parameters": {"a": {"b": "no", "c": 2, "d": 3}, "id": "mine"}}
    asked, _, _, _ = await converse(definition, {"t": "x"}, config=config)
    assert asked.json == {"a": {"b": "2", "c": 2, "d": 3}, "id": "mine"}


@pytest.mark.parametrize(("auth", "header"), [({}, "api-key"), ({"header": "x-own"}, "x-own")])
async def test_the_header_of_a_token_is_the_agents_say_before_the_providers(auth: dict[str, str], header: str) -> None:
    definition = {"auth": {"type": "ApiKey", "header": "api-key"}, "response": {"text": ["$.t"]}}
    config = {"auth": {"type": "ApiKey", "token": "k", **auth}}
    asked, _, _, _ = await converse(definition, {"t": "x"}, config=config)
    assert asked.headers[header] == "k"


async def test_a_turn_is_batches_and_one_ending() -> None:
    agent = read_agent({"name": "a", "url": "ftp://x"})
    start = TurnInput(agent, read_provider("test", "{}"), "hi", Conversation("c", "s"))
    steps: list[Batch | Ending] = [step async for step in run_turn(start, Transport(), Clock())]
    assert [type(step) for step in steps] == [tuple, Ending]
