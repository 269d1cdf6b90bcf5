"""Editors that are only configured, by what they say of themselves in `initialize`: recorded from the real ones."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types

from desk import Desk
from http_agent import HttpAgent, Reply
from lsp_clients import start_as
from lsp_session import Editor, between

STREEM = '[\n{"name": "a", "url": "https://x.example", "responseAction": "Streem", "interactive": "Chatpanel"}\n]\n'
QUESTION = "---\nagent: coder\n---\n\n## You\n\nWhy, ä😀?\n"

every_client = pytest.mark.parametrize("client", ["ale-3.3.0", "kate-22.12"])


class _Silent(Desk):
    """Applies edits, as ALE does, without answering."""

    def apply(self, edit: types.WorkspaceEdit) -> None:
        super().apply(edit)


def use_own_agent(folder: Path, http: HttpAgent) -> None:
    own = folder / "config/dragoman/agents.json"
    own.parent.mkdir(parents=True)
    own.write_text(json.dumps([{"name": "coder", "url": http.url}]))


async def actions(editor: Editor, uri: str, range_: Any, diagnostics: Any = ()) -> list[Any]:
    params = {"textDocument": {"uri": uri}, "range": range_, "context": {"diagnostics": list(diagnostics)}}
    return await editor.ask(types.TEXT_DOCUMENT_CODE_ACTION, editor.structured(params, types.CodeActionParams))


@every_client
async def test_an_agent_file(tmp_path: Path, client: str) -> None:
    async with start_as(client, tmp_path) as editor:
        uri = editor.open("agents.json", STREEM)
        first, _ = await editor.diagnostics_of(uri)
        found = await actions(editor, uri, first["range"], [first])
        assert [edit["newText"] for edit in found[0]["edit"]["changes"][uri]] == ['"Stream"']
        position = types.Position(1, STREEM.splitlines()[1].index("Streem"))
        place = types.TextDocumentIdentifier(uri), position
        hover = await editor.text_document_hover_async(types.HoverParams(*place))
        assert hover is not None
        proposals = await editor.text_document_completion_async(types.CompletionParams(*place))
        assert "Stream" in [item.label for item in proposals.items]


@every_client
@pytest.mark.parametrize("answers", [True, False])
async def test_a_chat_document(tmp_path: Path, client: str, answers: bool) -> None:
    async with start_as(client, tmp_path) as editor:
        desk = Desk(editor) if answers else _Silent(editor)
        with HttpAgent(Reply([b"data: Because \n\n", b"data: of that.\n\n"])) as http:
            use_own_agent(tmp_path, http)
            uri = desk.open("x.chat.md", QUESTION, "markdown")
            found = await actions(editor, uri, between(6, 0, 6, 0))
            (send,) = [action["command"] for action in found if action["title"] == "Send to coder"]
            await editor.command(send["command"], *send["arguments"])
            await editor.until(lambda: "\nconversation: " in desk.texts[uri])
        desk.silence.set()
        text = desk.texts[uri]
        assert "\nWhy, ä😀?\n\n## coder\n<!-- answer" in text
        assert text.count("\n\nBecause of that.\n\n<!-- /answer") == 1
        assert desk.said == []


@every_client
async def test_a_selection(tmp_path: Path, client: str) -> None:
    async with start_as(client, tmp_path) as editor:
        with HttpAgent(Reply(b"data: It is code.\n\n")) as http:
            use_own_agent(tmp_path, http)
            uri = editor.open("notes.md", "one\ntwo\n", "markdown")
            found = await actions(editor, uri, between(0, 0, 1, 0))
            assert found[0]["title"] == "Ask coder"
            explain = found[1]["command"]
            await editor.command(explain["command"], *explain["arguments"])
            (message,) = await editor.until(lambda: editor.messages)
        assert message.message == "It is code."


async def test_what_is_done_unseen_is_one_fix_at_most(tmp_path: Path) -> None:
    """Kate's *Quick Fix* does all that it is offered for the whole document and one diagnostic."""
    whole = between(0, 0, 3, 0)
    with HttpAgent(Reply(b"data: no\n\n")) as http:
        use_own_agent(tmp_path, http)
        async with start_as("kate-22.12", tmp_path) as editor:
            uri = editor.open("agents.json", STREEM)
            _, second = await editor.diagnostics_of(uri)
            (only,) = await actions(editor, uri, whole, [second])
            assert [edit["newText"] for edit in only["edit"]["changes"][uri]] == ['"ChatPanel"']

            chat = editor.open("x.chat.md", "---\nagent: codr\n---\n\n## You\n\nWhy?\n", "markdown")
            (unknown,) = await editor.until(lambda: _of(editor, chat))
            (only,) = await actions(editor, chat, between(0, 0, 7, 0), [unknown])
            assert [edit["newText"] for edit in only["edit"]["changes"][chat]] == ["coder"]

            assert "Ask coder" in [action["title"] for action in await actions(editor, uri, whole)]


def _of(editor: Editor, uri: str) -> Any:
    published = [params for params in editor.sent(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS) if params["uri"] == uri]
    return published[-1]["diagnostics"] if published else []


async def test_consent_where_no_question_is_shown(tmp_path: Path) -> None:
    """ALE never answers one."""
    async with start_as("ale-3.3.0", tmp_path) as editor:
        silence = asyncio.Event()

        async def say_nothing(_params: types.ShowMessageRequestParams) -> None:
            await silence.wait()

        with (
            HttpAgent(Reply(b"data: Hello.\n\n")) as http,
            editor.answering(types.WINDOW_SHOW_MESSAGE_REQUEST, say_nothing),
        ):
            uri = editor.open("agents.json", f'{{"name": "here", "url": "{http.url}"}}')
            await editor.command("dragoman.chat", {"agent": "here", "prompt": "hi"})
            (message,) = await editor.until(lambda: editor.messages)
            assert message.message.startswith("Agent “here” waits for your consent: allow it by ")
            found = await actions(editor, uri, between(0, 10, 0, 10))
            (trust,) = [action for action in found if action["title"] == "Trust this agent"]
            await editor.command(trust["command"]["command"], *trust["command"]["arguments"])
            _, answer = await editor.until(lambda: editor.messages[1:] and editor.messages)
            silence.set()
        assert answer.message == "Hello."


@every_client
async def test_other_files_are_left_alone(tmp_path: Path, client: str) -> None:
    async with start_as(client, tmp_path) as editor:
        for name, text in (
            ("package.json", "{broken"),
            ("tsconfig.jsonc", "[,]"),
            ("README.md", "---\nagent: x\n---\n"),
        ):
            uri = editor.open(name, text, "markdown" if name.endswith("md") else "json")
            place = types.TextDocumentIdentifier(uri), types.Position(0, 1)
            assert await editor.text_document_completion_async(types.CompletionParams(*place)) is None
            assert await editor.text_document_hover_async(types.HoverParams(*place)) is None
            assert not await actions(editor, uri, between(0, 1, 0, 1))
            assert not _of(editor, uri)
