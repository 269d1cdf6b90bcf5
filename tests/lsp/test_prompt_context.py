"""What of the editor goes into a prompt, and how."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pygls.exceptions import JsonRpcException, JsonRpcInvalidParams

from http_agent import HttpAgent, Reply
from lsp_session import Editor, between

pytestmark = pytest.mark.asyncio(loop_scope="module")


HELLO = Reply(b"data: hello\n\n")


def agent(http: HttpAgent, **more: Any) -> dict[str, Any]:
    return {"name": "a", "url": http.url, **more}


def template(**fields: Any) -> dict[str, Any]:
    return {"connector": {"requestFormat": json.dumps({"fields": fields})}}


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


async def test_diagnostics_of_the_client(editor: Editor) -> None:
    code = editor.open("src/x.py", "a\nb\nc\n", "python")
    items = [
        {"range": between(0, 0, 0, 1), "message": "bad", "severity": 1, "source": "lint", "code": 7, "tags": [1]},
        {"range": between(1, 0, 2, 1), "message": "two\nlines", "severity": 9},
    ]
    context = [
        {"kind": "diagnostics", "uri": code, "items": items},
        {"kind": "diagnostics", "uri": code, "items": items, "range": between(1, 0, 1, 1)},
        {"kind": "diagnostics", "uri": code},
    ]
    with HttpAgent(HELLO) as http:
        editor.open_agents(agent(http))
        await editor.prompt("a", "Why?", context=context)
    assert http.requests[0].json["messages"][0]["content"] == (
        "Why?\n\n"
        "src/x.py, diagnostics:\n\n```\nline 1: error: bad (lint 7)\nlines 2-3: two\n  lines\n```\n\n"
        "src/x.py, diagnostics:\n\n```\nlines 2-3: two\n  lines\n```\n\n"
        "src/x.py, diagnostics: none are known."
    )


async def test_our_own_diagnostics(editor: Editor) -> None:
    with HttpAgent(HELLO) as http:
        editor.open_agents(agent(http))
        broken = editor.open("b.agents.json", '[\n{"name": "b",\n"url": 1}]')
        await editor.prompt("a", "", context=[{"kind": "diagnostics", "uri": broken}])
    (line,) = http.requests[0].json["messages"][0]["content"].split("\n")[3:-1]
    assert line.startswith("line 3: error: ")
    assert line.endswith("(dragoman wrong-type)")


@pytest.mark.parametrize("items", ["x", [1], [{"message": "no range"}], [{"range": between(0, 0, 0, 0)}]])
async def test_diagnostics_that_are_none(editor: Editor, items: Any) -> None:
    with pytest.raises(JsonRpcException) as raised:
        await editor.prompt("a", context=[{"kind": "diagnostics", "uri": "file:///x", "items": items}])
    assert raised.value.code == JsonRpcInvalidParams.CODE
