"""Diagnostics as the editor gets them: when, for which documents, in which version, and under which settings."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types

from dragoman.paths import path_of, uri_of
from lsp_session import Editor, able, between, start

pytestmark = pytest.mark.asyncio(loop_scope="module")

GOOD = '{"name": "a", "url": "http://h/"}'
UNKNOWN = '{"name": "a", "url": "http://h/", "naem": 1}'


def codes(diagnostics: list[dict[str, Any]]) -> list[str]:
    return [diagnostic["code"] for diagnostic in diagnostics]


def published(editor: Editor, uri: str) -> list[tuple[int | None, list[str]]]:
    sent = editor.sent(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
    return [(params.get("version"), codes(params["diagnostics"])) for params in sent if params["uri"] == uri]


async def test_on_open_on_change_on_close(editor: Editor) -> None:
    uri = editor.open("agents.json", UNKNOWN)
    (told,) = await editor.diagnostics_of(uri)
    assert (told["source"], told["code"], told["severity"]) == ("dragoman", "unknown-key", 2)
    assert told["range"] == between(0, 35, 0, 39)
    assert 'did you mean "name"' in told["message"]
    editor.change(uri, (between(0, 34, 0, 43), '"enabled": true'))
    assert await editor.diagnostics_of(uri) == []
    editor.change(uri, "")
    assert codes(await editor.diagnostics_of(uri)) == ["empty-file"]
    editor.close(uri)
    await editor.roundtrip()
    assert published(editor, uri) == [(1, ["unknown-key"]), (2, []), (3, ["empty-file"]), (None, [])]


EDITS: dict[str, tuple[str, list[tuple[dict[str, Any], str]]]] = {
    "an insertion": (GOOD, [(between(0, 32, 0, 32), ', "naem": 1')]),
    "several at once, each counted on the one before": (
        GOOD,
        [(between(0, 0, 0, 0), "\n\n"), (between(2, 32, 2, 32), ","), (between(2, 33, 2, 33), '"naem": 1')],
    ),
    "a deletion over a line end": ('{"name": "a",\n\n"url": "http://h/", "naem": 1}', [(between(0, 13, 2, 0), " ")]),
    "over CRLF": ('{"name": "a",\r\n"x": 1,\r\n"url": "http://h/", "naem": 1}', [(between(0, 13, 2, 0), " ")]),
    "between CR and LF, which is no place": (
        '{"name": "a",\r\n"url": "http://h/"}',
        [(between(0, 99, 1, 0), '"naem": 1,')],
    ),
    "behind the end": (GOOD[:-1], [(between(7, 0, 9, 9), ', "naem": 1}')]),
    "behind an emoji": ('{"name": "😀", "url": "http://h/", "xx": 1}', [(between(0, 36, 0, 38), "naem")]),
    "of half an emoji": (
        '{"name": "😀", "url": "http://h/"}',
        [(between(0, 33, 0, 33), ', "naem": 1'), (between(0, 10, 0, 11), "")],
    ),
    "behind U+2028, which ends no line": (
        '{"name": "a\u2028\u0085b", "url": "http://h/"}',
        [(between(0, 35, 0, 35), ', "naem": 1')],
    ),
    "a reversed range": (UNKNOWN.replace("naem", "xx"), [(between(0, 37, 0, 35), "naem")]),
    "a text and an edit of it": ("[]", [(between(0, 0, 0, 2), GOOD), (between(0, 32, 0, 32), ', "naem": 1')]),
}


@pytest.mark.parametrize(("text", "edits"), EDITS.values(), ids=EDITS.keys())
async def test_edits(editor: Editor, text: str, edits: list[tuple[dict[str, Any], str]]) -> None:
    uri = editor.open("agents.json", text)
    assert "naem" not in str(await editor.diagnostics_of(uri)) or "naem" in text
    assert editor.change(uri, *edits) == 2
    (told,) = await editor.diagnostics_of(uri)
    assert told["code"] == "unknown-key"
    assert '"naem"' in told["message"]


@pytest.mark.parametrize("name", ["notes.json", "agents.json.txt", "untitled:agents"])
async def test_other_documents_are_left_alone(editor: Editor, name: str) -> None:
    uri = editor.open(name, UNKNOWN)
    editor.change(uri, (between(0, 0, 0, 1), "["))
    editor.close(uri)
    await editor.roundtrip()
    assert published(editor, uri) == []


@pytest.mark.parametrize(
    ("name", "language_id"),
    [
        ("x.agents.json", "json"),
        ("x.agent.jsonc", "jsonc"),
        (".agents/x.json", "json"),
        ("AutoDevCustomAgentFile.json", "json"),
        ("notes.txt", "agent-config"),
        ("untitled:Untitled-1", "agent-config"),
        ("untitled:agents.json", "json"),
        ("vscode-remote://wsl/home/agents.json", "json"),
    ],
)
async def test_agent_files(editor: Editor, name: str, language_id: str) -> None:
    uri = editor.open(name, UNKNOWN, language_id)
    assert codes(await editor.diagnostics_of(uri)) == ["unknown-key"]


async def test_a_change_of_what_is_not_open(editor: Editor) -> None:
    uri = editor.open("agents.json", GOOD)
    params = {"textDocument": {"uri": editor.uri("other.json"), "version": 2}, "contentChanges": [{"text": ""}]}
    editor.text_document_did_change(editor.structured(params, types.DidChangeTextDocumentParams))
    assert await editor.diagnostics_of(uri) == []


async def test_other_places_and_tags(editor: Editor) -> None:
    chaindesk = {"name": "b", "url": "http://h/", "provider": "chaindesk", "parameters": {"promptType": "raw"}}
    uri = editor.open_agents(chaindesk, {"name": "b", "url": "http://h/"})
    deprecated, duplicate = await editor.diagnostics_of(uri)
    assert (deprecated["code"], deprecated["tags"]) == ("deprecated-key", [2])
    (related,) = duplicate["relatedInformation"]
    assert related["location"] == {"uri": uri, "range": between(2, 12, 2, 15)}


async def test_where_a_rule_is_explained(tmp_path: Path) -> None:
    able_to = able(textDocument={"publishDiagnostics": {"codeDescriptionSupport": True}})
    async with start(tmp_path, able_to) as editor:
        (told,) = await editor.diagnostics_of(editor.open("agents.json", UNKNOWN))
        page, _, line = told["codeDescription"]["href"].partition("#L")
        path = path_of(page)
        assert path
        assert path.read_text(encoding="utf-8").split("\n")[int(line) - 1] == "## unknown-key"


async def test_an_editor_that_shows_no_explanations(tmp_path: Path) -> None:
    async with start(tmp_path, able(textDocument={})) as editor:
        (told,) = await editor.diagnostics_of(editor.open("agents.json", UNKNOWN))
        assert "codeDescription" not in told


async def test_a_place_in_another_file(tmp_path: Path) -> None:
    own = tmp_path / "config/dragoman/agents.json"
    own.parent.mkdir(parents=True)
    own.write_text('[\n {"name": "a", "url": "http://h/"}]')
    async with start(tmp_path, able(textDocument={"publishDiagnostics": {"relatedInformation": True}})) as editor:
        await editor.agents()
        (told,) = await editor.diagnostics_of(editor.open("agents.json", GOOD))
        assert told["code"] == "shadowed-name"
        (related,) = told["relatedInformation"]
        assert related["location"] == {"uri": uri_of(own), "range": between(1, 10, 1, 13)}


async def test_what_is_said_of_a_file_follows_the_others(editor: Editor) -> None:
    agent = {"name": "f", "url": "http://h/", "responseAction": "Flow", "flow": {"next": "n"}}
    flow = editor.open("flow.agents.json", json.dumps(agent))
    assert codes(await editor.diagnostics_of(flow)) == ["flow-next"]
    other = editor.open("next.agents.json", '{"name": "n", "url": "http://h/"}')
    await editor.until(lambda: published(editor, flow)[-1][1] == [])
    editor.change(other, '{"name": "n", "url": "http://h/", "enabled": false}')
    await editor.until(lambda: published(editor, flow)[-1][1] == ["flow-next"])


async def test_an_editor_without_tags_and_other_places(tmp_path: Path) -> None:
    async with start(tmp_path, able(textDocument={})) as editor:
        chaindesk = {"name": "b", "url": "http://h/", "provider": "chaindesk", "parameters": {"promptType": "raw"}}
        uri = editor.open_agents(chaindesk, {"name": "b", "url": "http://h/"})
        for told in await editor.diagnostics_of(uri):
            assert told.keys() == {"range", "severity", "code", "source", "message"}


async def test_of_too_many_the_worst_are_told(editor: Editor) -> None:
    unknown = {f"x{number}": 1 for number in range(300)}
    uri = editor.open_agents({"name": "a", "url": "http://h/", **unknown, "responseAction": 1})
    told = await editor.diagnostics_of(uri)
    assert (len(told), told[0]["severity"], told[1]["severity"]) == (200, 1, 2)


async def test_settings_that_come_with_initialize(tmp_path: Path) -> None:
    options = {"files": ["bots/*.json"], "rules": {"unknown-key": "error"}}
    async with start(tmp_path, able(workspace={}), options=options) as editor:
        uri = editor.open("bots/x.json", UNKNOWN)
        (told,) = await editor.diagnostics_of(uri)
        assert (told["code"], told["severity"]) == ("unknown-key", 1)

        notes = editor.open("notes.json", UNKNOWN)
        for nonsense in (None, 1, "x", [], {}, {"dragoman": 1}):
            editor.workspace_did_change_configuration(types.DidChangeConfigurationParams(nonsense))
        settings = {"dragoman": {"files": ["notes.json"], "rules": {"unknown-key": "off"}}}
        editor.workspace_did_change_configuration(types.DidChangeConfigurationParams(settings))
        assert await editor.diagnostics_of(notes) == []
        await editor.until(lambda: published(editor, uri)[1:])
        assert published(editor, uri)[-1] == (None, [])
    assert "ERROR" not in editor.log.read_text()


async def test_settings_that_the_editor_is_asked_for(tmp_path: Path) -> None:
    async with start(tmp_path, settings={"files": ["bots/*.json"]}) as editor:
        uri = editor.open("bots/x.json", UNKNOWN)
        (told,) = await editor.diagnostics_of(uri)
        assert told["severity"] == 2

        editor.set_configuration(
            {"files": ["bots/*.json"], "rules": {"unknown-key": "information"}}, section="dragoman"
        )
        editor.workspace_did_change_configuration(types.DidChangeConfigurationParams(None))
        await editor.until(lambda: len(published(editor, uri)) > 1)
        (told,) = await editor.diagnostics_of(uri)
        assert told["severity"] == 3


async def test_an_editor_that_has_no_settings_keeps_its_options(tmp_path: Path) -> None:
    async with start(tmp_path, options={"rules": {"unknown-key": "off"}}, settings=None) as editor:
        await editor.until(lambda: editor.sent(types.WORKSPACE_CONFIGURATION))
        uri = editor.open("agents.json", UNKNOWN)
        assert await editor.diagnostics_of(uri) == []


@pytest.mark.parametrize("options", ["x", {"files": 1, "rules": {"unknown-key": 1}, "prompts": {}, "limits": None}])
async def test_options_of_the_wrong_kind(tmp_path: Path, options: object) -> None:
    async with start(tmp_path, able(workspace={}), options=options) as editor:
        uri = editor.open("agents.json", UNKNOWN)
        assert codes(await editor.diagnostics_of(uri)) == ["unknown-key"]
