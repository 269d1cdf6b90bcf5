"""Commands, with which any editor can ask agents: each answers at once, and the agent in the best way there is."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from lsprotocol import types
from pygls.exceptions import JsonRpcException, JsonRpcInvalidParams

from dragoman.paths import path_of
from http_agent import HttpAgent, Reply
from lsp_session import Editor, able, between, start

pytestmark = pytest.mark.asyncio(loop_scope="module")

HELLO = Reply([b"data: hel\n\n", b"data: lo\n\n"])
CODE = "def f():\n    return 1\n"


def agent(http: HttpAgent, name: str = "a", **more: Any) -> dict[str, Any]:
    return {"name": name, "url": http.url, **more}


def prompt_of(http: HttpAgent) -> str:
    return http.requests[-1].json["messages"][-1]["content"]


async def end_of(editor: Editor, turn_id: str) -> dict[str, Any]:
    """The result in the last event of a turn."""
    (end,) = await editor.until(lambda: [event for event in editor.turn_events(turn_id) if event["kind"] == "end"])
    assert end == editor.turn_events(turn_id)[-1]
    return end["result"]


async def test_the_answer_by_events(editor: Editor) -> None:
    gate = threading.Event()
    with HttpAgent(Reply([gate, b"data: hello\n\n"])) as http:
        editor.open_agents(agent(http))
        told = await editor.command("dragoman.chat", {"agent": "a", "prompt": "hi", "conversationId": "c"})
        assert not any(event["kind"] == "text" for event in editor.turn_events(told["turnId"]))
        gate.set()
        result = await end_of(editor, told["turnId"])
    events = editor.turn_events(told["turnId"])
    assert [event["seq"] for event in events] == list(range(len(events)))
    assert events[0].items() >= {"kind": "start", "conversationId": "c", "agent": "a"}.items()
    assert "".join(event.get("delta", "") for event in events) == "hello"
    assert (result["turnId"], result["stopReason"], result["textLength"]) == (told["turnId"], "completed", 5)
    assert not editor.messages
    assert not editor.shown_documents


async def test_a_failure_by_events(editor: Editor) -> None:
    with HttpAgent(Reply(b"", 404)) as http:
        uri = editor.open_agents(agent(http))
        told = await editor.command("dragoman.chat", {"agent": "a", "prompt": "hi"})
        error = (await end_of(editor, told["turnId"]))["error"]
    assert (error["code"], error["location"]["uri"]) == ("not_found", uri)


async def test_sending_a_selection(editor: Editor) -> None:
    uri = editor.open("x.py", CODE, "python")
    selected = {"agent": "a", "textDocument": {"uri": uri}, "range": between(1, 4, 1, 12)}
    block = "x.py, line 2:\n\n```python\nreturn 1\n```"
    prompts = {
        "Why?": {"prompt": "Why?"},
        "Look at this.": {},
        "Explain this code.": {"intent": "explain"},
        "Find the mistakes in this code and show it corrected.": {"intent": "fix"},
        "Write tests for this code.": {"intent": "tests"},
    }
    with HttpAgent(HELLO) as http:
        editor.open_agents(agent(http))
        for prompt, argument in prompts.items():
            told = await editor.command("dragoman.sendSelection", {**selected, **argument})
            assert (await end_of(editor, told["turnId"]))["stopReason"] == "completed"
            assert prompt_of(http) == f"{prompt}\n\n{block}"


async def test_an_ask_action_as_the_editor_carries_it_out(editor: Editor) -> None:
    uri = editor.open("x.py", CODE, "python")
    with HttpAgent(HELLO) as http:
        editor.open_agents(agent(http))
        range_ = types.Range(types.Position(0, 0), types.Position(1, 12))
        params = types.CodeActionParams(types.TextDocumentIdentifier(uri), range_, types.CodeActionContext([]))
        actions = await editor.ask(types.TEXT_DOCUMENT_CODE_ACTION, params)
        command = next(action["command"] for action in actions if action["title"] == "Ask a: write tests")
        told = await editor.command(command["command"], *command["arguments"])
        await end_of(editor, told["turnId"])
    assert prompt_of(http) == f"Write tests for this code.\n\nx.py, lines 1-2:\n\n```python\n{CODE}```"


async def test_stop(editor: Editor) -> None:
    with HttpAgent(Reply([b"data: x\n\n"], end="hold")) as http:
        editor.open_agents(agent(http))
        one = await editor.command("dragoman.chat", {"agent": "a", "prompt": "hi"})
        two = await editor.command("dragoman.chat", {"agent": "a", "prompt": "hi"})
        three = await editor.command("dragoman.chat", {"agent": "a", "prompt": "hi"})
        assert await editor.command("dragoman.stop", {"turnId": one["turnId"]}) == {"stopped": True}
        assert (await end_of(editor, one["turnId"]))["stopReason"] == "cancelled"
        await editor.until(lambda: len(editor.turn_events(three["turnId"])) > 3)
        assert await editor.command("dragoman.stop") == {"stopped": True}
        assert [(await end_of(editor, turn["turnId"]))["stopReason"] for turn in (two, three)] == ["cancelled"] * 2
        assert await editor.command("dragoman.stop") == {"stopped": False}
        assert await editor.command("dragoman.stop", {"turnId": "nobody"}) == {"stopped": False}


async def test_the_user_is_asked_for_what_is_missing(editor: Editor) -> None:
    with HttpAgent(HELLO) as http:
        editor.open_agents(agent(http, "a"), agent(http, "b"), agent(http, "off", enabled=False))
        editor.replies = ["b", "What now?"]
        told = await editor.command("dragoman.chat")
        assert (await end_of(editor, told["turnId"]))["agent"] == "b"
    assert editor.asked == [{"title": "Which agent?", "options": ["a", "b"]}, {"title": "Ask b"}]
    assert prompt_of(http) == "What now?"


async def test_a_user_who_does_not_answer_is_left_alone(editor: Editor) -> None:
    editor.open_agents({"name": "a", "url": "http://h/"})
    told = await editor.command("dragoman.chat", {"agent": "a"})
    await editor.until(lambda: editor.asked)
    await editor.roundtrip()
    assert await editor.command("dragoman.stop", told) == {"stopped": False}
    assert not editor.messages
    assert not editor.turn_events(told["turnId"])


async def test_the_context_is_taken_when_the_command_comes(editor: Editor) -> None:
    with HttpAgent(HELLO) as http:
        editor.open_agents(agent(http))
        uri = editor.open("x.py", "before", "python")
        editor.replies = ["Why?"]
        told = await editor.command("dragoman.chat", {"agent": "a", "context": [{"kind": "file", "uri": uri}]})
        editor.change(uri, "after")
        await end_of(editor, told["turnId"])
    assert "before" in prompt_of(http)


async def test_a_user_who_presses_escape(editor: Editor) -> None:
    def escape(_params: dict[str, Any]) -> None:
        raise JsonRpcException("cancelled", -32800)

    editor.open_agents({"name": "a", "url": "http://h/"})
    with editor.answering("dragoman/ask", escape):
        await editor.command("dragoman.chat", {"agent": "a"})
        await editor.until(lambda: editor.sent("dragoman/ask"))
        await editor.roundtrip()
    assert await editor.command("dragoman.stop") == {"stopped": False}


async def test_a_turn_is_stopped_while_the_user_is_asked(editor: Editor) -> None:
    with HttpAgent(HELLO) as http:
        editor.open_agents(agent(http))
        editor.replies = ["hi"]
        # Sent together: the stop is read before the user can have answered.
        turn = editor.start_asking(*execute("dragoman.chat", {"agent": "a"}))
        assert await editor.command("dragoman.stop") == {"stopped": True}
        result = await end_of(editor, (await turn)["turnId"])
        assert result["stopReason"] == "cancelled"
    assert not http.requests


def execute(command: str, *arguments: object) -> tuple[str, types.ExecuteCommandParams]:
    return types.WORKSPACE_EXECUTE_COMMAND, types.ExecuteCommandParams(command, list(arguments))


WRONG: dict[str, tuple[str, list[Any], str]] = {
    "no object": ("dragoman.chat", ["a"], "object"),
    "two arguments": ("dragoman.chat", [{"agent": 1}, {}], "agent"),
    "an agent that is no text": ("dragoman.chat", [{"agent": 1}], "agent"),
    "context that is none": ("dragoman.chat", [{"agent": "a", "prompt": "x", "context": 1}], "context"),
    "no agent": (
        "dragoman.sendSelection",
        [{"textDocument": {"uri": "file:///x"}, "range": between(0, 0, 0, 1)}],
        "agent",
    ),
    "no selection": ("dragoman.sendSelection", [{"agent": "a"}], "textDocument"),
    "no range": ("dragoman.sendSelection", [{"agent": "a", "textDocument": {"uri": "file:///x"}}], "range"),
    "no arguments": ("dragoman.sendSelection", [], "agent"),
    "a turn that is no text": ("dragoman.stop", [{"turnId": 1}], "turnId"),
}


@pytest.mark.parametrize(("command", "arguments", "field"), WRONG.values(), ids=WRONG.keys())
async def test_arguments_that_are_wrong(editor: Editor, command: str, arguments: list[Any], field: str) -> None:
    with pytest.raises(JsonRpcInvalidParams, match=field):
        await editor.command(command, *arguments)


# Editors that know nothing of us

PLAIN = able(extension=None)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def plain_session(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Editor]:
    async with start(tmp_path_factory.mktemp("plain"), PLAIN) as editor:
        yield editor


@pytest_asyncio.fixture(loop_scope="module")
async def plain(plain_session: Editor) -> AsyncIterator[Editor]:
    yield plain_session
    await plain_session.tidy_up()


async def test_the_answer_in_a_document(plain: Editor) -> None:
    with HttpAgent(HELLO) as http:
        plain.open_agents(agent(http, "Ä/b ..\\c"))
        told = await plain.command("dragoman.chat", {"agent": "Ä/b ..\\c", "prompt": "hi \ud800"})
        (shown,) = await plain.until(lambda: plain.shown_documents)
    file = path_of(shown.uri)
    assert file.read_text("utf-8") == "## You\n\nhi ?\n\n## Ä/b ..\\c\n\nhello\n"
    assert (file.suffix, file.stat().st_mode & 0o777) == (".md", 0o600)
    assert file.is_relative_to(plain.cache_folder)
    assert file.parent.stat().st_mode & 0o777 == 0o700
    progress = plain.sent(types.PROGRESS)
    assert [params["value"]["kind"] for params in progress] == ["begin", "end"]
    assert progress[0]["value"] == {"kind": "begin", "title": "Ä/b ..\\c", "cancellable": True}
    assert not plain.turn_events(told["turnId"])
    assert not plain.messages


async def test_one_message_for_a_failed_turn(plain: Editor) -> None:
    with HttpAgent(Reply(b"", 404)) as http:
        plain.open_agents(agent(http))
        await plain.command("dragoman.chat", {"agent": "a", "prompt": "hi"})
        (message,) = await plain.until(lambda: plain.messages)
    assert message.type == types.MessageType.Error
    assert message.message.startswith("Agent “a” has nothing at this address")
    await plain.command("dragoman.chat", {"agent": "nobody", "prompt": "hi"})
    await plain.until(lambda: len(plain.messages) == 2)
    assert "“nobody”" in plain.messages[1].message
    assert not plain.shown_documents


async def test_the_part_that_came_before_a_failure_is_shown(plain: Editor) -> None:
    with HttpAgent(Reply(b"data: so far\n\n", end="abort")) as http:
        plain.open_agents(agent(http))
        await plain.command("dragoman.chat", {"agent": "a", "prompt": "hi"})
        (shown,) = await plain.until(lambda: plain.shown_documents)
    assert "so far\n\n*The answer is not complete.*" in path_of(shown.uri).read_text("utf-8")
    assert len(plain.messages) == 1


async def test_the_cancel_button(plain: Editor) -> None:
    with HttpAgent(Reply([b"data: x\n\n"], end="hold")) as http:
        plain.open_agents(agent(http))
        await plain.command("dragoman.chat", {"agent": "a", "prompt": "hi"})
        (begun,) = await plain.until(lambda: plain.sent(types.PROGRESS))
        plain.window_work_done_progress_cancel(types.WorkDoneProgressCancelParams(begun["token"]))
        await plain.until(lambda: len(plain.sent(types.PROGRESS)) == 2)
        assert await plain.command("dragoman.stop") == {"stopped": False}


async def test_what_is_missing_where_nobody_can_be_asked(plain: Editor) -> None:
    await plain.command("dragoman.chat")
    await plain.until(lambda: plain.messages)
    plain.open_agents({"name": "a", "url": "http://h/"})
    await plain.command("dragoman.chat", {"agent": "a"})
    await plain.until(lambda: len(plain.messages) == 2)
    assert [message.message for message in plain.messages] == [
        'dragoman.chat needs an "agent": no agent that can be asked was found.',
        'dragoman.chat needs a "prompt".',
    ]


async def test_an_editor_that_shows_no_documents_gets_a_message(tmp_path: Path) -> None:
    async with start(tmp_path, able(extension=None, window={})) as editor:
        with HttpAgent(HELLO) as http:
            editor.open_agents(agent(http))
            await editor.command("dragoman.chat", {"agent": "a", "prompt": "hi"})
            (message,) = await editor.until(lambda: editor.messages)
        assert (message.type, message.message) == (types.MessageType.Info, "hello")
        assert not editor.cache_folder.exists()


@pytest.mark.parametrize("answer", ["no", "an error"])
async def test_an_editor_that_refuses_what_it_said_it_can(plain: Editor, answer: str) -> None:
    """Neither the progress nor the document: the answer is not lost."""

    def refuse(_params: types.ShowDocumentParams) -> types.ShowDocumentResult:
        if answer == "an error":
            raise JsonRpcException("no", -32803)
        return types.ShowDocumentResult(success=False)

    def no_progress(_params: types.WorkDoneProgressCreateParams) -> None:
        raise JsonRpcException("no", -32803)

    documents = plain.answering("window/showDocument", refuse)
    progress = plain.answering("window/workDoneProgress/create", no_progress)
    with HttpAgent(HELLO) as http, documents, progress:
        plain.open_agents(agent(http))
        await plain.command("dragoman.chat", {"agent": "a", "prompt": "hi"})
        (message,) = await plain.until(lambda: plain.messages)
    assert message.message == "hello"
    assert not plain.sent(types.PROGRESS)


async def test_a_cache_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("no folder")
    async with start(tmp_path, PLAIN) as editor:
        with HttpAgent(HELLO) as http:
            editor.open_agents(agent(http))
            await editor.command("dragoman.chat", {"agent": "a", "prompt": "hi"})
            (message,) = await editor.until(lambda: editor.messages)
        assert message.message == "hello"


async def test_a_command_does_not_wait_for_the_agent(plain: Editor) -> None:
    with HttpAgent(Reply(raw=b"", end="hold")) as http:
        uri = plain.open_agents(agent(http))
        chat = await plain.command("dragoman.chat", {"agent": "a", "prompt": "hi"})
        selected = {"agent": "a", "textDocument": {"uri": uri}, "range": between(0, 0, 1, 0)}
        selection = await plain.command("dragoman.sendSelection", selected)
        assert chat.keys() == selection.keys() == {"turnId"}
        await plain.until(lambda: len(plain.sent(types.PROGRESS)) == 2)
        assert await plain.command("dragoman.stop") == {"stopped": True}
        await plain.until(lambda: len(plain.sent(types.PROGRESS)) == 4)
