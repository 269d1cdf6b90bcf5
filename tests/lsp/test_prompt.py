"""`dragoman/prompt`: what streams, in which order, what goes out to the agent, and how it ends."""

from __future__ import annotations

import asyncio
import json
import threading
from typing import Any

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException, JsonRpcInvalidParams, JsonRpcRequestCancelled

from http_agent import JSON, HttpAgent, Reply
from lsp_session import Editor, between

pytestmark = pytest.mark.asyncio(loop_scope="module")


def delta(text: str) -> bytes:
    return f"data: {json.dumps({'choices': [{'delta': {'content': text}}]})}\n\n".encode()


DONE = b"data: [DONE]\n\n"
HELLO = Reply([delta("hel"), delta("lo"), DONE])


def agent(http: HttpAgent, **more: Any) -> dict[str, Any]:
    return {"name": "a", "url": http.url, **more}


def template(**fields: Any) -> dict[str, Any]:
    return {"connector": {"requestFormat": json.dumps({"fields": fields})}}


async def test_the_order_of_what_streams(editor: Editor) -> None:
    gate = threading.Event()
    with HttpAgent(Reply([delta("a😀"), gate, delta("é"), delta("😀b"), DONE])) as http:
        editor.open_agents(agent(http))
        token, result = editor.start_prompt("a", turnId="t", conversationId="c")
        await editor.until(lambda: any(event["kind"] == "text" for event in editor.events(token)))
        assert not result.done()
        gate.set()
        await result
    events = editor.events(token)
    assert events[0] == {"turnId": "t", "seq": 0, "kind": "start", "conversationId": "c", "agent": "a"}
    assert [event["seq"] for event in events] == list(range(len(events)))
    assert {event["turnId"] for event in events} == {"t"}
    assert [event["phase"] for event in events if event["kind"] == "status"] == ["connecting", "waiting", "streaming"]
    length = 0
    for event in events:
        if event["kind"] == "text":
            assert event["offset"] == length
            length += len(event["delta"].encode("utf-16-le")) // 2
    assert (
        result.result().items()
        >= {
            "turnId": "t",
            "conversationId": "c",
            "agent": "a",
            "stopReason": "completed",
            "textLength": length,
            "incomplete": False,
        }.items()
    )
    assert "text" not in result.result()
    kinds = ["progress" if "method" in message else "result" for message in editor.received if concerns(message, token)]
    assert kinds == ["progress"] * (len(kinds) - 1) + ["result"]


def concerns(message: dict[str, Any], token: str) -> bool:
    return message.get("params", {}).get("token") == token or "stopReason" in str(message.get("result"))


async def test_a_whole_result_without_a_token(editor: Editor) -> None:
    with HttpAgent(HELLO) as http:
        editor.open_agents(agent(http))
        result = await editor.ask("dragoman/prompt", {"agent": "a", "prompt": "hi"})
    assert (result["text"], result["textLength"]) == ("hello", 5)
    assert result["timings"].keys() == {"connectMs", "firstByteMs", "totalMs"}
    assert not editor.sent(types.PROGRESS)


async def test_tokens_are_numbers_or_strings(editor: Editor) -> None:
    with HttpAgent(HELLO) as http:
        editor.open_agents(agent(http))
        for token in (7, "7", 0, ""):
            editor.received.clear()
            await editor.ask("dragoman/prompt", {"agent": "a", "prompt": "hi", "partialResultToken": token})
            assert "".join(event.get("delta", "") for event in editor.events(token)) == "hello"
            assert {type(params["token"]) for params in editor.sent(types.PROGRESS)} == {type(token)}


async def test_half_an_emoji_never_reaches_the_editor(editor: Editor) -> None:
    halves = [delta("\ud83d"), delta("\ude00!")]
    with HttpAgent(Reply(halves)) as http:
        editor.open_agents(agent(http))
        answer = await editor.prompt("a")
    assert answer.text.endswith("!")
    assert answer.result["textLength"] == len(answer.text.encode("utf-16-le")) // 2


async def test_lone_surrogates_both_ways(editor: Editor) -> None:
    with HttpAgent(Reply(b'data: {"choices":[{"delta":{"content":"a\\ud83db"}}]}\n\n')) as http:
        editor.open_agents(agent(http))
        answer = await editor.prompt("a", "\udfff?")
    assert answer.result["stopReason"] == "completed"
    assert answer.text[0] + answer.text[-1] == "ab"
    assert http.requests[0].json["messages"][0]["content"].endswith("?")


async def test_several_turns(editor: Editor) -> None:
    with HttpAgent(HELLO) as http:
        editor.open_agents(agent(http))
        first = (await editor.prompt("a", "one")).result
        await editor.prompt("a", "two", conversationId=first["conversationId"])
        await editor.prompt("a", "three")
    assert http.requests[1].json["messages"] == [
        {"role": "user", "content": "one"},
        {"role": "assistant", "content": "hello"},
        {"role": "user", "content": "two"},
    ]
    assert http.requests[2].json["messages"] == [{"role": "user", "content": "three"}]


async def test_turns_at_the_same_time(editor: Editor) -> None:
    gate = threading.Event()
    with HttpAgent(Reply([delta("slow"), gate, delta("ly"), DONE]), HELLO) as http:
        editor.open_agents(agent(http))
        token, slow = editor.start_prompt("a")
        await editor.until(lambda: any(event["kind"] == "text" for event in editor.events(token)))
        quick = [await editor.prompt("a") for _ in range(3)]
        assert [answer.text for answer in quick] == ["hello"] * 3
        assert not slow.done()
        gate.set()
        assert (await slow)["textLength"] == 6


async def test_a_conversation_that_is_busy(editor: Editor) -> None:
    with HttpAgent(Reply([delta("x")], end="hold")) as http:
        editor.open_agents(agent(http))
        token, first = editor.start_prompt("a", turnId="t", conversationId="c")
        await editor.until(lambda: any(event["kind"] == "text" for event in editor.events(token)))
        second = (await editor.prompt("a", conversationId="c")).result
        assert (second["stopReason"], second["error"]["code"]) == ("error", "busy")
        same_id = (await editor.prompt("a", turnId="t")).result
        assert same_id["error"]["code"] == "busy"
        assert await editor.ask("dragoman/stop", {"turnId": "t"}) == {"stopped": True}
        assert (await first)["stopReason"] == "cancelled"


# Stopping


async def test_stop(editor: Editor) -> None:
    with HttpAgent(Reply([delta("so far")], end="hold")) as http:
        editor.open_agents(agent(http))
        token, result = editor.start_prompt("a", turnId="t")
        await editor.until(lambda: any(event["kind"] == "text" for event in editor.events(token)))
        assert await editor.ask("dragoman/stop", {"turnId": "t"}) == {"stopped": True}
        stopped = await result
        assert (stopped["stopReason"], stopped["textLength"], stopped["incomplete"]) == ("cancelled", 6, True)
        assert "error" not in stopped
        assert await asyncio.to_thread(http.hung_up.wait, 10)
        assert await editor.ask("dragoman/stop", {"turnId": "t"}) == {"stopped": False}


async def test_stop_before_the_agent_has_said_anything(editor: Editor) -> None:
    with HttpAgent(Reply(raw=b"", end="hold")) as http:
        editor.open_agents(agent(http))
        token, result = editor.start_prompt("a", turnId="t")
        await editor.until(lambda: any(event.get("phase") == "waiting" for event in editor.events(token)))
        await editor.ask("dragoman/stop", {"turnId": "t"})
        assert (await result)["stopReason"] == "cancelled"
        assert await asyncio.to_thread(http.hung_up.wait, 10)


async def test_stop_at_once(editor: Editor) -> None:
    with HttpAgent(Reply([delta("x")], end="hold")) as http:
        editor.open_agents(agent(http))
        await editor.agents()
        _, result = editor.start_prompt("a", turnId="t")
        assert await editor.ask("dragoman/stop", {"turnId": "t"}) == {"stopped": True}
        assert (await result)["stopReason"] == "cancelled"


async def test_cancel_request(editor: Editor) -> None:
    with HttpAgent(Reply([delta("so far")], end="hold")) as http:
        editor.open_agents(agent(http))
        params = {"agent": "a", "prompt": "hi", "partialResultToken": "p", "conversationId": "c"}
        asked = editor.start_asking("dragoman/prompt", params, "to be cancelled")
        await editor.until(lambda: any(event["kind"] == "text" for event in editor.events("p")))
        editor.cancel_request(types.CancelParams("to be cancelled"))
        with pytest.raises(JsonRpcException) as raised:
            await asked
        assert raised.value.code == JsonRpcRequestCancelled.CODE
        assert await asyncio.to_thread(http.hung_up.wait, 10)
        http.replies = [HELLO]
        assert (await editor.prompt("a", conversationId="c")).result["stopReason"] == "completed"


async def test_work_done_progress(editor: Editor) -> None:
    with HttpAgent(HELLO) as http:
        editor.open_agents(agent(http))
        await editor.prompt("a", workDoneToken="w")
    begin, end = editor.work_done("w")
    assert begin == {"kind": "begin", "title": "a", "cancellable": True}
    assert end == {"kind": "end"}


@pytest.mark.parametrize("token", ["w", 5])
async def test_the_cancel_button(editor: Editor, token: str | int) -> None:
    with HttpAgent(Reply([delta("so far")], end="hold")) as http:
        editor.open_agents(agent(http))
        events, result = editor.start_prompt("a", workDoneToken=token)
        await editor.until(lambda: any(event["kind"] == "text" for event in editor.events(events)))
        editor.window_work_done_progress_cancel(types.WorkDoneProgressCancelParams(token))
        assert (await result)["stopReason"] == "cancelled"
    assert [value["kind"] for value in editor.work_done(token)] == ["begin", "end"]


# Context


async def test_context_in_the_prompt(editor: Editor) -> None:
    code = editor.open("src/x.py", "first\nse😀cond\nthird\n", "python")
    (editor.folder / "notes.md").write_text("on the disk\n```\n")
    context = [
        {"kind": "selection", "textDocument": {"uri": code}, "range": between(1, 2, 2, 5)},
        {"kind": "file", "uri": editor.uri("notes.md")},
        {"kind": "file", "uri": code, "range": between(0, 0, 0, 5)},
        {"kind": "text", "text": "$ make\nfailed", "label": "the build", "languageId": "console"},
        {"kind": "text", "text": "bare"},
        {"kind": "telepathy", "thought": 1},
    ]
    with HttpAgent(HELLO) as http:
        editor.open_agents(agent(http))
        await editor.prompt("a", "Why?", context=context)
    assert http.requests[0].json["messages"][0]["content"] == (
        "Why?\n\n"
        "src/x.py, lines 2-3:\n\n```python\n😀cond\nthird\n```\n\n"
        "notes.md, lines 1-2:\n\n````md\non the disk\n```\n````\n\n"
        "src/x.py, line 1:\n\n```python\nfirst\n```\n\n"
        "the build:\n\n```console\n$ make\nfailed\n```\n\n"
        "```\nbare\n```"
    )


async def test_the_selection_in_a_template(editor: Editor) -> None:
    fields = {"q": "$content", "code": "$selection", "at": "$filePath ($fileName, $language)"}
    code = editor.open("src/x.py", "first\nsecond\n", "python")
    context = [
        {"kind": "text", "text": "more"},
        {"kind": "selection", "textDocument": {"uri": code}, "range": between(1, 0, 1, 3)},
    ]
    with HttpAgent(HELLO) as http:
        editor.open_agents(agent(http, **template(**fields)))
        await editor.prompt("a", "Why?", context=context)
        await editor.prompt("a", "Why?")
    assert http.requests[0].json == {
        "q": "Why?\n\n```\nmore\n```",
        "code": "sec",
        "at": "src/x.py (x.py, python)",
    }
    assert http.requests[1].json == {"q": "Why?", "code": "", "at": " (, )"}


async def test_the_document_is_taken_as_it_was_when_the_prompt_came(editor: Editor) -> None:
    with HttpAgent(HELLO) as http:
        editor.open_agents(agent(http))
        code = editor.open("x.py", "before", "python")
        _, result = editor.start_prompt("a", context=[{"kind": "file", "uri": code}])
        editor.change(code, "after")
        await result
    assert "before" in http.requests[0].json["messages"][0]["content"]


# What cannot be asked

REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "no agent": ({"prompt": "x"}, "agent"),
    "an agent that is no text": ({"agent": 1, "prompt": "x"}, "agent"),
    "no prompt": ({"agent": "a"}, "prompt"),
    "a prompt that is null": ({"agent": "a", "prompt": None}, "prompt"),
    "an id that is no text": ({"agent": "a", "prompt": "x", "turnId": 1}, "turnId"),
    "a conversation that is no text": ({"agent": "a", "prompt": "x", "conversationId": []}, "conversationId"),
    "a token that is no token": ({"agent": "a", "prompt": "x", "partialResultToken": 1.5}, "partialResultToken"),
    "a truth for a token": ({"agent": "a", "prompt": "x", "workDoneToken": True}, "workDoneToken"),
    "context that is no list": ({"agent": "a", "prompt": "x", "context": {}}, "context"),
    "context that holds no objects": ({"agent": "a", "prompt": "x", "context": ["x"]}, "context"),
    "a file without a uri": ({"agent": "a", "prompt": "x", "context": [{"kind": "file"}]}, "uri"),
    "a selection of no document": (
        {"agent": "a", "prompt": "x", "context": [{"kind": "selection", "range": between(0, 0, 0, 1)}]},
        "textDocument.uri",
    ),
    "a selection without a range": (
        {"agent": "a", "prompt": "x", "context": [{"kind": "selection", "textDocument": {"uri": "file:///x"}}]},
        "range",
    ),
    "a range that is none": (
        {"agent": "a", "prompt": "x", "context": [{"kind": "file", "uri": "file:///x", "range": {"start": 1}}]},
        "range",
    ),
    "a range without end": (
        {
            "agent": "a",
            "prompt": "x",
            "context": [{"kind": "file", "uri": "file:///x", "range": between(0, 0, float("inf"), 0)}],
        },
        "range",
    ),
    "a text without text": ({"agent": "a", "prompt": "x", "context": [{"kind": "text"}]}, "text"),
    "a file that is not there": (
        {"agent": "a", "prompt": "x", "context": [{"kind": "file", "uri": "file:///nowhere/missing.py"}]},
        "missing.py",
    ),
    "a file that never ends": (
        {"agent": "a", "prompt": "x", "context": [{"kind": "file", "uri": "file:///dev/zero"}]},
        "zero",
    ),
    "a uri that is none": (
        {"agent": "a", "prompt": "x", "context": [{"kind": "file", "uri": "file://[/x%00"}]},
        "context",
    ),
}


@pytest.mark.parametrize(("params", "field"), REFUSED.values(), ids=REFUSED.keys())
async def test_params_that_are_wrong(editor: Editor, params: dict[str, Any], field: str) -> None:
    with pytest.raises(JsonRpcInvalidParams) as raised:
        await editor.ask("dragoman/prompt", params)
    assert raised.value.code == -32602
    assert field in raised.value.message


@pytest.mark.parametrize("params", [{}, {"turnId": None}, {"turnId": 1}])
async def test_stop_wants_an_id(editor: Editor, params: dict[str, Any]) -> None:
    with pytest.raises(JsonRpcInvalidParams, match="turnId"):
        await editor.ask("dragoman/stop", params)


async def test_an_agent_that_is_not_known(editor: Editor) -> None:
    editor.open_agents({"name": "known", "url": "http://h/"})
    answer = await editor.prompt("stranger", turnId="t", conversationId="c")
    assert [(event["seq"], event["kind"]) for event in answer.events] == [(0, "start")]
    error = answer.result["error"]
    assert (answer.result["stopReason"], error["code"]) == ("error", "config")
    assert "“stranger”" in error["message"]
    assert "known" in error["message"]


CANNOT_BE_ASKED: dict[str, tuple[dict[str, Any], str, dict[str, Any]]] = {
    "errors in its description": ({"url": "ftp://h/"}, "mended", between(2, 4, 2, 10)),
    "switched off": ({"url": "http://h/", "enabled": False}, "switched off", between(4, 4, 4, 13)),
    "no such variable": ({"url": "http://${env:NO_SUCH_VARIABLE}/"}, "NO_SUCH_VARIABLE", between(3, 4, 3, 9)),
}


@pytest.mark.parametrize(("config", "why", "where"), CANNOT_BE_ASKED.values(), ids=CANNOT_BE_ASKED.keys())
async def test_an_agent_that_cannot_be_asked(
    editor: Editor, config: dict[str, Any], why: str, where: dict[str, Any]
) -> None:
    uri = editor.open_agents({"name": "a", **config})
    error = (await editor.prompt("a")).result["error"]
    assert error["code"] == "config"
    assert why in error["message"]
    assert error["location"] == {"uri": uri, "range": where}


async def test_a_broken_file_leaves_the_good_agents_alone(editor: Editor) -> None:
    with HttpAgent(HELLO) as http:
        editor.open("agents.json", f'[{{"name": "a", "url": "{http.url}"}}, {{"name": "b", "url": ]')
        editor.open("x.agents.json", '{"name":')
        assert (await editor.prompt("a")).text == "hello"


async def test_a_json_answer(editor: Editor) -> None:
    with HttpAgent(Reply(b'{"answer": ["x", 1, {"y": null}]}', headers=JSON)) as http:
        editor.open_agents(agent(http, connector={"responseFormat": "$.answer"}))
        assert (await editor.prompt("a")).text == 'x1{"y":null}'
