"""Several workspace folders, and files that go while they are open or cannot be read."""

from __future__ import annotations

import json
from pathlib import Path

from lsprotocol import types

from lsp_session import Editor, start

FLOW = {"name": "first", "url": "http://h/", "flow": {"next": "second"}}
SECOND = {"name": "second", "url": "http://h/"}


def deleted(editor: Editor, *files: Path) -> None:
    """The editor tells that files have gone."""
    for file in files:
        file.unlink()
    events = [types.FileEvent(file.as_uri(), types.FileChangeType.Deleted) for file in files]
    editor.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams(events))


def write(file: Path, *agents: object) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(agents))
    return file


async def add_folder(editor: Editor, folder: Path) -> None:
    event = types.WorkspaceFoldersChangeEvent([types.WorkspaceFolder(folder.as_uri(), folder.name)], [])
    editor.workspace_did_change_workspace_folders(types.DidChangeWorkspaceFoldersParams(event))
    await editor.agents()


async def test_agents_of_one_folder_are_named_in_another(tmp_path: Path) -> None:
    here = write(tmp_path / "workspace/agents.json", FLOW)
    there = write(tmp_path / "other/deep/agents.json", SECOND)
    async with start(tmp_path) as editor:
        await add_folder(editor, tmp_path / "other")
        uri = editor.open(here.as_uri(), here.read_text())
        place = types.Position(0, here.read_text().index("second") + 1)
        document = types.TextDocumentIdentifier(uri)
        definition = await editor.ask(types.TEXT_DOCUMENT_DEFINITION, types.DefinitionParams(document, place))
        assert definition["uri"] == there.as_uri()
        edit = await editor.ask(types.TEXT_DOCUMENT_RENAME, types.RenameParams(document, place, "third"))
        assert {change["textDocument"]["uri"] for change in edit["documentChanges"]} == {uri, there.as_uri()}


async def test_a_folder_in_a_folder_counts_once(tmp_path: Path) -> None:
    write(tmp_path / "workspace/inner/agents.json", SECOND)
    async with start(tmp_path) as editor:
        await add_folder(editor, tmp_path / "workspace/inner")
        symbols = await editor.ask(types.WORKSPACE_SYMBOL, types.WorkspaceSymbolParams(""))
        assert [symbol["name"] for symbol in symbols] == ["second"]


async def test_a_file_that_goes_while_it_is_open(tmp_path: Path) -> None:
    file = write(tmp_path / "workspace/agents.json", SECOND)
    async with start(tmp_path) as editor:
        uri = editor.open(file.as_uri(), file.read_text().replace("url", "urll"))
        assert [told["code"] for told in await editor.diagnostics_of(uri)] == ["unknown-key"]
        deleted(editor, file)
        assert {*await editor.agents()} == {"second"}
        editor.change(uri, json.dumps([FLOW]))
        assert {*await editor.agents()} == {"first"}
        editor.close(uri)
        assert await editor.agents() == {}
        assert editor.sent(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)[-1] == {"uri": uri, "diagnostics": []}
    assert "ERROR" not in editor.log.read_text()


async def test_a_folder_and_files_that_cannot_be_read(tmp_path: Path) -> None:
    write(tmp_path / "workspace/agents.json", SECOND)
    closed = write(tmp_path / "workspace/closed/agents.json", FLOW).parent
    bad = tmp_path / "workspace/bad.agents.json"
    bad.write_bytes(b'{"name": "\xff\xfe", "url": "http://h/"}')
    (tmp_path / "workspace/folder.agents.json").mkdir()
    closed.chmod(0o000)
    try:
        async with start(tmp_path) as editor:
            assert {"second"} <= {*await editor.agents()}
        assert "ERROR" not in editor.log.read_text()
    finally:
        closed.chmod(0o755)
