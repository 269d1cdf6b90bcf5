"""What an editor is told at the start, and that one which can do nothing is served all the same."""

from __future__ import annotations

from pathlib import Path

import pytest
from lsprotocol import types

from http_agent import HttpAgent, Reply
from lsp_session import BARE, able, between, start

EVERYTHING = types.Range(types.Position(0, 0), types.Position(99, 0))


async def test_what_the_server_can_do(tmp_path: Path) -> None:
    async with start(tmp_path) as editor:
        capabilities = editor.initialized_with.capabilities
    assert capabilities.experimental == {"dragoman": {"version": "1"}}
    assert capabilities.position_encoding == "utf-16"
    assert capabilities.text_document_sync.change == types.TextDocumentSyncKind.Incremental
    assert capabilities.text_document_sync.open_close
    assert capabilities.hover_provider
    assert capabilities.document_symbol_provider
    assert list(capabilities.completion_provider.trigger_characters) == ['"', *":${.[@#/"]
    assert capabilities.code_lens_provider
    commands = ["apply", "applyFix", "chat", "newChat", "openPage", "retry", "send", "sendSelection"]
    commands += ["showConversation", "showLog", "stop", "trust"]
    assert sorted(capabilities.execute_command_provider.commands) == [f"dragoman.{name}" for name in commands]


async def test_an_editor_that_can_do_nothing(tmp_path: Path) -> None:
    async with start(tmp_path, BARE) as editor:
        assert editor.initialized_with.capabilities.experimental == {"dragoman": {"version": "1"}}
        with HttpAgent(Reply(b"data: hello\n\n")) as http:
            uri = editor.open_agents({"name": "a", "url": http.url})
            document = types.TextDocumentIdentifier(uri)
            assert await editor.diagnostics_of(uri) == []

            proposals = await editor.text_document_completion_async(
                types.CompletionParams(document, types.Position(2, 4))
            )
            assert {item.insert_text_format for item in proposals.items} == {types.InsertTextFormat.PlainText}
            assert all(isinstance(item.documentation, str) for item in proposals.items)

            hover = await editor.text_document_hover_async(types.HoverParams(document, types.Position(2, 6)))
            assert hover.contents.kind == types.MarkupKind.PlainText
            assert "*" not in hover.contents.value

            symbols = await editor.text_document_document_symbol_async(types.DocumentSymbolParams(document))
            assert [type(symbol) for symbol in symbols] == [types.SymbolInformation]

            actions = await editor.text_document_code_action_async(
                types.CodeActionParams(document, EVERYTHING, types.CodeActionContext([]))
            )
            assert {type(action) for action in actions} == {types.Command}

            assert [*await editor.agents()] == ["a"]
            assert (await editor.prompt("a")).result["stopReason"] == "completed"
            await editor.command("dragoman.chat", {"agent": "a", "prompt": "hi"})
            await editor.until(lambda: editor.messages)
        assert [message.message for message in editor.messages] == ["hello"]
        assert not editor.sent("dragoman/turn")
        assert not editor.sent("dragoman/agentsChanged")


@pytest.mark.parametrize(("encoding", "key_length"), [("utf-8", 8), ("utf-16", 4), ("utf-32", 2)])
async def test_every_position_encoding(tmp_path: Path, encoding: str, key_length: int) -> None:
    async with start(tmp_path, able(general={"positionEncodings": [encoding, "utf-8", "utf-16"]})) as editor:
        assert editor.initialized_with.capabilities.position_encoding == encoding
        uri = editor.open("agents.json", '{"name": "a", "url": "http://h/",\n"😀😀": 1, "behind": 2}')
        first, second = await editor.diagnostics_of(uri)
        assert first["range"] == between(1, 1, 1, 1 + key_length)
        assert second["range"] == between(1, key_length + 8, 1, key_length + 14)

        editor.change(uri, (between(1, key_length + 8, 1, key_length + 14), "enabled"))
        first, second = await editor.diagnostics_of(uri)
        assert second["range"] == between(1, key_length + 18, 1, key_length + 19)
