"""`dragoman/preview`: what a prompt would send, while nothing is sent."""

from __future__ import annotations

import json
from typing import Any

import pytest

from http_agent import TEXT, HttpAgent, Reply
from lsp_session import Editor, between

pytestmark = pytest.mark.asyncio(loop_scope="module")

SAID = Reply(b"A", headers=TEXT)


def agent(http: HttpAgent, name: str = "a", **more: Any) -> dict[str, Any]:
    return {"name": name, "url": http.url, **more}


async def test_it_is_what_the_prompt_then_sends(editor: Editor) -> None:
    code = editor.open("x.py", "one\ntwo\n", "python")
    context = [{"kind": "selection", "textDocument": {"uri": code}, "range": between(0, 0, 0, 3)}]
    with HttpAgent(SAID) as http:
        editor.open_agents(agent(http, system="s"))
        first = (await editor.prompt("a", "1")).result
        asked = {"agent": "a", "prompt": "2", "conversationId": first["conversationId"], "context": context}
        shown = await editor.ask("dragoman/preview", asked)
        assert len(http.requests) == 1
        await editor.ask("dragoman/prompt", asked)
    sent = http.requests[1]
    assert shown.keys() == {"method", "url", "headers", "body", "curl"}
    assert (shown["method"], shown["url"], shown["body"]) == (sent.method, http.url, sent.body.decode())
    assert {name.lower(): value for name, value in shown["headers"].items()}.items() <= sent.headers.items()
    assert shown["curl"].startswith("curl -N ")


async def test_nothing_is_resolved(editor: Editor) -> None:
    auth = {"type": "Bearer", "token": "${env:DRAGOMAN_NOT_SET}"}
    editor.open_agents({"name": "a", "url": "http://127.0.0.1:9/", "auth": auth})
    shown = await editor.ask("dragoman/preview", {"agent": "a", "prompt": "hi"})
    assert shown["headers"]["Authorization"] == "Bearer ${env:DRAGOMAN_NOT_SET}"
    assert "'Authorization: Bearer '\"$DRAGOMAN_NOT_SET\"" in shown["curl"]
    assert editor.trust_questions == [], "to look at it asks nothing"


async def test_a_busy_conversation_has_a_preview(editor: Editor) -> None:
    with HttpAgent(Reply([b"data: x\n\n"], end="hold")) as http:
        editor.open_agents(agent(http))
        token, running = editor.start_prompt("a", turnId="t", conversationId="c")
        await editor.until(lambda: any(event["kind"] == "text" for event in editor.events(token)))
        shown = await editor.ask(
            "dragoman/preview", {"agent": "a", "prompt": "2", "conversationId": "c", "turnId": "t"}
        )
        assert json.loads(shown["body"])["messages"][-1]["content"] == "2"
        await editor.ask("dragoman/stop", {"turnId": "t"})
        await running


async def test_why_there_is_none(editor: Editor) -> None:
    uri = editor.open_agents({"name": "a", "url": "ftp://h/"}, {"name": "off", "url": "http://h/", "enabled": False})
    for name, place in (("a", uri), ("off", uri), ("nobody", None)):
        shown = await editor.ask("dragoman/preview", {"agent": name, "prompt": "hi"})
        assert shown.keys() == {"error"}
        assert shown["error"]["code"] == "config"
        assert shown["error"].get("location", {}).get("uri") == place
