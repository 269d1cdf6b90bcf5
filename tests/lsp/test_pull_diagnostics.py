"""Diagnostics that the client asks for: nothing is shown twice, and nothing stays that is not true any more."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from lsprotocol import types

from http_agent import HttpAgent, Reply
from lsp_session import BARE, Editor, Json, able, between, start

GOOD = '{"name": "a", "url": "http://h/"}'
UNKNOWN = '{"name": "a", "url": "http://h/", "naem": 1}'
MISSPELT_PROVIDER = '{"name": "a", "url": "http://h/", "provider": "mine"}'
DEFINITION = json.dumps({"request": {"body": {"q": "$content"}}, "response": {"text": "$.a"}})


def pulling(*, dynamic: bool = False, refresh: bool = True) -> types.ClientCapabilities:
    """An editor that asks for diagnostics."""
    return able(
        textDocument={
            "diagnostic": {"dynamicRegistration": dynamic},
            "publishDiagnostics": {"relatedInformation": True},
        },
        workspace={
            "applyEdit": True,
            "configuration": True,
            "diagnostics": {"refreshSupport": refresh},
            "didChangeWatchedFiles": {"dynamicRegistration": True},
        },
    )


@asynccontextmanager
async def puller(folder: Path, **files: str) -> AsyncIterator[Editor]:
    """A session of such an editor. `files`: of the workspace, which nobody has open; `__` for a `/`."""
    for name, text in files.items():
        path = folder / "workspace" / name.replace("__", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    async with start(folder, pulling()) as editor:
        yield editor
        assert editor.sent(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS) == []


async def pull(editor: Editor, uri: str, previous: str | None = None) -> Json:
    params = types.DocumentDiagnosticParams(types.TextDocumentIdentifier(uri), previous_result_id=previous)
    return await editor.ask(types.TEXT_DOCUMENT_DIAGNOSTIC, params)


async def pull_all(editor: Editor, previous: dict[str, str] | None = None, token: str | None = None) -> dict[str, Json]:
    """Reports by the names of their files."""
    known = [types.PreviousResultId(uri, value) for uri, value in (previous or {}).items()]
    params = types.WorkspaceDiagnosticParams(known, partial_result_token=token)
    result = await editor.ask(types.WORKSPACE_DIAGNOSTIC, params)
    return {name_of(editor, report["uri"]): report for report in result["items"]}


def name_of(editor: Editor, uri: str) -> str:
    return uri.removeprefix(f"{editor.folder.as_uri()}/")


def codes(report: Json) -> list[str]:
    return [diagnostic["code"] for diagnostic in report["items"]]


async def refreshed(editor: Editor, times: int = 1) -> None:
    """Wait until the server has said that it is to be asked again."""
    await editor.until(lambda: len(editor.sent(types.WORKSPACE_DIAGNOSTIC_REFRESH)) >= times)
    await editor.roundtrip()
    assert len(editor.sent(types.WORKSPACE_DIAGNOSTIC_REFRESH)) == times


async def test_a_document(tmp_path: Path) -> None:
    async with puller(tmp_path) as editor:
        offered = editor.initialized_with.capabilities.diagnostic_provider
        assert offered.inter_file_dependencies
        assert offered.workspace_diagnostics
        uri = editor.open("agents.json", UNKNOWN)
        first = await pull(editor, uri)
        assert (first["kind"], codes(first)) == ("full", ["unknown-key"])
        assert first["items"][0]["range"] == between(0, 35, 0, 39)
        again = await pull(editor, uri, first["resultId"])
        assert again == {"kind": "unchanged", "resultId": first["resultId"]}
        editor.change(uri, GOOD)
        third = await pull(editor, uri, first["resultId"])
        assert (third["kind"], codes(third)) == ("full", [])
        editor.change(uri, "")
        assert codes(await pull(editor, uri, third["resultId"])) == ["empty-file"]
        assert editor.sent(types.WORKSPACE_DIAGNOSTIC_REFRESH) == []


@pytest.mark.parametrize("name", ["notes.json", "gone.agents.json"])
async def test_documents_of_which_nothing_is_said(tmp_path: Path, name: str) -> None:
    async with puller(tmp_path) as editor:
        uri = editor.open(name, UNKNOWN)
        if name.startswith("gone"):
            editor.close(uri)
        assert codes(await pull(editor, uri)) == []


async def test_a_chat_document_is_asked_about_again_when_its_agent_is_gone(tmp_path: Path) -> None:
    async with puller(tmp_path) as editor:
        agents = editor.open("agents.json", GOOD)
        chat = editor.open("x.chat.md", "---\nagent: a\n---\n", "markdown")
        await editor.agents()
        assert codes(await pull(editor, chat)) == []
        editor.change(agents, GOOD.replace('"a"', '"b"'))
        await refreshed(editor)
        assert codes(await pull(editor, chat)) == ["chat/unknown-agent"]


async def test_a_definition_changes_what_is_said_of_agents(tmp_path: Path) -> None:
    async with puller(tmp_path) as editor:
        agents = editor.open("agents.json", MISSPELT_PROVIDER)
        await editor.agents()
        assert codes(await pull(editor, agents)) == ["unknown-provider"]
        editor.open(".agents/providers/mine.json", DEFINITION)
        await refreshed(editor)
        assert codes(await pull(editor, agents)) == []


async def test_a_turn_that_fails_and_one_that_does_not(tmp_path: Path) -> None:
    async with puller(tmp_path) as editor:
        with HttpAgent(Reply(b"", 401), Reply(b"data: hello\n\n")) as http:
            uri = editor.open_agents({"name": "a", "url": http.url})
            before = await pull(editor, uri)
            await editor.prompt("a")
            await refreshed(editor)
            failed = await pull(editor, uri, before["resultId"])
            assert codes(failed) == ["runtime/auth"]
            await editor.prompt("a")
            await refreshed(editor, times=2)
            assert codes(await pull(editor, uri, failed["resultId"])) == []


async def test_settings_change_what_is_said(tmp_path: Path) -> None:
    async with puller(tmp_path) as editor:
        uri = editor.open("agents.json", UNKNOWN)
        assert codes(await pull(editor, uri)) == ["unknown-key"]
        editor.set_configuration({"rules": {"unknown-key": "off"}}, section="dragoman")
        editor.workspace_did_change_configuration(types.DidChangeConfigurationParams(None))
        await refreshed(editor)
        assert codes(await pull(editor, uri)) == []


FILES = {
    "one.agents.json": UNKNOWN,
    "deep__two.agents.json": GOOD,
    ".agents__providers__mine.json": '{"request": 1}',
    "notes.json": "{",
}


async def test_files_that_nobody_has_open(tmp_path: Path) -> None:
    async with puller(tmp_path, **FILES) as editor:
        uri = editor.open("agents.json", MISSPELT_PROVIDER)
        reports = await pull_all(editor)
        assert sorted(reports) == [
            ".agents/providers/mine.json",
            "agents.json",
            "deep/two.agents.json",
            "one.agents.json",
        ]
        assert codes(reports["one.agents.json"]) == ["unknown-key"]
        assert codes(reports["deep/two.agents.json"]) == []
        assert codes(reports[".agents/providers/mine.json"]) == ["provider-definition"]
        assert (reports["agents.json"]["version"], reports["one.agents.json"]["version"]) == (1, None)
        assert reports["agents.json"]["resultId"] == (await pull(editor, uri))["resultId"]
        previous = {report["uri"]: report["resultId"] for report in reports.values()}
        assert {report["kind"] for report in (await pull_all(editor, previous)).values()} == {"unchanged"}


async def test_partial_results(tmp_path: Path) -> None:
    async with puller(tmp_path, **FILES) as editor:
        assert await pull_all(editor, token="part") == {}
        parts = [params["value"] for params in editor.sent(types.PROGRESS) if params["token"] == "part"]
        assert [len(part["items"]) for part in parts] == [1, 1, 1]
        assert [codes(part["items"][0]) for part in parts] == [["provider-definition"], [], ["unknown-key"]]


async def test_files_that_change_on_the_disk_or_go(tmp_path: Path) -> None:
    async with puller(tmp_path, **FILES) as editor:
        reports = await pull_all(editor)
        previous = {report["uri"]: report["resultId"] for report in reports.values()}
        one, two = editor.folder / "one.agents.json", editor.folder / "deep/two.agents.json"
        one.unlink()
        two.write_text(UNKNOWN)
        changed = [types.FileEvent(one.as_uri(), types.FileChangeType.Deleted)]
        changed.append(types.FileEvent(two.as_uri(), types.FileChangeType.Changed))
        editor.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams(changed))
        await refreshed(editor)
        reports = await pull_all(editor, previous)
        assert {name: report["kind"] for name, report in reports.items()} == {
            "one.agents.json": "full",
            "deep/two.agents.json": "full",
            ".agents/providers/mine.json": "unchanged",
        }
        assert codes(reports["one.agents.json"]) == []
        assert codes(reports["deep/two.agents.json"]) == ["unknown-key"]


async def test_the_users_own_file_is_not_of_the_workspace(tmp_path: Path) -> None:
    users = tmp_path / "config/dragoman/agents.json"
    users.parent.mkdir(parents=True)
    users.write_text(UNKNOWN)
    async with puller(tmp_path) as editor:
        assert await pull_all(editor) == {}


async def test_a_client_that_is_told_later(tmp_path: Path) -> None:
    async with start(tmp_path, pulling(dynamic=True)) as editor:
        assert editor.initialized_with.capabilities.diagnostic_provider is None
        (told,) = await editor.until(lambda: editor.sent(types.CLIENT_REGISTER_CAPABILITY))
        (options,) = [one["registerOptions"] for one in told["registrations"] if "diagnostic" in one["id"]]
        assert options["interFileDependencies"]
        assert options["workspaceDiagnostics"]
        uri = editor.open("agents.json", UNKNOWN)
        assert codes(await pull(editor, uri)) == ["unknown-key"]
        assert editor.sent(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS) == []


@pytest.mark.parametrize("capabilities", [BARE, able(), pulling(refresh=False)], ids=["bare", "able", "no refresh"])
async def test_every_other_client_is_published_to(tmp_path: Path, capabilities: types.ClientCapabilities) -> None:
    async with start(tmp_path, capabilities) as editor:
        assert editor.initialized_with.capabilities.diagnostic_provider is None
        uri = editor.open("agents.json", UNKNOWN)
        assert [told["code"] for told in await editor.diagnostics_of(uri)] == ["unknown-key"]
