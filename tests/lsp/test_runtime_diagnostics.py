"""A failed turn is told in the agent's file, at the key to blame."""

from __future__ import annotations

import json

import pytest

from http_agent import HttpAgent, Reply
from lsp_session import Editor

pytestmark = pytest.mark.asyncio(loop_scope="module")

ANSWER = b'{"answer": "yes"}'
JSON = {"content-type": "application/json"}


def replies(*bodies: tuple[int, bytes]) -> HttpAgent:
    return HttpAgent(*[Reply(body, status, JSON) for status, body in bodies])


async def told(editor: Editor, uri: str) -> list[tuple[str, int, int]]:
    await editor.roundtrip()
    return [
        (diagnostic["code"], diagnostic["severity"], diagnostic["range"]["start"]["line"])
        for diagnostic in await editor.diagnostics_of(uri)
    ]


async def test_until_the_next_good_turn(editor: Editor) -> None:
    with replies((401, b'{"error": "who are you?"}'), (200, ANSWER)) as http:
        auth = {"type": "Bearer", "token": "${env:HOME}"}
        connector = {"responseFormat": "$.answer"}
        uri = editor.open_agents({"name": "a", "url": http.url, "auth": auth, "connector": connector})
        assert (await editor.prompt("a")).result["error"]["code"] == "auth"
        assert await told(editor, uri) == [("runtime/auth", 2, 6)]
        assert (await editor.prompt("a")).result["stopReason"] == "completed"
        assert await told(editor, uri) == []


async def test_an_agent_that_failed_can_be_asked_again(editor: Editor) -> None:
    with replies((200, b'{"data": "yes"}'), (404, b"")) as http:
        connector = {"responseFormat": "$.answer"}
        uri = editor.open_agents({"name": "a", "url": http.url, "connector": connector})
        await editor.prompt("a")
        assert await told(editor, uri) == [("runtime/no_match", 2, 5)]
        await editor.prompt("a")
        assert await told(editor, uri) == [("runtime/not_found", 2, 3)]


async def test_until_the_agent_is_edited(editor: Editor) -> None:
    with replies((404, b"")) as http:
        first, second = {"name": "a", "url": http.url}, {"name": "b", "url": http.url}
        uri = editor.open_agents(first, second)
        await editor.prompt("b")
        assert await told(editor, uri) == [("runtime/not_found", 2, 7)]
        editor.change(uri, json.dumps([{**first, "name": "A"}, second], indent=2))
        assert await told(editor, uri) == [("runtime/not_found", 2, 7)], "another agent was edited"
        editor.change(uri, json.dumps([first, {**second, "url": "http://h/"}], indent=2))
        assert await told(editor, uri) == []


async def test_a_stopped_turn_and_an_agent_with_errors_say_nothing_new(editor: Editor) -> None:
    uri = editor.open_agents({"name": "a", "url": "nowhere"})
    await editor.prompt("a")
    assert await told(editor, uri) == [("bad-url", 1, 3)]
