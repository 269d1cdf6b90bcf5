"""Recorded conversations with agents of many kinds, played over a real connection."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from chat_turns import consume
from dragoman.agents.built_in import provider_names
from dragoman.agents.reader import read_agent
from dragoman.chat.events import ErrorCode, StopReason, TurnOutcome
from dragoman.chat.sessions import PromptRequest, Sessions
from http_agent import Asked, HttpAgent, Reply

pytestmark = pytest.mark.conformance

CODES = {
    "usage_limit": {ErrorCode.USAGE_LIMIT},
    "agent_error": {ErrorCode.AGENT_ERROR},
    "no_match": {ErrorCode.NO_MATCH},
    "truncated": {ErrorCode.NETWORK, ErrorCode.TIMEOUT},
}


def folder() -> Path:
    return Path(os.environ["DRAGOMAN_CONFORMANCE"]) / "wire"


def cases() -> list[str]:
    """All but those with agents of providers that have no definition."""
    if "DRAGOMAN_CONFORMANCE" not in os.environ:
        return ["DRAGOMAN_CONFORMANCE is set"]
    agents = {file.stem: json.loads(file.read_text("utf-8"))["agent"] for file in folder().glob("*.json")}
    return sorted(name for name, agent in agents.items() if agent.get("provider", "custom") in provider_names())


@pytest.mark.parametrize("name", cases())
async def test_recorded_conversation(name: str) -> None:
    case = json.loads((folder() / f"{name}.json").read_text("utf-8"))
    turns = [case[turn] for turn in ("earlier_turn",) if turn in case]
    expected = case["expect"]
    with HttpAgent(*[reply(turn["response"]) for turn in [*turns, case]]) as http:
        sessions = Sessions()
        agent = read_agent(json.loads(json.dumps(case["agent"]).replace("{{BASE}}", http.base)))
        for turn in turns:
            outcome = await run(sessions, PromptRequest(agent, turn["prompt"], conversation_id="c"))
            assert outcome.text == turn["text"]
        outcome = await run(sessions, PromptRequest(agent, case["prompt"], conversation_id="c"))
        known = sessions.conversation("c").values_of(agent.name)
        await sessions.aclose()
    check_request(http.requests[-1], expected["request"])
    assert outcome.text in (expected["text_any_of"] or [expected["text"]])
    check_error(outcome, expected["error"])
    if expected["reasoning"] is not None:
        assert outcome.reasoning == expected["reasoning"]
    if "provider" in case["agent"] and expected["conversation"]:
        assert expected["conversation"].items() <= known.items()


def reply(response: dict[str, Any]) -> Reply:
    body = (folder() / response["body_file"]).read_bytes() if "body_file" in response else response["body"].encode()
    return Reply(
        body, response["status"], response["headers"], response.get("chunk_size"), response.get("end", "close")
    )


async def run(sessions: Sessions, request: PromptRequest) -> TurnOutcome:
    return (await consume(sessions.start(request))).outcome


def check_request(asked: Asked, expected: dict[str, Any]) -> None:
    assert (asked.method, asked.path, asked.query) == (expected["method"], expected["path"], expected["query"])
    assert "application/json" in asked.headers["content-type"]
    assert {**expected["headers"], "content-type": ""}.items() <= {**asked.headers, "content-type": ""}.items()
    if expected["match"] == "exact":
        assert asked.json == expected["json"]
    else:
        assert expected["json"].items() <= asked.json.items()


def check_error(outcome: TurnOutcome, expected: dict[str, Any] | None) -> None:
    if expected is None:
        assert outcome.error is None
        assert outcome.stop_reason in (StopReason.COMPLETED, StopReason.MAX_TOKENS)
        return
    assert outcome.error is not None
    if expected["class"] == "http_status":
        assert outcome.error.http_status == expected["status"]
    else:
        assert outcome.error.code in CODES[expected["class"]]
    assert (expected["message_contains"] or "") in outcome.error.message
