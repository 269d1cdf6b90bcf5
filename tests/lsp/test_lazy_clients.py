"""A client that asks for documentation later, and that makes files by edits of the workspace."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from lsprotocol import types

from lsp_session import Editor, able, start

LAZY = {
    "completion": {
        "completionItem": {"documentationFormat": ["markdown"], "resolveSupport": {"properties": ["documentation"]}}
    },
    "codeAction": {"codeActionLiteralSupport": {"codeActionKind": {"valueSet": [""]}}},
}
FILES = {"workspaceEdit": {"documentChanges": True, "resourceOperations": ["create", "delete"]}}


@pytest_asyncio.fixture
async def editor(tmp_path: Path) -> AsyncIterator[Editor]:
    async with start(tmp_path, able(textDocument=LAZY, workspace=FILES)) as running:
        yield running


async def proposal(editor: Editor, label: str) -> types.CompletionItem:
    position = types.CompletionParams(
        types.TextDocumentIdentifier(editor.open("agents.json", "{}")), types.Position(0, 1)
    )
    found = await editor.text_document_completion_async(position)
    return next(item for item in found.items if item.label == label)


async def test_what_is_said_of_a_proposal_is_told_when_it_is_looked_at(editor: Editor) -> None:
    assert editor.initialized_with.capabilities.completion_provider.resolve_provider
    found = await proposal(editor, "url")
    assert found.documentation is None
    resolved = await editor.completion_item_resolve_async(found)
    assert resolved.documentation.value.startswith("**url** *(string, needed)*")
    assert (resolved.text_edit, resolved.sort_text) == (found.text_edit, found.sort_text)
    await proposal(editor, "url")
    assert (await editor.completion_item_resolve_async(found)).documentation is None


async def test_no_other_client_is_told_to_ask(tmp_path: Path) -> None:
    async with start(tmp_path) as editor:
        assert not editor.initialized_with.capabilities.completion_provider.resolve_provider


@pytest.mark.parametrize(
    "data", [None, 5, {"list": 1}, {"list": 1, "item": -1}, {"list": 1, "item": 999}, {"list": "1", "item": "0"}]
)
async def test_a_proposal_of_nobody_stays_as_it_is(editor: Editor, data: object) -> None:
    await proposal(editor, "url")
    item = types.CompletionItem("url", data=data)
    assert (await editor.completion_item_resolve_async(item)).documentation is None


async def test_agents_get_files_of_their_own(editor: Editor) -> None:
    text = '[{"name": "a", "url": "http://h/"}, {"name": "b", "url": "http://h/"}]'
    uri = editor.open("agents.json", text)
    place = types.Range(types.Position(0, 12), types.Position(0, 12))
    context = types.CodeActionContext([], only=["refactor.rewrite"])
    params = types.CodeActionParams(types.TextDocumentIdentifier(uri), place, context)
    (action,) = await editor.ask(types.TEXT_DOCUMENT_CODE_ACTION, params)
    assert action["title"] == "Split the file: 1 agent gets a file of its own"
    created, filled, left = action["edit"]["documentChanges"]
    assert (created["kind"], created["uri"].rpartition("/")[2]) == ("create", "b.agent.json")
    assert [edit["newText"] for edit in filled["edits"]] == ['{"name": "b", "url": "http://h/"}\n']
    assert (left["textDocument"]["uri"], [edit["newText"] for edit in left["edits"]]) == (uri, [""])


async def test_the_agents_of_a_folder_come_into_one_file(tmp_path: Path) -> None:
    workspace = tmp_path / "workspace"
    (workspace / "deeper").mkdir(parents=True)
    for name, agent in (("agents.json", "a"), ("b.agent.json", "b"), ("deeper/agents.json", "c")):
        (workspace / name).write_text(f'{{"name": "{agent}", "url": "http://h/"}}', "utf-8")
    place = types.Range(types.Position(0, 11), types.Position(0, 11))
    context = types.CodeActionContext([], only=["refactor.rewrite"])
    async with start(tmp_path, able(textDocument=LAZY, workspace=FILES)) as editor:
        uri = editor.open("agents.json", (workspace / "agents.json").read_text("utf-8"))
        editor.open("unsaved.agent.json", '{"name": "d", "url": "http://h/"}')
        await editor.agents()
        params = types.CodeActionParams(types.TextDocumentIdentifier(uri), place, context)
        *_, action = await editor.ask(types.TEXT_DOCUMENT_CODE_ACTION, params)
        assert action["title"] == "Merge the other file of the folder into this one"
        edited, deleted = action["edit"]["documentChanges"]
        assert [edit["newText"] for edit in edited["edits"]] == ["[\n", ',\n{"name": "b", "url": "http://h/"}\n]']
        assert deleted == {"kind": "delete", "uri": editor.uri("b.agent.json")}
