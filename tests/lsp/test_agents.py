"""`dragoman/agents` and `dragoman/agentsChanged`: which agents there are, wherever they are described."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from lsprotocol import types

from lsp_session import Editor, able, between, start
from raw_client import RawClient

pytestmark = pytest.mark.asyncio(loop_scope="module")

URL = "https://user:pass@agents.example:8443/v1?key=sesame"


def agent(name: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "url": "http://h/", **more}


def write(file: Path, *agents: Mapping[str, Any]) -> Path:
    """An agent file on the disk; written in one step, and with a time that tells it from every earlier version."""
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(file.name + ".new")
    draft.write_text(json.dumps(agents))
    if file.exists():
        later = file.stat().st_mtime_ns + 1_000_000_000
        os.utime(draft, ns=(later, later))
    return draft.replace(file)


async def test_what_is_told_of_an_agent(editor: Editor) -> None:
    given = agent("a", url=URL, description="d", icon="https://i/x.png", responseAction="Stream", interactive="OnPaste")
    uri = editor.open_agents(given)
    assert await editor.ask("dragoman/agents") == {
        "agents": [
            {
                "name": "a",
                "description": "d",
                "icon": "https://i/x.png",
                "provider": "custom",
                "url": "agents.example:8443",
                "enabled": True,
                "state": "ok",
                "problems": [],
                "location": {"uri": uri, "range": between(2, 12, 2, 15)},
                "responseAction": "Stream",
                "interactive": "OnPaste",
                "trusted": False,
            }
        ]
    }


STATES = {
    "nothing wrong": (agent("a"), "ok", 0),
    "a warning": (agent("a", colour=1), "warning", 1),
    "an error": (agent("a", url="ftp://h/"), "error", 1),
    "both, the error first": ({"colour": 1, **agent("a", url="ftp://h/")}, "error", 2),
    "switched off": (agent("a", enabled=False), "ok", 0),
}


@pytest.mark.parametrize(("given", "state", "problems"), STATES.values(), ids=STATES.keys())
async def test_states(editor: Editor, given: dict[str, Any], state: str, problems: int) -> None:
    editor.open_agents(given)
    told = (await editor.agents())["a"]
    assert (told["state"], len(told["problems"]), told["enabled"]) == (state, problems, given.get("enabled", True))
    if state == "error":
        assert "Unknown key" not in told["problems"][0]


async def test_an_agent_without_its_closing_brace(editor: Editor) -> None:
    editor.open("agents.json", '{"name": "a", "url": "http://h/"')
    assert (await editor.agents())["a"]["state"] == "error"


async def test_a_broken_agent_hides_no_other(editor: Editor) -> None:
    editor.open(
        "agents.json",
        '[{"name": "a", "url": "http://h/"}, {"name": "b", "url" nonsense, {"name": "c", "url": "http://h/"}]',
    )
    known = await editor.agents()
    assert [known[name]["state"] for name in ("a", "c")] == ["ok", "ok"]
    editor.open("b.agents.json", "{{{{")
    assert [*await editor.agents()] == [*known]


async def test_files_on_the_disk(tmp_path: Path) -> None:
    workspace = tmp_path / "workspace"
    write(workspace / "agents.json", agent("root"))
    write(workspace / "deep" / "er" / "x.agents.json", agent("deep"))
    write(workspace / ".agents" / "x.json", agent("dotted"))
    write(workspace / "bots" / "x.json", agent("by setting"))
    for hidden in ("node_modules/agents.json", ".git/agents.json", "venv/agents.json", "x.json"):
        write(workspace / hidden, agent(hidden))
    async with start(tmp_path, able(workspace={}), options={"files": ["bots/*.json"]}) as editor:
        assert {*await editor.agents()} == {"root", "deep", "dotted", "by setting"}

        write(workspace / "agents.json", agent("changed"))
        assert {*await editor.agents()} == {"changed", "deep", "dotted", "by setting"}
        (workspace / "agents.json").unlink()
        assert {*await editor.agents()} == {"deep", "dotted", "by setting"}

        editor.open_agents(agent("unsaved"), name="deep/er/x.agents.json")
        assert {*await editor.agents()} == {"unsaved", "dotted", "by setting"}
        editor.close(editor.uri("deep/er/x.agents.json"))
        assert {*await editor.agents()} == {"deep", "dotted", "by setting"}


async def test_files_that_the_editor_tells_of(editor: Editor) -> None:
    assert await editor.agents() == {}

    def tell(name: str, kind: types.FileChangeType) -> None:
        event = types.FileEvent(editor.uri(name), kind)
        editor.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams([event]))

    for name in ("new/agents.json", "node_modules/agents.json", "x.json"):
        write(editor.folder / name, agent(name))
        tell(name, types.FileChangeType.Created)
    assert {*await editor.agents()} == {"new/agents.json"}
    for name in ("new/agents.json", "node_modules/agents.json", "x.json"):
        write(editor.folder / name, agent(f"changed {name}"))
        tell(name, types.FileChangeType.Changed)
    assert {*await editor.agents()} == {"changed new/agents.json"}
    (editor.folder / "new/agents.json").unlink()
    tell("new/agents.json", types.FileChangeType.Deleted)
    assert await editor.agents() == {}


async def test_an_ignored_file_counts_only_while_it_is_open(editor: Editor) -> None:
    write(editor.folder / "node_modules" / "agents.json", agent("a"))
    uri = editor.open_agents(agent("a"), name="node_modules/agents.json")
    assert {*await editor.agents()} == {"a"}
    editor.close(uri)
    assert await editor.agents() == {}


async def test_a_new_file_that_is_saved_and_closed(editor: Editor) -> None:
    uri = editor.open_agents(agent("a"), name="new/agents.json")
    file = write(editor.folder / "new" / "agents.json", agent("a"))
    editor.close(uri)
    assert {*await editor.agents()} == {"a"}
    file.unlink()
    assert await editor.agents() == {}


async def test_an_editor_that_escapes_more_in_uris(tmp_path: Path) -> None:
    file = write(tmp_path / "workspace" / "c++ (ü@1), 'x'" / "agents.json", agent("a", description="saved"))
    uri = "file://" + quote(str(file), safe="/")
    async with start(tmp_path) as editor:
        (known,) = (await editor.agents()).values()
        assert (known["description"], known["location"]["uri"] == uri) == ("saved", False)
        editor.open_agents(agent("a", description="unsaved"), name=uri)
        (known,) = (await editor.agents()).values()
        assert (known["description"], known["location"]["uri"]) == ("unsaved", uri)
        editor.change(uri, json.dumps(agent("b")))
        assert {*await editor.agents()} == {"b"}
        editor.close(uri)
        (known,) = (await editor.agents()).values()
        assert known["description"] == "saved"


@pytest.mark.parametrize("way", ["rootUri", "rootPath"])
async def test_older_ways_to_name_the_workspace(tmp_path: Path, way: str) -> None:
    write(tmp_path / "agents.json", agent("a"))
    named = {"rootUri": tmp_path.as_uri(), "rootPath": str(tmp_path)}
    with RawClient(env={**os.environ, "XDG_CONFIG_HOME": str(tmp_path / "config")}) as client:
        client.initialize(**{way: named[way]})
        (known,) = client.request("dragoman/agents")["result"]["agents"]
        assert known["name"] == "a"


async def test_the_editor_is_asked_to_watch(tmp_path: Path) -> None:
    workspace = {"didChangeWatchedFiles": {"dynamicRegistration": True}, "configuration": True}
    async with start(tmp_path, able(workspace=workspace), settings={"files": ["bots/*.json"]}) as editor:
        registered = partial(editor.sent, types.CLIENT_REGISTER_CAPABILITY)
        _, asked = await editor.until(lambda: len(told := registered()) == 2 and told)
        (registration,) = asked["registrations"]
        assert registration["method"] == types.WORKSPACE_DID_CHANGE_WATCHED_FILES
        globs = [watcher["globPattern"] for watcher in registration["registerOptions"]["watchers"]]
        assert {"**/agents.json", "**/*.agent.jsonc", "**/.agents/*.json", "**/bots/*.json"} <= {*globs}


async def test_the_user_s_own_agents(tmp_path: Path) -> None:
    mine = write(tmp_path / "config" / "dragoman" / "agents.json", agent("both", description="mine"), agent("mine"))
    theirs = write(tmp_path / "workspace" / "agents.json", agent("both", description="theirs"), agent("theirs"))
    async with start(tmp_path) as editor:
        known = await editor.agents()
        assert [*known] == ["both", "mine", "theirs"]
        assert known["both"]["location"]["uri"] == mine.as_uri()
        assert (known["both"]["state"], known["both"]["description"]) == ("warning", "mine")
        assert known["theirs"]["location"]["uri"] == theirs.as_uri()


async def test_more_workspace_folders(tmp_path: Path) -> None:
    write(tmp_path / "other" / "agents.json", agent("other"))
    write(tmp_path / "workspace" / "agents.json", agent("here"))
    async with start(tmp_path) as editor:
        assert {*await editor.agents()} == {"here"}
        other = types.WorkspaceFolder((tmp_path / "other").as_uri(), "other")
        here = types.WorkspaceFolder(editor.folder.as_uri(), "here")
        editor.received.clear()
        event = types.WorkspaceFoldersChangeEvent(added=[other], removed=[here])
        editor.workspace_did_change_workspace_folders(types.DidChangeWorkspaceFoldersParams(event))
        assert {*await editor.agents()} == {"other"}
        await editor.until(lambda: editor.sent("dragoman/agentsChanged"))


async def test_the_editor_hears_of_changes(editor: Editor) -> None:
    uri = editor.open_agents(agent("a"))
    await editor.until(lambda: editor.sent("dragoman/agentsChanged"))
    editor.received.clear()
    editor.change(uri, (between(2, 12, 2, 15), '"b"'))
    assert await editor.until(lambda: editor.sent("dragoman/agentsChanged")) == [{}]
    assert {*await editor.agents()} == {"b"}


async def test_a_setting_that_changes_what_is_told(tmp_path: Path) -> None:
    async with start(tmp_path) as editor:
        editor.open_agents(agent("a", colour=1))
        assert (await editor.agents())["a"]["state"] == "warning"
        await editor.until(lambda: editor.sent("dragoman/agentsChanged"))
        editor.received.clear()
        editor.set_configuration({"rules": {"unknown-key": "error"}}, section="dragoman")
        editor.workspace_did_change_configuration(types.DidChangeConfigurationParams(None))
        await editor.until(lambda: editor.sent("dragoman/agentsChanged"))
        assert (await editor.agents())["a"]["state"] == "error"


async def test_files_are_looked_for_again_when_the_setting_changes(tmp_path: Path) -> None:
    write(tmp_path / "workspace" / "bots" / "x.json", agent("by setting"))
    async with start(tmp_path) as editor:
        assert await editor.agents() == {}
        editor.set_configuration({"files": ["bots/*.json"]}, section="dragoman")
        editor.workspace_did_change_configuration(types.DidChangeConfigurationParams(None))
        await editor.until(lambda: editor.sent("dragoman/agentsChanged"))
        assert {*await editor.agents()} == {"by setting"}
