"""The history through the language server: list, search, open, go on, rename, delete, export; and without it."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any

import pytest
from pygls.exceptions import JsonRpcException, JsonRpcInvalidParams

from dragoman.paths import path_of
from http_agent import HttpAgent, Reply
from kept_turns import rows
from lsp_session import Editor, start

HELLO = Reply(b"data: hello\n\n")
SO_FAR = Reply([b"data: so far\n\n"], end="hold")


async def converse(editor: Editor, http: HttpAgent, *prompts: str, conversation_id: str = "c") -> None:
    editor.open_agents({"name": "a", "url": http.url})
    for prompt in prompts:
        answer = await editor.prompt("a", prompt, conversationId=conversation_id)
        assert answer.result["stopReason"] == "completed"


async def refused(editor: Editor, method: str, params: dict[str, Any]) -> str:
    """The sentence that the request is refused with."""
    with pytest.raises(JsonRpcException) as raised:
        await editor.ask(method, params)
    assert raised.value.code == JsonRpcInvalidParams.CODE
    return raised.value.message


async def test_a_conversation_from_its_beginning_to_its_end(tmp_path: Path) -> None:
    async with start(tmp_path) as editor:
        with HttpAgent(HELLO) as http:
            assert await editor.ask("dragoman/conversations") == {"items": []}
            await converse(editor, http, "What is it?\nSay it.", "And why?")
            await converse(editor, http, "Another", conversation_id="d")
        first, second = (await editor.ask("dragoman/conversations"))["items"]
        assert (first["conversationId"], second["conversationId"]) == ("d", "c")
        assert {name: second[name] for name in ("title", "agent", "turns")} == {
            "title": "What is it?",
            "agent": "a",
            "turns": 2,
        }
        assert second["updated"].endswith("Z")
        [item] = (await editor.ask("dragoman/conversations", {"query": "and WHY?"}))["items"]
        assert item["conversationId"] == "c"

        whole = await editor.ask("dragoman/conversation", {"conversationId": "c"})
        assert whole["workspace"] == editor.folder.as_uri()
        assert [(turn["prompt"], turn["text"], turn["stopReason"]) for turn in whole["turns"]] == [
            ("What is it?\nSay it.", "hello", "completed"),
            ("And why?", "hello", "completed"),
        ]

        await editor.ask("dragoman/renameConversation", {"conversationId": "c", "title": " A better\nname "})
        exported = await editor.ask("dragoman/exportConversation", {"conversationId": "c", "format": "json"})
        path = path_of(exported["uri"])
        assert path is not None
        assert path.parent == editor.data_folder / "dragoman" / "exports"
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert json.loads(path.read_text("utf-8")) == {**whole, "title": "A better name"}

        await editor.ask("dragoman/deleteConversation", {"conversationId": "c"})
        assert [item["conversationId"] for item in (await editor.ask("dragoman/conversations"))["items"]] == ["d"]
        assert "no conversation" in await refused(editor, "dragoman/conversation", {"conversationId": "c"})


async def test_page_by_page(tmp_path: Path) -> None:
    async with start(tmp_path) as editor:
        with HttpAgent(HELLO) as http:
            for number in range(5):
                await converse(editor, http, "hi", conversation_id=f"c{number}")
        pages: list[list[str]] = []
        params: dict[str, Any] = {"limit": 2}
        while True:
            page = await editor.ask("dragoman/conversations", params)
            pages.append([item["conversationId"] for item in page["items"]])
            if "cursor" not in page:
                break
            params["cursor"] = page["cursor"]
        assert pages == [["c4", "c3"], ["c2", "c1"], ["c0"]]


async def test_a_later_session_goes_on(tmp_path: Path) -> None:
    with HttpAgent(HELLO) as http:
        async with start(tmp_path) as editor:
            editor.open_agents({"name": "a", "url": http.url})
            given = (await editor.prompt("a", "one")).result["conversationId"]
        async with start(tmp_path) as editor:
            await converse(editor, http, "two", conversation_id=given)
        assert [message["content"] for message in http.requests[1].json["messages"]] == ["one", "hello", "two"]


async def test_what_runs_when_the_session_ends_is_kept_as_cancelled(tmp_path: Path) -> None:
    with HttpAgent(SO_FAR) as http:
        async with start(tmp_path) as editor:
            editor.open_agents({"name": "a", "url": http.url})
            token, result = editor.start_prompt("a")
            await editor.until(lambda: any(event["kind"] == "text" for event in editor.events(token)))
        with pytest.raises(JsonRpcException):
            await result
    query = "SELECT text, stop_reason, incomplete FROM turns"
    assert rows(tmp_path / "data" / "dragoman", query) == [("so far", "cancelled", 1)]


async def test_deleting_stops_what_runs(tmp_path: Path) -> None:
    async with start(tmp_path) as editor:
        with HttpAgent(SO_FAR, HELLO) as http:
            editor.open_agents({"name": "a", "url": http.url})
            token, result = editor.start_prompt("a", conversationId="c")
            await editor.until(lambda: any(event["kind"] == "text" for event in editor.events(token)))
            await editor.ask("dragoman/deleteConversation", {"conversationId": "c"})
            assert (await result)["stopReason"] == "cancelled"
            assert await editor.ask("dragoman/conversations") == {"items": []}
            await converse(editor, http, "new")
            assert [message["content"] for message in http.requests[1].json["messages"]] == ["new"]


async def test_two_servers_share_one_history(tmp_path: Path) -> None:
    with HttpAgent(HELLO) as http:
        async with start(tmp_path) as first, start(tmp_path) as second:
            await converse(first, http, "from the first")
            await converse(second, http, "from the second")
            for editor in (second, first):  # asking a server has it write what it has
                whole = await editor.ask("dragoman/conversation", {"conversationId": "c"})
                assert [turn["prompt"] for turn in whole["turns"]] == ["from the first", "from the second"]


@pytest.mark.parametrize("way", ["options", "settings"])
async def test_switched_off(tmp_path: Path, way: str) -> None:
    async with start(tmp_path, **{way: {"history": {"enabled": False}}}) as editor:
        await editor.roundtrip()
        with HttpAgent(HELLO) as http:
            await converse(editor, http, "hi")
        assert await editor.ask("dragoman/conversations") == {"items": []}
        assert "no conversation" in await refused(editor, "dragoman/conversation", {"conversationId": "c"})
    assert not [*(tmp_path / "data").rglob("history*")]


@pytest.mark.parametrize(
    ("method", "params", "word"),
    [
        ("dragoman/conversations", {"limit": 0}, "limit"),
        ("dragoman/conversations", {"limit": "9"}, "limit"),
        ("dragoman/conversations", {"query": 1}, "query"),
        ("dragoman/conversations", {"cursor": "x"}, "cursor"),
        ("dragoman/conversation", {}, "conversationId"),
        ("dragoman/conversation", {"conversationId": "nobody's"}, "no conversation"),
        ("dragoman/renameConversation", {"conversationId": "nobody's", "title": "x"}, "no conversation"),
        ("dragoman/renameConversation", {"conversationId": "c", "title": " \n"}, "title"),
        ("dragoman/deleteConversation", {"conversationId": "nobody's"}, "no conversation"),
        ("dragoman/exportConversation", {"conversationId": "nobody's", "format": "json"}, "no conversation"),
        ("dragoman/exportConversation", {"conversationId": "c", "format": "pdf"}, "format"),
    ],
)
@pytest.mark.asyncio(loop_scope="module")
async def test_wrong_params(editor: Editor, method: str, params: dict[str, Any], word: str) -> None:
    assert word in await refused(editor, method, params)


async def test_a_history_that_cannot_be_kept_is_told_of_once(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("no folder")
    async with start(tmp_path) as editor:
        with HttpAgent(HELLO) as http:
            editor.open_agents({"name": "a", "url": http.url})
            notices: list[Any] = []
            for _ in range(3):
                notices += (await editor.prompt("a")).of("notice")
                with pytest.raises(JsonRpcException, match="cannot be read"):
                    await editor.ask("dragoman/conversations")
        [notice] = notices
        assert (notice["level"], notice["code"]) == ("warning", "history")
        assert editor.log.read_text().count(" WARNING the history ") == 1
