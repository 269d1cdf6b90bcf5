"""Commands, with which any editor can ask agents: each answers at once, and the agent when it will, by events."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException, JsonRpcInvalidParams

from http_agent import HttpAgent, Reply
from lsp_session import Editor, between

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


async def test_fixing_tells_of_the_diagnostics_that_the_editor_shows(editor: Editor) -> None:
    uri = editor.open("x.py", CODE, "python")
    with HttpAgent(HELLO) as http:
        editor.open_agents(agent(http))
        range_ = types.Range(types.Position(0, 0), types.Position(0, 7))
        shown = types.Diagnostic(range_, "no docstring", types.DiagnosticSeverity.Warning, "D103", source="lint")
        params = types.CodeActionParams(types.TextDocumentIdentifier(uri), range_, types.CodeActionContext([shown]))
        actions = {action["title"]: action for action in await editor.ask(types.TEXT_DOCUMENT_CODE_ACTION, params)}
        assert "diagnostics" not in actions["Ask a: explain"]["command"]["arguments"][0]
        command = actions["Ask a: fix"]["command"]
        await end_of(editor, (await editor.command(command["command"], *command["arguments"]))["turnId"])
    assert prompt_of(http).endswith("x.py, diagnostics:\n\n```\nline 1: warning: no docstring (lint D103)\n```")


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
