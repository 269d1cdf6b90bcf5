"""Answers land where their agents want them: each mode and each action, in three kinds of editors."""

from __future__ import annotations

import asyncio
import json
import shutil
import threading
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from lsprotocol import types
from pygls.exceptions import JsonRpcException

import lsp_session
from desk import EVERYTHING, NOTHING, PLAIN, Desk
from http_agent import JSON, TEXT, HttpAgent, Reply
from lsp_session import Editor, Json, between, start

pytestmark = pytest.mark.asyncio(loop_scope="module")

CODE = "one\ntwo\nthree\n"
ANSWER = "```python\nnew()\n```\n"
MODES = [
    "ChatPanel",
    "RightPanel",
    "RunPanel",
    "AppendCursor",
    "AppendCursorStream",
    "InsertBeforeSelection",
    "ReplaceSelection",
    "ReplaceCurrentFile",
    "OutputFile",
    "OnPaste",
    "StreamDiff",
]
EDITED = {
    "AppendCursor": "one\ntwo\nnew()three\n",
    "AppendCursorStream": "one\ntwo\nnew()three\n",
    "InsertBeforeSelection": "one\nnew()\ntwo\nthree\n",
    "ReplaceSelection": "one\nnew()\nthree\n",
    "ReplaceCurrentFile": "new()\n",
}
PROPOSED = "one\n<<<<<<< current\ntwo\n=======\nnew()\n>>>>>>> proposed by a\nthree\n"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def editors(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[dict[str, Editor]]:
    async with (
        start(tmp_path_factory.mktemp("everything"), EVERYTHING) as everything,
        start(tmp_path_factory.mktemp("plain"), PLAIN) as plain,
        start(tmp_path_factory.mktemp("nothing"), NOTHING) as nothing,
    ):
        yield {"everything": everything, "plain": plain, "nothing": nothing}


@pytest_asyncio.fixture(loop_scope="module")
async def desks(editors: dict[str, Editor]) -> AsyncIterator[dict[str, Desk]]:
    yield {name: Desk(editor, can_edit=name != "nothing") for name, editor in editors.items()}
    for editor in editors.values():
        await editor.tidy_up()
        shutil.rmtree(editor.folder)
        editor.folder.mkdir()


@pytest.fixture
def full(desks: dict[str, Desk]) -> Desk:
    return desks["everything"]


@pytest.fixture
def plain(desks: dict[str, Desk]) -> Desk:
    return desks["plain"]


@pytest.fixture
def bare(desks: dict[str, Desk]) -> Desk:
    return desks["nothing"]


@pytest.fixture(params=["everything", "plain"])
def able(desks: dict[str, Desk], request: pytest.FixtureRequest) -> Desk:
    """An editor that takes edits."""
    return desks[request.param]


@pytest.fixture(params=["everything", "plain", "nothing"])
def desk(desks: dict[str, Desk], request: pytest.FixtureRequest) -> Desk:
    """Any editor."""
    return desks[request.param]


def agent(http: HttpAgent, action: str = "Direct", mode: str = "ChatPanel", **more: Any) -> Json:
    return {"name": "a", "url": http.url, "responseAction": action, "interactive": mode, **more}


def said(text: str) -> Reply:
    return Reply(text.encode(), headers=TEXT, chunk_size=5)


async def ask(desk: Desk, *agents: Json) -> tuple[str, str]:
    """Ask the first agent about the second line; the document and the turn."""
    desk.editor.open_agents(*agents)
    uri = desk.open("x.py", CODE)
    selected = {"agent": "a", "textDocument": {"uri": uri}, "range": between(1, 0, 2, 0)}
    return uri, (await desk.editor.command("dragoman.sendSelection", selected))["turnId"]


def made(desk: Desk) -> list[str]:
    return [path.read_text() for path in desk.editor.folder.glob("output-*.py")]


@pytest.mark.parametrize("mode", MODES)
async def test_each_mode_with_all_of_our_capabilities(full: Desk, mode: str) -> None:
    panels = {"ChatPanel": "chatPanel", "RightPanel": "rightPanel", "RunPanel": "runPanel"}
    full.answers["diff"] = {"accepted": True}
    with HttpAgent(said(ANSWER)) as http:
        uri, turn_id = await ask(full, agent(http, mode=mode))
        await full.editor.until(lambda: [one for one in full.editor.turn_events(turn_id) if one["kind"] == "end"])
        if mode in panels:
            (shown,) = await full.editor.until(lambda: full.on(panels[mode]))
            assert shown == {"surface": panels[mode], "turnId": turn_id, "agent": "a"}
        elif mode == "OutputFile":
            await full.editor.until(lambda: full.files)
            assert made(full) == ["new()\n"]
        elif mode == "OnPaste":
            (shown,) = await full.editor.until(lambda: full.on("clipboard"))
            assert shown["text"] == "new()"
        else:
            wanted = EDITED.get(mode, EDITED["ReplaceSelection"])
            await full.editor.until(lambda: full.texts[uri] == wanted)
    assert "".join(event.get("delta", "") for event in full.editor.turn_events(turn_id)) == ANSWER
    assert (full.texts[uri] == CODE) == (mode in panels or mode in ("OutputFile", "OnPaste"))
    assert {one["surface"] for one in full.shown} <= {panels.get(mode), "clipboard", "diff"}
    assert not full.said


@pytest.mark.parametrize("mode", MODES)
async def test_each_mode_in_plain_lsp(plain: Desk, mode: str) -> None:
    with HttpAgent(said(ANSWER)) as http:
        uri, _ = await ask(plain, agent(http, mode=mode))
        if mode.endswith("Panel"):
            (file,) = await plain.editor.until(lambda: plain.files)
            assert file.read_text().endswith(f"## a\n\n{ANSWER}\n")
        elif mode == "OutputFile":
            await plain.editor.until(lambda: plain.files)
            assert made(plain) == ["new()\n"]
        elif mode == "OnPaste":
            (file,) = await plain.editor.until(lambda: plain.files)
            assert file.read_text() == "new()"
        else:
            await plain.editor.until(lambda: plain.texts[uri] == EDITED.get(mode, PROPOSED))
    assert not plain.said


@pytest.mark.parametrize("mode", MODES)
async def test_each_mode_in_an_editor_that_can_do_nothing(bare: Desk, mode: str) -> None:
    with HttpAgent(said(ANSWER)) as http:
        uri, _ = await ask(bare, agent(http, mode=mode))
        if mode == "OutputFile":
            (message,) = await bare.editor.until(lambda: bare.said)
            assert made(bare) == ["new()\n"]
            assert message.startswith("The answer is in /")
        else:
            await bare.editor.until(lambda: ANSWER in bare.said)
            assert len(bare.said) == (1 if mode.endswith("Panel") else 2)
    assert bare.texts[uri] == CODE
    assert not bare.edits


HTML = "<h1>Hi</h1><script>alert(1)</script>"
SCRIPT = "/write:src/new.py\n```python\nx = 1\n```\n"


async def test_text_chunk(desks: dict[str, Desk]) -> None:
    with HttpAgent(said("Ask this?")) as http:
        for desk in desks.values():
            await ask(desk, agent(http, "TextChunk"))
        full, plain, bare = desks.values()
        (shown,) = await full.editor.until(lambda: full.on("input"))
        assert (shown["panel"], shown["text"]) == ("chatPanel", "Ask this?")
        (file,) = await plain.editor.until(lambda: plain.files)
        assert "Ask this?" in file.read_text()
        assert plain.said == ["a proposes a prompt: edit it and send it."]
        await bare.editor.until(lambda: "Ask this?" in bare.said)


async def test_web_view(desks: dict[str, Desk]) -> None:
    with HttpAgent(said(HTML)) as http:
        for desk in desks.values():
            await ask(desk, agent(http, "WebView", "RightPanel"))
        full, plain, bare = desks.values()
        (shown,) = await full.editor.until(lambda: full.on("webview"))
        assert (shown["panel"], shown["html"]) == ("rightPanel", HTML)
        (opened,) = await plain.editor.until(lambda: plain.editor.shown_documents)
        assert opened.external
        (file,) = plain.files
        assert file.suffix == ".html"
        assert "<script>" not in file.read_text()
        assert 'sandbox=""' in file.read_text()
        await bare.editor.until(lambda: HTML in bare.said)


async def test_dev_ins(desks: dict[str, Desk]) -> None:
    with HttpAgent(said(SCRIPT)) as http:
        for desk in desks.values():
            await ask(desk, agent(http, "DevIns"))
            new = desk.editor.folder / "src/new.py"
            await desk.editor.until(lambda new=new: new.exists() and new.read_text() == "x = 1\n")

    full, plain, bare = desks.values()
    assert full.questions == []  # the edit itself needs to be confirmed
    assert [one.needs_confirmation for one in full.edits[0].change_annotations.values()] == [True]
    assert plain.questions == bare.questions == ["Apply what a proposes for one file?\ncreated: src/new.py (+1 −0)"]


async def test_flow_to_the_client(desks: dict[str, Desk]) -> None:
    flow = {"transition": [{"source": "$.city", "target": "$.where"}], "connector": {"responseFormat": "$.city"}}
    with HttpAgent(Reply(b'{"city": "Oslo"}', headers=JSON)) as http:
        for desk in desks.values():
            await ask(desk, agent(http, "Flow", **flow))
        full, plain, bare = desks.values()
        (shown,) = await full.editor.until(lambda: full.on("chatPanel"))
        assert shown["data"] == {"where": "Oslo"}
        (file,) = await plain.editor.until(lambda: plain.files)
        assert json.loads(file.read_text()) == {"where": "Oslo"}
        await bare.editor.until(lambda: '{\n  "where": "Oslo"\n}' in bare.said)


def results(desk: Desk, name: str) -> list[Json]:
    """How the turns of an agent that the client did not start have ended."""
    ends = [event["result"] for event in desk.editor.sent("dragoman/turn") if event["kind"] == "end"]
    return [result for result in ends if result["agent"] == name]


async def test_flow_to_the_next_agent(full: Desk) -> None:
    flow = {"flow": {"next": "b"}, "transition": [{"source": "$.city", "target": "$.q"}]}
    first = Reply(b'{"city": "${env:HOME} $content", "content": "x"}', headers=JSON)
    with HttpAgent(first) as http, HttpAgent(said("sunny")) as other:
        connector = {"connector": {"responseFormat": "$.city"}}
        second = {"name": "b", "url": other.url, "interactive": "ReplaceSelection"}
        uri, _ = await ask(full, agent(http, "Flow", **flow, **connector), second)
        await full.editor.until(lambda: full.texts[uri] == "one\nsunny\nthree\n")
    assert [asked.json for asked in other.requests] == [{"q": "${env:HOME} $content"}]
    starts = [event for event in full.editor.sent("dragoman/turn") if event["kind"] == "start"]
    assert [event["agent"] for event in starts] == ["a", "b"]
    assert len({event["conversationId"] for event in starts}) == 1


@pytest.mark.parametrize(
    ("typed", "sent"),
    [(None, {"q": "Oslo"}), ('{"q": "Bergen"}', {"q": "Bergen"}), ("Bergen?", None)],
    ids=["as it was", "another object", "words"],
)
async def test_what_was_handed_on_is_handed_on_again(full: Desk, typed: str | None, sent: Json | None) -> None:
    flow = {"flow": {"next": "b"}, "transition": [{"source": "$.city", "target": "$.q"}]}
    with HttpAgent(Reply(b'{"city": "Oslo"}', headers=JSON)) as http, HttpAgent(said("sunny")) as other:
        await ask(full, agent(http, "Flow", **flow), {"name": "b", "url": other.url})
        ended = await full.editor.until(lambda: results(full, "b"))
        changed = {} if typed is None else {"prompt": typed}
        await full.editor.ask("dragoman/retry", {"turnId": ended[0]["turnId"], **changed})
    asked = other.requests[-1].json
    assert asked == sent or asked["messages"][-1] == {"role": "user", "content": typed}


async def test_stopping_a_flow_by_its_first_turn(full: Desk) -> None:
    stalled = Reply([b"x", threading.Event()], headers=TEXT)
    with HttpAgent(Reply(b'{"q": 1}', headers=JSON)) as http, HttpAgent(stalled) as other:
        _, turn_id = await ask(full, agent(http, "Flow", flow={"next": "b"}), {"name": "b", "url": other.url})
        await full.editor.until(lambda: [e for e in full.editor.sent("dragoman/turn") if e.get("delta") == "x"])
        assert (await full.editor.ask("dragoman/stop", {"turnId": turn_id}))["stopped"]
        (result,) = await full.editor.until(lambda: results(full, "b"))
    assert result["stopReason"] == "cancelled"


async def test_flow_in_circles(full: Desk) -> None:
    with HttpAgent(Reply(b'{"q": 1}', headers=JSON)) as http:
        await ask(full, agent(http, "Flow", flow={"next": "a"}, connector={"responseFormat": "$.q"}))
        await full.editor.until(lambda: full.said)
        assert full.said == ["a is not asked: 8 agents in a row have handed on what they were told."]
        assert len(http.requests) == 9


# The user goes on while the agent answers


async def test_typing_while_the_answer_streams(able: Desk) -> None:
    gates = [threading.Event() for _ in range(2)]
    pieces = [b"a = 1\n", gates[0], b"b = 2\n", gates[1], b"c = 3\n"]
    with HttpAgent(Reply(pieces, headers=TEXT)) as http:
        uri, _ = await ask(able, agent(http, mode="AppendCursorStream"))
        await able.editor.until(lambda: "a = 1" in able.texts[uri])
        able.type(uri, 0, "# above\n")
        gates[0].set()
        await able.editor.until(lambda: "b = 2" in able.texts[uri])
        able.type(uri, len(able.texts[uri]), "below\n")
        able.type(uri, 0, "é😀 ")
        gates[1].set()
        await able.editor.until(lambda: "c = 3" in able.texts[uri])
    assert able.texts[uri] == "é😀 # above\none\ntwo\na = 1\nb = 2\nc = 3\nthree\nbelow\n"
    assert not able.said


async def test_an_edit_for_a_version_that_has_passed_is_made_anew(full: Desk) -> None:
    def hurry() -> bool:
        full.applies = lambda: True
        full.type(uri, 0, "quick ")
        return True

    gate = threading.Event()
    with HttpAgent(Reply([gate, b"new()"], headers=TEXT)) as http:
        uri, _ = await ask(full, agent(http, mode="ReplaceSelection"))
        full.applies = hurry
        gate.set()
        await full.editor.until(lambda: "new()" in full.texts[uri])
    assert full.texts[uri] == "quick one\nnew()\nthree\n"
    assert [edit.document_changes[0].text_document.version for edit in full.edits] == [1, 2]


@pytest.mark.parametrize("mode", ["ReplaceSelection", "ReplaceCurrentFile", "StreamDiff"])
async def test_nothing_is_put_over_what_the_user_has_changed(able: Desk, mode: str) -> None:
    gate = threading.Event()
    able.answers["diff"] = {"accepted": True}
    with HttpAgent(Reply([gate, ANSWER.encode()], headers=TEXT)) as http:
        uri, _ = await ask(able, agent(http, mode=mode))
        able.type(uri, 5, "X")
        gate.set()
        (message,) = await able.editor.until(lambda: able.said)
        why = "what stood there has been changed meanwhile"
        assert message == f"a: the answer was not put in place, since {why}. It is shown as text instead."
        await able.editor.until(lambda: able.on("chatPanel") or able.files)
    assert able.texts[uri] == "one\ntXwo\nthree\n"
    assert all("new()" in file.read_text() for file in able.files)


@pytest.mark.parametrize("mode", ["AppendCursor", "AppendCursorStream", "ReplaceSelection", "ReplaceCurrentFile"])
async def test_a_document_that_is_closed_meanwhile(plain: Desk, mode: str) -> None:
    gate = threading.Event()
    with HttpAgent(Reply([gate, ANSWER.encode()], headers=TEXT)) as http:
        uri, _ = await ask(plain, agent(http, mode=mode))
        plain.editor.close(uri)
        gate.set()
        (file,) = await plain.editor.until(lambda: plain.files)
    assert "new()" in file.read_text()
    assert len(plain.said) == 1
    assert not plain.edits


async def test_an_editor_that_does_not_answer_but_tells_of_its_change(plain: Desk) -> None:
    def silent() -> None:
        plain.type(uri, 8, plain.edits[-1].document_changes[0].edits[0].new_text)

    gate = threading.Event()
    with HttpAgent(Reply([gate, b"a\n", b"b\n"], headers=TEXT)) as http:
        uri, _ = await ask(plain, agent(http, mode="AppendCursor"))
        plain.applies = silent
        gate.set()
        await plain.editor.until(lambda: "b" in plain.texts[uri])
        await plain.editor.roundtrip()
    plain.silence.set()
    assert plain.texts[uri] == "one\ntwo\na\nb\nthree\n"
    assert len(plain.edits) == 1
    assert not plain.said


async def test_a_client_without_versions_gets_one_edit(tmp_path: Path) -> None:
    async with start(tmp_path, lsp_session.able(extension=None, workspace={"applyEdit": True})) as editor:
        desk = Desk(editor)
        with HttpAgent(said("a = 1\nb = 2\n")) as http:
            uri, _ = await ask(desk, agent(http, mode="AppendCursorStream"))
            await editor.until(lambda: "b = 2" in desk.texts[uri])
        assert desk.texts[uri] == "one\ntwo\na = 1\nb = 2\nthree\n"
        assert [edit.document_changes for edit in desk.edits] == [None]


async def test_the_setting_delivery(tmp_path: Path) -> None:
    async with start(tmp_path, PLAIN, options={"delivery": "notify"}) as editor:
        desk = Desk(editor)
        with HttpAgent(said(ANSWER)) as http:
            uri, _ = await ask(desk, agent(http, mode="AppendCursor"))
            (file,) = await editor.until(lambda: desk.files)
        assert "new()" in file.read_text()
        assert desk.texts[uri] == CODE
        assert not desk.edits
        assert "the setting “delivery” is “notify”" in desk.said[0]


@pytest.mark.parametrize("mode", MODES)
async def test_stopped_in_the_middle(desk: Desk, mode: str) -> None:
    sent = threading.Event()

    def begun() -> Iterator[bytes]:
        yield b"begun\n"
        sent.set()

    inserted = mode == "AppendCursorStream" and desk.can_edit
    with HttpAgent(Reply(begun(), headers=TEXT, end="hold")) as http:
        uri, turn_id = await ask(desk, agent(http, mode=mode))
        await asyncio.to_thread(sent.wait, 30)
        if inserted:
            await desk.editor.until(lambda: "begun" in desk.texts[uri])
        assert await desk.editor.command("dragoman.stop", {"turnId": turn_id}) == {"stopped": True}
        await asyncio.to_thread(http.hung_up.wait, 30)
        await desk.editor.roundtrip()
    assert desk.texts[uri] == ("one\ntwo\nbegun\nthree\n" if inserted else CODE)
    assert not list(desk.editor.folder.glob("output-*"))
    assert not desk.on("clipboard")


async def test_a_diff_is_accepted_or_rejected_by_code_actions(plain: Desk) -> None:
    for choice, text in (("Reject", CODE), ("Accept", EDITED["ReplaceSelection"])):
        with HttpAgent(said(ANSWER)) as http:
            uri, _ = await ask(plain, agent(http, mode="StreamDiff"))
            await plain.editor.until(lambda uri=uri: plain.texts[uri] == PROPOSED)
            place = types.Range(types.Position(2, 0), types.Position(2, 0))
            params = types.CodeActionParams(types.TextDocumentIdentifier(uri), place, types.CodeActionContext([]))
            actions = {action["title"]: action for action in await plain.editor.ask("textDocument/codeAction", params)}
            edit = actions[f"{choice} what a proposes"]["edit"]
        plain.apply(plain.editor.structured(edit, types.WorkspaceEdit))
        assert plain.texts[uri] == text
        await plain.editor.tidy_up()


# By request


async def test_a_prompt_delivers_where_it_is_asked_to(full: Desk) -> None:
    uri = full.open("x.py", CODE)
    place = {"textDocument": {"uri": uri}, "position": {"line": 0, "character": 3}}
    with HttpAgent(said("!")) as http:
        full.editor.open_agents(agent(http, mode="AppendCursor"))
        shown = await full.editor.prompt("a", **place)
        assert [notice["code"] for notice in shown.of("notice")] == ["delivery"]
        delivered = await full.editor.prompt("a", deliver="server", **place)
        assert delivered.of("notice") == []
        await full.editor.until(lambda: full.texts[uri] != CODE)
    assert full.texts[uri] == "one!\ntwo\nthree\n"
    assert (shown.text, delivered.text) == ("!", "!")
    assert not full.editor.turn_events(delivered.result["turnId"])


async def test_a_request_that_is_cancelled_leaves_what_it_has_inserted(full: Desk) -> None:
    uri = full.open("x.py", CODE)
    place = {"textDocument": {"uri": uri}, "position": {"line": 0, "character": 3}}
    asked = {"agent": "a", "prompt": "hi", "deliver": "server", "partialResultToken": "p", **place}
    with HttpAgent(Reply([b"!\n"], headers=TEXT, end="hold")) as http:
        full.editor.open_agents(agent(http, mode="AppendCursorStream"))
        answer = full.editor.start_asking("dragoman/prompt", asked, "cancelled")
        await full.editor.until(lambda: "!" in full.texts[uri])
        full.editor.cancel_request(types.CancelParams("cancelled"))
        with pytest.raises(JsonRpcException):
            await answer
        await asyncio.to_thread(http.hung_up.wait, 30)
    assert full.texts[uri] == "one!\n\ntwo\nthree\n"


async def test_a_mode_that_lacks_what_it_needs(full: Desk) -> None:
    with HttpAgent(said("!")) as http:
        full.editor.open_agents(agent(http, mode="AppendCursor"))
        answer = await full.editor.prompt("a", deliver="server")
    (notice,) = answer.of("notice")
    assert notice["message"].endswith("but there was no cursor in a document: its answer goes to the chat panel.")
    assert not full.said


async def test_apply(full: Desk) -> None:
    answer = "First:\n```\none\n```\nthen:\n```python\ntwo = 2\n```\n"
    uri = full.open("y.py", CODE)
    with HttpAgent(said(answer)) as http:
        full.editor.open_agents(agent(http))
        turn = {"turnId": (await full.editor.prompt("a")).result["turnId"], "block": 2}
    here = {"textDocument": {"uri": uri, "version": 1}, "range": between(1, 0, 2, 0)}
    assert await full.editor.ask("dragoman/apply", {**turn, **here, "target": "replaceSelection"}) == {"applied": True}
    assert full.texts[uri] == "one\ntwo = 2\nthree\n"
    with pytest.raises(JsonRpcException) as moved:
        await full.editor.ask("dragoman/apply", {**turn, **here, "target": "insert"})
    assert moved.value.code == types.LSPErrorCodes.ContentModified.value
    full.answers["diff"] = {"accepted": False}
    here["textDocument"]["version"] = 2
    await full.editor.ask("dragoman/apply", {**turn, **here, "target": "diff"})
    assert full.on("diff")[-1]["text"] == "two = 2\n"
    assert full.texts[uri] == "one\ntwo = 2\nthree\n"
    assert await full.editor.ask("dragoman/apply", {**turn, "target": "newFile"}) == {"applied": True}
    assert made(full) == ["two = 2\n"]
    given = {"text": "x = 1\n", "languageId": "python", "target": "newFile"}
    assert await full.editor.ask("dragoman/apply", given) == {"applied": True}
    assert sorted(made(full)) == ["two = 2\n", "x = 1\n"]
    for wrong in ({"turnId": "nobody"}, {"turnId": 1}, {"block": 3}, {"target": "moon"}, {"target": "insert"}):
        with pytest.raises(JsonRpcException):
            await full.editor.ask("dragoman/apply", {**turn, "target": "newFile", **wrong})
    await full.editor.command("dragoman.apply", {**turn, "target": "insert"})
    await full.editor.until(lambda: "Nothing was applied: target: there was no cursor in a document." in full.said)


# DevIns: nothing without consent


async def test_a_review_changes_open_documents_and_files(desk: Desk) -> None:
    script = "/write:x.py#L2-L2\n```\nTWO\n```\n/write:b.txt\n```\nB\n```\n/shell:rm -rf /\n"
    (desk.editor.folder / "x.py").write_text(CODE)
    (desk.editor.folder / "b.txt").write_text("b\n")
    with HttpAgent(said(script)) as http:
        uri, _ = await ask(desk, agent(http, "DevIns"))
        await desk.editor.until(lambda: "TWO" in desk.texts[uri] or any("x.py changed" in one for one in desk.said))
    assert "a asked for commands that are not run: /shell:rm -rf /" in desk.said
    assert (desk.editor.folder / "b.txt").read_text() == "B\n"
    in_file = (desk.editor.folder / "x.py").read_text()
    assert (in_file if desk.texts[uri] == CODE else desk.texts[uri]) == "one\nTWO\nthree\n"
    assert all("changed: x.py (+1 −1)\nchanged: b.txt (+1 −1)" in question for question in desk.questions)
    diffs = [file for file in desk.files if file.suffix == ".diff"]
    assert len(diffs) == len([question for question in desk.questions if desk.can_edit])
    assert all("-two\n+TWO\n" in diff.read_text() for diff in diffs)


async def test_without_consent_nothing_is_applied(desk: Desk) -> None:
    desk.agrees = lambda _question: False
    with HttpAgent(said("/write:x.py\n```\nTWO\n```\n/write:new.txt\n```\nB\n```\n")) as http:
        uri, _ = await ask(desk, agent(http, "DevIns"))
        await desk.editor.until(lambda: any("applied" in one for one in desk.said))
    assert desk.texts[uri] == CODE
    assert not (desk.editor.folder / "new.txt").exists()


async def test_files_that_act_by_themselves_are_asked_for_one_by_one(desk: Desk) -> None:
    script = "/write:.github/workflows/ci.yml\n```\nrun: x\n```\n/write:ok.txt\n```\nok\n```\n"
    desk.agrees = lambda question: "workflows" not in question
    with HttpAgent(said(script)) as http:
        await ask(desk, agent(http, "DevIns"))
        await desk.editor.until(lambda: (desk.editor.folder / "ok.txt").exists() and (desk.said or desk.edits))
    assert not (desk.editor.folder / ".github").exists()
    asked = "a wants .github/workflows/ci.yml created, and it is run by the project's automation."
    assert desk.questions[0].startswith(asked)
    assert "+run: x" in desk.questions[0]


async def test_nothing_leads_out_of_the_workspace(desk: Desk) -> None:
    with HttpAgent(said("/write:../outside.txt\n```\nB\n```\n/write:/etc/x\n```\nB\n```\n")) as http:
        await ask(desk, agent(http, "DevIns"))
        await desk.editor.until(lambda: len([one for one in desk.said if "Nothing of this" in one]) == 2)
    assert desk.questions == []
    assert not desk.edits
    assert not (desk.editor.folder.parent / "outside.txt").exists()
