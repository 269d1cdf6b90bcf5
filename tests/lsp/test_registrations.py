"""A client that can be told later is told what is done for which documents, and asks about no others."""

from __future__ import annotations

from fnmatch import fnmatch
from pathlib import Path
from typing import TypeAlias

import pytest
import pytest_asyncio
from lsprotocol import types

from lsp_clients import start_as
from lsp_session import Editor, Json

Told: TypeAlias = dict[str, Json]
"""Registrations by id."""


async def registered(editor: Editor, times: int = 1) -> dict[str, Json]:
    """What the last message of so many has registered: id → registration."""
    told = await editor.until(lambda: len(found := editor.sent(types.CLIENT_REGISTER_CAPABILITY)) >= times and found)
    return {one["id"]: one for one in told[-1]["registrations"]}


def selects(registration: Json, path: str, language: str = "json") -> bool:
    """Whether a document is among those that a client asks about."""
    return any(
        filter_.get("language") == language or fnmatch(path, filter_.get("pattern", ""))
        for filter_ in registration["registerOptions"]["documentSelector"]
    )


DOCUMENTS: dict[tuple[str, str], tuple[bool, bool]] = {
    ("/w/agents.json", "json"): (True, False),
    ("/w/deep/x.agents.jsonc", "jsonc"): (True, False),
    ("/w/.agents/bot.json", "json"): (True, False),
    ("/w/.agents/providers/mine.json", "json"): (True, False),
    ("/home/me/.config/dragoman/providers/mine.json", "json"): (True, False),
    ("/w/bots/one.json", "json"): (True, False),
    ("Untitled-1", "agent-config"): (True, False),
    ("/w/x.chat.md", "markdown"): (False, True),
    ("Untitled-2", "dragoman-chat"): (False, True),
    ("/w/package.json", "json"): (False, False),
    ("/w/app.py", "python"): (False, False),
    ("/w/README.md", "markdown"): (False, False),
}
"""(path, language) → whether it is an agent file, a chat document"""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def told_later(tmp_path_factory: pytest.TempPathFactory) -> Told:
    async with start_as("vscode-1.139", tmp_path_factory.mktemp("vscode"), files=["/bots/*.json"]) as editor:
        return await registered(editor)


@pytest.mark.parametrize(("document", "kinds"), DOCUMENTS.items(), ids=[path for path, _ in DOCUMENTS])
def test_which_documents(told_later: Told, document: tuple[str, str], kinds: tuple[bool, bool]) -> None:
    assert selects(told_later["dragoman-formatting-agents"], *document) == kinds[0]
    assert selects(told_later["dragoman-completion-chats"], *document) == kinds[1]
    assert selects(told_later["dragoman-hover-agents-chats"], *document) == any(kinds)


def test_each_kind_of_document_has_its_own_triggers(told_later: Told) -> None:
    triggers = {id_: one["registerOptions"].get("triggerCharacters") for id_, one in told_later.items()}
    assert triggers["dragoman-completion-agents"] == ['"', ":", "$", "{", ".", "["]
    assert triggers["dragoman-completion-chats"] == ["@", "#", "/"]


def test_what_is_told_later_is_as_whole_as_at_the_start(told_later: Told) -> None:
    options = {one["method"]: one["registerOptions"] for one in told_later.values()}
    assert options["textDocument/rename"]["prepareProvider"]
    assert options["textDocument/completion"]["resolveProvider"]
    assert {"legend", "full", "range"} <= options["textDocument/semanticTokens"].keys()


ALWAYS = {"workspaceSymbolProvider", "codeActionProvider", "executeCommandProvider"}
"""What is about no document, or about any."""


@pytest.mark.parametrize(
    ("client", "later"),
    {
        "vscode-1.139": 16,
        "neovim-0.11.4": 2,
        "eglot-1.9": 0,
    }.items(),
)
async def test_everything_is_told_once(tmp_path: Path, client: str, later: int) -> None:
    async with start_as(client, tmp_path) as editor:
        await editor.agents()
        at_start = next(one["result"]["capabilities"] for one in editor.received if "result" in one)
        told = editor.sent(types.CLIENT_REGISTER_CAPABILITY)
        methods = {one["method"] for message in told for one in message["registrations"]}
    providers = {name for name in at_start if name.endswith("Provider")}
    assert providers >= ALWAYS
    in_documents = {method for method in methods if method.startswith("textDocument/")}
    assert len(in_documents) == later
    assert len(providers - ALWAYS) + later == 15 + (client == "vscode-1.139")  # which pulls diagnostics


async def test_other_files_in_the_settings(tmp_path: Path) -> None:
    async with start_as("vscode-1.139", tmp_path) as editor:
        first = await registered(editor)
        assert not selects(first["dragoman-hover-agents-chats"], "/w/bots/one.json")
        editor.set_configuration({"files": ["bots/*.json"]}, section="dragoman")
        editor.workspace_did_change_configuration(types.DidChangeConfigurationParams(None))
        second = await registered(editor, times=2)
        assert selects(second["dragoman-hover-agents-chats"], "/w/bots/one.json")
        assert {"globPattern": "**/bots/*.json"} in second["dragoman-watched-files"]["registerOptions"]["watchers"]
        (gone,) = editor.sent(types.CLIENT_UNREGISTER_CAPABILITY)
        assert {one["id"] for one in gone["unregisterations"]} == {*first}
