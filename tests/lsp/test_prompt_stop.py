"""The ways to stop a turn: each closes the connection to the agent and keeps the text so far."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException, JsonRpcRequestCancelled

from http_agent import HttpAgent, Reply
from lsp_session import Editor

pytestmark = pytest.mark.asyncio(loop_scope="module")


SO_FAR = Reply([b"data: so far\n\n"], end="hold")
HELLO = Reply(b"data: hello\n\n")


def agent(http: HttpAgent, **more: Any) -> dict[str, Any]:
    return {"name": "a", "url": http.url, **more}


async def test_stop(editor: Editor) -> None:
    with HttpAgent(SO_FAR) as http:
        editor.open_agents(agent(http))
        token, result = editor.start_prompt("a", turnId="t")
        await editor.until(lambda: any(event["kind"] == "text" for event in editor.events(token)))
        assert await editor.ask("dragoman/stop", {"turnId": "t"}) == {"stopped": True}
        stopped = await result
        assert (stopped["stopReason"], stopped["textLength"], stopped["incomplete"]) == ("cancelled", 6, True)
        assert "error" not in stopped
        assert await asyncio.to_thread(http.hung_up.wait, 10)
        assert await editor.ask("dragoman/stop", {"turnId": "t"}) == {"stopped": False}


async def test_stop_before_the_agent_has_said_anything(editor: Editor) -> None:
    with HttpAgent(Reply(raw=b"", end="hold")) as http:
        editor.open_agents(agent(http))
        token, result = editor.start_prompt("a", turnId="t")
        await editor.until(lambda: any(event.get("phase") == "waiting" for event in editor.events(token)))
        await editor.ask("dragoman/stop", {"turnId": "t"})
        assert (await result)["stopReason"] == "cancelled"
        assert await asyncio.to_thread(http.hung_up.wait, 10)


async def test_stop_at_once(editor: Editor) -> None:
    with HttpAgent(SO_FAR) as http:
        editor.open_agents(agent(http))
        await editor.agents()
        _, result = editor.start_prompt("a", turnId="t")
        assert await editor.ask("dragoman/stop", {"turnId": "t"}) == {"stopped": True}
        assert (await result)["stopReason"] == "cancelled"


async def test_cancel_request(editor: Editor) -> None:
    with HttpAgent(SO_FAR) as http:
        editor.open_agents(agent(http))
        params = {"agent": "a", "prompt": "hi", "partialResultToken": "p", "conversationId": "c"}
        asked = editor.start_asking("dragoman/prompt", params, "to be cancelled")
        await editor.until(lambda: any(event["kind"] == "text" for event in editor.events("p")))
        editor.cancel_request(types.CancelParams("to be cancelled"))
        with pytest.raises(JsonRpcException) as raised:
            await asked
        assert raised.value.code == JsonRpcRequestCancelled.CODE
        assert await asyncio.to_thread(http.hung_up.wait, 10)
        http.replies = [HELLO]
        assert (await editor.prompt("a", conversationId="c")).result["stopReason"] == "completed"


async def test_work_done_progress(editor: Editor) -> None:
    with HttpAgent(HELLO) as http:
        editor.open_agents(agent(http))
        await editor.prompt("a", workDoneToken="w")
    begin, end = editor.work_done("w")
    assert begin == {"kind": "begin", "title": "a", "cancellable": True}
    assert end == {"kind": "end"}


@pytest.mark.parametrize("token", ["w", 5])
async def test_the_cancel_button(editor: Editor, token: str | int) -> None:
    with HttpAgent(SO_FAR) as http:
        editor.open_agents(agent(http))
        events, result = editor.start_prompt("a", workDoneToken=token)
        await editor.until(lambda: any(event["kind"] == "text" for event in editor.events(events)))
        editor.window_work_done_progress_cancel(types.WorkDoneProgressCancelParams(token))
        assert (await result)["stopReason"] == "cancelled"
    assert [value["kind"] for value in editor.work_done(token)] == ["begin", "end"]
