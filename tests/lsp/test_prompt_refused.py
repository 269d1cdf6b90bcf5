"""Prompts that never reach an agent: params that are wrong, agents that are none or cannot be asked."""

from __future__ import annotations

from typing import Any

import pytest
from pygls.exceptions import JsonRpcInvalidParams

from http_agent import HttpAgent, Reply
from lsp_session import Editor, between

pytestmark = pytest.mark.asyncio(loop_scope="module")


HELLO = Reply(b"data: hello\n\n")


def agent(http: HttpAgent, **more: Any) -> dict[str, Any]:
    return {"name": "a", "url": http.url, **more}


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "no agent": ({"prompt": "x"}, "agent"),
    "an agent that is no text": ({"agent": 1, "prompt": "x"}, "agent"),
    "no prompt": ({"agent": "a"}, "prompt"),
    "a prompt that is null": ({"agent": "a", "prompt": None}, "prompt"),
    "an id that is no text": ({"agent": "a", "prompt": "x", "turnId": 1}, "turnId"),
    "a conversation that is no text": ({"agent": "a", "prompt": "x", "conversationId": []}, "conversationId"),
    "a token that is no token": ({"agent": "a", "prompt": "x", "partialResultToken": 1.5}, "partialResultToken"),
    "a truth for a token": ({"agent": "a", "prompt": "x", "workDoneToken": True}, "workDoneToken"),
    "context that is no list": ({"agent": "a", "prompt": "x", "context": {}}, "context"),
    "context that holds no objects": ({"agent": "a", "prompt": "x", "context": ["x"]}, "context"),
    "a file without a uri": ({"agent": "a", "prompt": "x", "context": [{"kind": "file"}]}, "uri"),
    "a selection of no document": (
        {"agent": "a", "prompt": "x", "context": [{"kind": "selection", "range": between(0, 0, 0, 1)}]},
        "textDocument.uri",
    ),
    "a selection without a range": (
        {"agent": "a", "prompt": "x", "context": [{"kind": "selection", "textDocument": {"uri": "file:///x"}}]},
        "range",
    ),
    "a range that is none": (
        {"agent": "a", "prompt": "x", "context": [{"kind": "file", "uri": "file:///x", "range": {"start": 1}}]},
        "range",
    ),
    "a range without end": (
        {
            "agent": "a",
            "prompt": "x",
            "context": [{"kind": "file", "uri": "file:///x", "range": between(0, 0, float("inf"), 0)}],
        },
        "range",
    ),
    "a text without text": ({"agent": "a", "prompt": "x", "context": [{"kind": "text"}]}, "text"),
    "a file that is not there": (
        {"agent": "a", "prompt": "x", "context": [{"kind": "file", "uri": "file:///nowhere/missing.py"}]},
        "missing.py",
    ),
    "a file that never ends": (
        {"agent": "a", "prompt": "x", "context": [{"kind": "file", "uri": "file:///dev/zero"}]},
        "zero",
    ),
    "a uri that is none": (
        {"agent": "a", "prompt": "x", "context": [{"kind": "file", "uri": "file://[/x%00"}]},
        "context",
    ),
}


@pytest.mark.parametrize(("params", "field"), REFUSED.values(), ids=REFUSED.keys())
async def test_params_that_are_wrong(editor: Editor, params: dict[str, Any], field: str) -> None:
    with pytest.raises(JsonRpcInvalidParams) as raised:
        await editor.ask("dragoman/prompt", params)
    assert raised.value.code == -32602
    assert field in raised.value.message


@pytest.mark.parametrize("params", [{}, {"turnId": None}, {"turnId": 1}])
async def test_stop_wants_an_id(editor: Editor, params: dict[str, Any]) -> None:
    with pytest.raises(JsonRpcInvalidParams, match="turnId"):
        await editor.ask("dragoman/stop", params)


async def test_an_agent_that_is_not_known(editor: Editor) -> None:
    editor.open_agents({"name": "known", "url": "http://h/"})
    answer = await editor.prompt("stranger", turnId="t", conversationId="c")
    assert [(event["seq"], event["kind"]) for event in answer.events] == [(0, "start")]
    error = answer.result["error"]
    assert (answer.result["stopReason"], error["code"]) == ("error", "config")
    assert "“stranger”" in error["message"]
    assert "known" in error["message"]


CANNOT_BE_ASKED: dict[str, tuple[dict[str, Any], str, dict[str, Any]]] = {
    "an error in its description": ({"url": "ftp://h/"}, "mended", between(3, 4, 3, 9)),
    "an error further inside": (
        {"url": "http://h/", "connector": {"responseFormat": "$.a[0"}},
        "responseFormat",
        between(5, 6, 5, 22),
    ),
    "switched off": ({"url": "http://h/", "enabled": False}, "switched off", between(4, 4, 4, 13)),
    "no such variable": ({"url": "http://${env:NO_SUCH_VARIABLE}/"}, "NO_SUCH_VARIABLE", between(3, 4, 3, 9)),
}


@pytest.mark.parametrize(("config", "why", "where"), CANNOT_BE_ASKED.values(), ids=CANNOT_BE_ASKED.keys())
async def test_an_agent_that_cannot_be_asked(
    editor: Editor, config: dict[str, Any], why: str, where: dict[str, Any]
) -> None:
    uri = editor.open_agents({"name": "a", **config})
    error = (await editor.prompt("a")).result["error"]
    assert error["code"] == "config"
    assert why in error["message"]
    assert error["location"] == {"uri": uri, "range": where}


async def test_a_broken_file_leaves_the_good_agents_alone(editor: Editor) -> None:
    with HttpAgent(HELLO) as http:
        editor.open("agents.json", f'[{{"name": "a", "url": "{http.url}"}}, {{"name": "b", "url": ]')
        editor.open("x.agents.json", '{"name":')
        assert (await editor.prompt("a")).text == "hello"
