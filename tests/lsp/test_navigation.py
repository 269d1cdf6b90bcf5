"""Definition, references, highlights, rename and workspace symbols, over files that are open and files that are not."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from lsprotocol import types
from pygls.exceptions import JsonRpcException

from lsp_clients import CLIENTS, start_as
from lsp_session import BARE, Editor, Json, between, start

pytestmark = pytest.mark.asyncio(loop_scope="module")

CLOSED = '[{"name": "helper", "url": "http://h/"},\r\n {"name": "ä😀", "url": "http://h/", "flow": {"next": "coder"}}]'
CHAT = """---
agent: coder
---

## coder
<!-- answer a1 -->

What is a coder?

<!-- /answer a1 -->

## You

coder?
"""
OPEN = (
    {"name": "coder", "url": "http://h/", "provider": "mine"},
    {"name": "😀", "url": "http://h/", "flow": {"next": "coder"}},
)
DEFINITION = json.dumps({"request": {"body": {"q": "$content"}}, "response": {"text": "$.a"}})


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def session(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Editor]:
    async with start(workspace_in(tmp_path_factory.mktemp("navigation"))) as editor:
        yield editor


def workspace_in(folder: Path) -> Path:
    """A workspace with an agent file, a chat document and a definition that nobody has open."""
    workspace = folder / "workspace"
    (workspace / ".agents/providers").mkdir(parents=True)
    (workspace / "closed.agents.json").write_text(CLOSED, "utf-8", newline="")
    (workspace / "old.chat.md").write_text(CHAT)
    (workspace / ".agents/providers/mine.json").write_text(DEFINITION)
    return folder


async def asked(editor: Editor, method: str, uri: str, line: int, character: int, **more: object) -> Any:
    params = {"textDocument": {"uri": uri}, "position": {"line": line, "character": character}, **more}
    kind = types.METHOD_TO_TYPES[method][2]
    assert kind is not None
    return await editor.ask(method, editor.structured(params, kind))


def applied(text: str, edits: list[Json], encoding: str = "utf-16-le", width: int = 2) -> str:
    """A text after edits that each stay in one line."""
    lines = text.splitlines(keepends=True)
    for edit in sorted(
        edits, key=lambda one: (one["range"]["start"]["line"], one["range"]["start"]["character"]), reverse=True
    ):
        first, last = edit["range"]["start"], edit["range"]["end"]
        assert first["line"] == last["line"]
        line = lines[first["line"]].encode(encoding)
        new = line[: first["character"] * width] + edit["newText"].encode(encoding) + line[last["character"] * width :]
        lines[first["line"]] = new.decode(encoding)
    return "".join(lines)


def edits_by_uri(edit: Json) -> dict[str, tuple[Any, list[Json]]]:
    """URI → version, and edits."""
    if "changes" in edit:
        return {uri: ("none", edits) for uri, edits in edit["changes"].items()}
    return {
        one["textDocument"]["uri"]: (one["textDocument"]["version"], one["edits"]) for one in edit["documentChanges"]
    }


@pytest.mark.parametrize("client", ["a client that can do nothing", "vscode-1.139", "neovim-0.11.4"])
async def test_rename_in_all_files(tmp_path: Path, client: str) -> None:
    async with start_as(client, workspace_in(tmp_path)) as editor:
        text = json.dumps(OPEN, ensure_ascii=False)
        uri = editor.open("agents.json", text)
        chat = editor.open("new.chat.md", CHAT.replace("coder", "Coder", 2).replace("Coder", "coder", 1), "markdown")
        edit = await asked(editor, types.TEXT_DOCUMENT_RENAME, uri, 0, 12, newName='the "new": ü')
        found = edits_by_uri(edit)
        versions = {found_uri.rpartition("/")[2]: version for found_uri, (version, _) in found.items()}
        encoding = editor.initialized_with.capabilities.position_encoding
        units = {"utf-8": ("utf-8", 1), "utf-16": ("utf-16-le", 2), "utf-32": ("utf-32-le", 4)}[encoding]
        new = 'the "new": ü'
        assert json.loads(applied(text, found[uri][1], *units)) == [
            {**OPEN[0], "name": new},
            {**OPEN[1], "flow": {"next": new}},
        ]
        closed = applied(CLOSED, found[editor.uri("closed.agents.json")][1], *units)
        assert json.loads(closed)[1]["flow"] == {"next": new}
        old = CHAT.replace("agent: coder", 'agent: "the \\"new\\": ü"').replace("## coder", '## the "new": ü')
        assert applied(CHAT, found[editor.uri("old.chat.md")][1], *units) == old
        assert applied(CHAT.replace("## coder", "## Coder"), found[chat][1], *units) == old
        with_versions = {"agents.json": 1, "new.chat.md": 1, "closed.agents.json": None, "old.chat.md": None}
        assert versions == (with_versions if "documentChanges" in edit else dict.fromkeys(with_versions, "none"))
        assert ("documentChanges" in edit) == (CLIENTS[client] is not BARE)


REFUSALS = {
    "nothing": ("  ", "An agent needs a name."),
    "the name of another file's": ("helper", "There is an agent “helper” already."),
    "the user's own": ("mine", "You have an agent “mine” already."),
    "what chat documents call the user": ("you", "No agent can be called “You”: that is what chat documents call you."),
}


@pytest.mark.parametrize(("new", "why"), REFUSALS.values(), ids=REFUSALS.keys())
async def test_names_that_cannot_be(editor: Editor, new: str, why: str) -> None:
    users = editor.config_folder / "dragoman/agents.json"
    users.parent.mkdir(parents=True, exist_ok=True)
    users.write_text('{"name": "mine", "url": "http://h/"}')
    uri = editor.open_agents(*OPEN)
    with pytest.raises(JsonRpcException) as refused:
        await asked(editor, types.TEXT_DOCUMENT_RENAME, uri, 2, 14, newName=new)
    assert (refused.value.code, refused.value.message) == (types.LSPErrorCodes.RequestFailed.value, why)


async def test_an_agent_of_the_users_own_is_renamed_in_its_file_only(editor: Editor) -> None:
    users = editor.config_folder / "dragoman/agents.json"
    users.parent.mkdir(parents=True, exist_ok=True)
    users.write_text('{"name": "own", "url": "http://h/"}')
    chat = editor.open("own.chat.md", "---\nagent: own\n---\n", "markdown")
    with pytest.raises(JsonRpcException, match="agent of your own: rename it in its own file"):
        await asked(editor, types.TEXT_DOCUMENT_RENAME, chat, 1, 8, newName="x")
    uri = editor.open(users.as_uri(), users.read_text())
    edit = await asked(editor, types.TEXT_DOCUMENT_RENAME, uri, 0, 12, newName="x")
    assert {uri, chat} == {*edits_by_uri(edit)}


@pytest.mark.parametrize("place", [(0, 1), (3, 8), (3, 15)])
async def test_where_nothing_can_be_renamed(editor: Editor, place: tuple[int, int]) -> None:
    uri = editor.open_agents(*OPEN)
    assert await asked(editor, types.TEXT_DOCUMENT_PREPARE_RENAME, uri, *place) is None
    with pytest.raises(JsonRpcException, match="Only agents can be renamed"):
        await asked(editor, types.TEXT_DOCUMENT_RENAME, uri, *place, newName="x")


async def test_what_is_to_be_renamed_is_shown_without_quotes(editor: Editor) -> None:
    uri = editor.open_agents(*OPEN)
    found = await asked(editor, types.TEXT_DOCUMENT_PREPARE_RENAME, uri, 2, 14)
    assert found == {"range": between(2, 13, 2, 18), "placeholder": "coder"}


async def test_of_two_with_one_name_the_second_is_renamed_alone(editor: Editor) -> None:
    flow = {"name": "b", "url": "http://h/", "flow": {"next": "a"}}
    first, second = {"name": "a", "url": "http://h/"}, {"name": "a", "url": "http://i/"}
    text = json.dumps([first, flow, second])
    uri = editor.open("agents.json", text)
    found = edits_by_uri(await asked(editor, types.TEXT_DOCUMENT_RENAME, uri, 0, text.rindex('"a"') + 1, newName="c"))
    assert json.loads(applied(text, found[uri][1])) == [first, flow, {**second, "name": "c"}]
    found = edits_by_uri(await asked(editor, types.TEXT_DOCUMENT_RENAME, uri, 0, 11, newName="c"))
    assert json.loads(applied(text, found[uri][1])) == [{**first, "name": "c"}, {**flow, "flow": {"next": "c"}}, second]


async def test_references(editor: Editor) -> None:
    uri = editor.open_agents(*OPEN)
    context = {"includeDeclaration": True}
    every = await asked(editor, types.TEXT_DOCUMENT_REFERENCES, uri, 2, 14, context=context)
    assert sorted((one["uri"].rpartition("/")[2], one["range"]["start"]["line"]) for one in every) == [
        ("agents.json", 2),
        ("agents.json", 10),
        ("closed.agents.json", 1),
        ("old.chat.md", 1),
        ("old.chat.md", 4),
    ]
    others = await asked(editor, types.TEXT_DOCUMENT_REFERENCES, uri, 2, 14, context={"includeDeclaration": False})
    assert [one for one in every if one not in others] == [{"uri": uri, "range": between(2, 13, 2, 18)}]


async def test_definition_of_agents(editor: Editor) -> None:
    uri = editor.open_agents(*OPEN)
    chat = editor.open("x.chat.md", CHAT.replace("coder", "helper"), "markdown")
    coder = {"uri": uri, "range": between(2, 12, 2, 19)}
    helper = {"uri": editor.uri("closed.agents.json"), "range": between(0, 10, 0, 18)}
    method = types.TEXT_DOCUMENT_DEFINITION
    assert await asked(editor, method, uri, 10, 17) == coder
    assert await asked(editor, method, chat, 1, 9) == helper
    assert await asked(editor, method, chat, 4, 5) == helper
    assert await asked(editor, method, chat, 7, 12) is None


async def test_definition_of_providers(editor: Editor) -> None:
    uri = editor.open_agents(*OPEN, {"name": "c", "url": "http://h/", "provider": "coze"})
    method = types.TEXT_DOCUMENT_DEFINITION
    mine = editor.uri(".agents/providers/mine.json")
    assert await asked(editor, method, uri, 4, 20) == {"uri": mine, "range": between(0, 0, 0, 0)}
    assert await asked(editor, method, uri, 16, 20) is None
    like = editor.open(".agents/providers/other.json", '{"like": "mine"}')
    assert await asked(editor, method, like, 0, 12) == {"uri": mine, "range": between(0, 0, 0, 0)}


async def test_highlights(editor: Editor) -> None:
    uri = editor.open_agents(*OPEN)
    found = await asked(editor, types.TEXT_DOCUMENT_DOCUMENT_HIGHLIGHT, uri, 10, 17)
    assert found == [{"range": between(2, 13, 2, 18), "kind": 3}, {"range": between(10, 15, 10, 20), "kind": 2}]
    chat = editor.open("x.chat.md", CHAT, "markdown")
    found = await asked(editor, types.TEXT_DOCUMENT_DOCUMENT_HIGHLIGHT, chat, 4, 5)
    assert [one["range"]["start"]["line"] for one in found] == [1, 4]


@pytest.mark.parametrize(
    ("query", "names"), [("", ["coder", "😀", "helper", "ä😀"]), ("HE", ["helper"]), ("cdr", ["coder"]), ("x", [])]
)
async def test_workspace_symbols(editor: Editor, query: str, names: list[str]) -> None:
    (editor.config_folder / "dragoman/agents.json").unlink(missing_ok=True)
    uri = editor.open_agents(*OPEN)
    found = await editor.ask(types.WORKSPACE_SYMBOL, types.WorkspaceSymbolParams(query))
    assert sorted(symbol["name"] for symbol in found) == sorted(names)
    coder = [symbol["location"] for symbol in found if symbol["name"] == "coder"]
    assert coder == [{"uri": uri, "range": between(2, 12, 2, 19)}] * ("coder" in names)
