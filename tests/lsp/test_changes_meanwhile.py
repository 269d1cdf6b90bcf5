"""What changes while an agent answers changes nothing of that turn, and everything of the next."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types

from certificates import authority_file, server_context
from http_agent import HttpAgent, Reply
from lsp_session import Editor, able, start

pytestmark = pytest.mark.asyncio(loop_scope="module")


def both(old: str, new: str) -> bytes:
    return f"data: {json.dumps({'old': old, 'new': new})}\n\n".encode()


def described(http: HttpAgent, path: str, **more: Any) -> list[dict[str, Any]]:
    return [{"name": "a", "url": http.url, "connector": {"responseFormat": path}, **more}]


async def test_an_agent_that_is_edited_while_it_answers(editor: Editor) -> None:
    gate = threading.Event()
    answers = Reply([both("o", "n"), gate, both("ld", "ew")]), Reply(both("old", "new"))
    with HttpAgent(*answers) as http, HttpAgent(Reply(both("x", "elsewhere"))) as other:
        uri = editor.open_agents(*described(http, "$.old"))
        token, running = editor.start_prompt("a")
        await editor.until(lambda: any(event["kind"] == "text" for event in editor.events(token)))
        editor.change(uri, json.dumps(described(http, "$.new")))
        await editor.diagnostics_of(uri)
        gate.set()
        assert (await running)["stopReason"] == "completed"
        assert "".join(event["delta"] for event in editor.events(token) if event["kind"] == "text") == "old"
        assert (await editor.prompt("a")).text == "new"
        editor.change(uri, json.dumps(described(other, "$.new")))
        assert (await editor.prompt("a")).text == "elsewhere"
    assert (len(http.requests), len(other.requests)) == (2, 1)


@pytest.mark.parametrize("left", ["[]", "", '[{"name": "a", "url": "', "[{}]"])
async def test_an_agent_that_is_gone_while_it_answers(editor: Editor, left: str) -> None:
    gate = threading.Event()
    with HttpAgent(Reply([both("o", ""), gate, both("ld", "")])) as http:
        uri = editor.open_agents(*described(http, "$.old"))
        token, running = editor.start_prompt("a")
        await editor.until(lambda: any(event["kind"] == "text" for event in editor.events(token)))
        editor.change(uri, left)
        await editor.diagnostics_of(uri)
        gate.set()
        result = await running
        assert (result["stopReason"], result["textLength"]) == ("completed", 3)
        assert (await editor.prompt("a")).result["error"]["code"] == "config"


async def test_the_network_that_is_changed_while_an_agent_answers(tmp_path: Path) -> None:
    def use(network: dict[str, Any]) -> None:
        settings = {"dragoman": {"network": network}}
        editor.workspace_did_change_configuration(types.DidChangeConfigurationParams(settings))

    gate = threading.Event()
    with HttpAgent(Reply([both("o", ""), gate, both("ld", "")]), tls=server_context()) as http:
        async with start(tmp_path, able(workspace={})) as editor:
            editor.open_agents(*described(http, "$.old"))
            assert (await editor.prompt("a")).result["error"]["code"] == "tls"
            use({"caFile": authority_file(tmp_path)})
            token, running = editor.start_prompt("a")
            await editor.until(lambda: any(event["kind"] == "text" for event in editor.events(token)))
            use({"caFile": "/no/such/file"})
            error = (await editor.prompt("a")).result["error"]
            assert (error["code"], "network.caFile" in error["message"]) == ("tls", True)
            gate.set()
            assert (await running)["textLength"] == 3
