"""Recorded conversations through the whole server: the agent in a file of the workspace, the answer by progress."""

from __future__ import annotations

import json
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from http_agent import Asked, HttpAgent, Reply
from lsp_session import Answer, Editor, start

pytestmark = [pytest.mark.conformance, pytest.mark.asyncio(loop_scope="module")]

VENDORS = ("autodev", "coze", "chaindesk", "framing")
CODES = {
    "usage_limit": {"usage_limit"},
    "agent_error": {"agent_error"},
    "no_match": {"no_match"},
    "truncated": {"network", "timeout"},
}
BY_STATUS = {
    401: "auth",
    402: "usage_limit",
    403: "forbidden",
    404: "not_found",
    407: "proxy",
    408: "timeout",
    429: "rate_limited",
    504: "timeout",
}


def folder() -> Path:
    return Path(os.environ["DRAGOMAN_CONFORMANCE"]) / "wire"


def cases() -> list[str]:
    if "DRAGOMAN_CONFORMANCE" not in os.environ:
        return ["DRAGOMAN_CONFORMANCE is set"]
    return sorted(file.stem for vendor in VENDORS for file in folder().glob(f"{vendor}_*.json"))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def session(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Editor]:
    async with start(tmp_path_factory.mktemp("wire")) as editor:
        yield editor


@pytest.mark.parametrize("name", cases())
async def test_recorded_conversation(session: Editor, name: str) -> None:
    case = json.loads((folder() / f"{name}.json").read_text("utf-8"))
    earlier = [case["earlier_turn"]] if "earlier_turn" in case else []
    expected = case["expect"]
    with HttpAgent(*[reply(turn["response"]) for turn in [*earlier, case]]) as http:
        config = json.loads(json.dumps(case["agent"]).replace("{{BASE}}", http.base))
        uri = session.uri(f"{name}.agents.json")
        (session.folder / f"{name}.agents.json").write_text(json.dumps([{**config, "name": name}]), "utf-8")
        session.open(uri, json.dumps([{**config, "name": name}]))
        for turn in earlier:
            assert (await session.prompt(name, turn["prompt"], conversationId=name)).text == turn["text"]
        answer = await session.prompt(name, case["prompt"], conversationId=name)
        session.close(uri)
    check_request(http.requests[-1], expected["request"])
    text = text_of(answer)
    assert text in (expected["text_any_of"] or [expected["text"]])
    assert answer.result["textLength"] == len(text.encode("utf-16-le")) // 2
    if expected["reasoning"] is not None:
        assert "".join(event["delta"] for event in answer.of("reasoning")) == expected["reasoning"]
    check_error(answer.result, expected["error"])


def reply(response: dict[str, Any]) -> Reply:
    body = (folder() / response["body_file"]).read_bytes() if "body_file" in response else response["body"].encode()
    return Reply(
        body, response["status"], response["headers"], response.get("chunk_size"), response.get("end", "close")
    )


def text_of(answer: Answer) -> str:
    """The text as an editor gathers it."""
    text = ""
    for event in answer.events:
        if event["kind"] == "text":
            assert event["offset"] == len(text.encode("utf-16-le")) // 2
            text += event["delta"]
        if event["kind"] == "replaceText":
            text = event["text"]
    return text


def check_request(asked: Asked, expected: dict[str, Any]) -> None:
    assert (asked.method, asked.path, asked.query) == (expected["method"], expected["path"], expected["query"])
    assert "application/json" in asked.headers["content-type"]
    assert {**expected["headers"], "content-type": ""}.items() <= {**asked.headers, "content-type": ""}.items()
    if expected["match"] == "exact":
        assert asked.json == expected["json"]
    else:
        assert expected["json"].items() <= asked.json.items()


def check_error(result: dict[str, Any], expected: dict[str, Any] | None) -> None:
    if expected is None:
        assert "error" not in result
        assert result["stopReason"] in ("completed", "max_tokens")
        return
    error = result["error"]
    assert result["stopReason"] == ("timeout" if error["code"] == "timeout" else "error")
    assert (expected["message_contains"] or "") in error["message"]
    if expected["class"] == "http_status":
        assert (error["httpStatus"], error["code"]) == (expected["status"], BY_STATUS.get(expected["status"], "http"))
    else:
        assert error["code"] in CODES[expected["class"]]
    if expected["class"] == "truncated":
        assert result["incomplete"] is True
