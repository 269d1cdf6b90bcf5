"""Completion, hover, diagnostics, code actions and lenses in chat documents."""

from __future__ import annotations

import subprocess
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from lsprotocol import types

from dragoman.lsp.positions import range_of
from dragoman.syntax.text import LineIndex, Span
from http_agent import HttpAgent, Reply
from live_document import LiveDocument
from lsp_session import Editor, Json, able, start

pytestmark = pytest.mark.asyncio(loop_scope="module")

AGENTS: tuple[Json, ...] = (
    {"name": "coder", "url": "http://h/", "description": "Writes code."},
    {"name": "a: b", "url": "http://h/"},
    {"name": "broken", "url": "ftp://h/"},
    {"name": "off", "url": "http://h/", "enabled": False},
)
ANSWERED = """---
agent: coder
---

## You

first

## coder
<!-- answer a1 -->

```python
print(1)
```

<!-- /answer a1 -->

## You

second
"""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def session(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Editor]:
    capabilities = able(extension=None)
    async with start(tmp_path_factory.mktemp("chat"), capabilities) as editor:
        subprocess.run(["git", "init", "-q", str(editor.folder)], check=True)
        for name in (
            "src/app.py",
            "src/deep/apple.py",
            "docs/my file.md",
            ".hidden/app.py",
            "build/app.o",
            ".gitignore",
        ):
            path = editor.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("build/\n" if name == ".gitignore" else "def one():\n    pass\n\n\ndef two():\n    pass\n")
        yield editor


@pytest_asyncio.fixture(loop_scope="module")
async def editor(session: Editor) -> AsyncIterator[Editor]:
    session.open_agents(*AGENTS)
    await session.agents()
    yield session
    await session.tidy_up()


def at(text: str, offset: int) -> Json:
    position = range_of(LineIndex(text), Span(offset, offset), "utf-16").start
    return {"line": position.line, "character": position.character}


async def completed(editor: Editor, marked: str) -> list[Json]:
    offset, text = marked.index("$0"), marked.replace("$0", "")
    uri = editor.open("x.chat.md", text, "markdown")
    params = {"textDocument": {"uri": uri}, "position": at(text, offset)}
    found = await editor.ask(types.TEXT_DOCUMENT_COMPLETION, editor.structured(params, types.CompletionParams))
    return found["items"]


async def texts(editor: Editor, marked: str) -> list[str]:
    return [item["textEdit"]["newText"] for item in await completed(editor, marked)]


async def test_agents_in_the_front_matter(editor: Editor) -> None:
    items = await completed(editor, "---\nagent: co$0\n---\n")
    assert [item["textEdit"]["newText"] for item in items] == ["coder", '"a: b"', "broken", "off"]
    assert items[0]["textEdit"]["range"] == {"start": {"line": 1, "character": 7}, "end": {"line": 1, "character": 9}}
    assert items[0]["documentation"]["value"] == "Writes code."


async def test_headings(editor: Editor) -> None:
    assert await texts(editor, "---\nagent: coder\n---\n\n## $0") == [
        "## You",
        "## coder",
        "## a: b",
        "## broken",
        "## off",
    ]


@pytest.mark.parametrize(
    ("marked", "files"),
    [
        ("see @app$0", ["src/app.py", "src/deep/apple.py"]),
        ("see @dee$0", ["src/deep/apple.py"]),
        ("see @my$0", ['"docs/my file.md"']),
        ('see @"docs/my f$0', ['"docs/my file.md"']),
        ("see @build$0", []),
        ("see @srcpy$0", ["src/app.py", "src/deep/apple.py"]),
        ("mail ada@app$0", []),
    ],
)
async def test_files(editor: Editor, marked: str, files: list[str]) -> None:
    assert await texts(editor, marked) == files


async def test_the_edit_of_a_file_replaces_what_was_typed(editor: Editor) -> None:
    (first, *_) = await completed(editor, "see @app$0x.py now")
    assert first["textEdit"]["range"] == {"start": {"line": 0, "character": 5}, "end": {"line": 0, "character": 12}}


async def test_lines(editor: Editor) -> None:
    assert await texts(editor, "see @src/app.py#$0") == ["L1-L6", "L1-L2", "L5-L6"]
    assert await texts(editor, 'see @"docs/my file.md"#L$0') == ["L1-L6", "L1-L2", "L5-L6"]
    assert await texts(editor, "see @../secret.py#$0") == []


async def test_a_slash_says_nothing_in_an_agent_file(editor: Editor) -> None:
    uri = editor.open("b.agents.json", '[{"name": "a", }]')
    context = {"triggerKind": 2, "triggerCharacter": "/"}
    params = {"textDocument": {"uri": uri}, "position": {"line": 0, "character": 15}, "context": context}
    assert not await editor.ask(types.TEXT_DOCUMENT_COMPLETION, editor.structured(params, types.CompletionParams))


@pytest.mark.parametrize(
    ("marked", "part"),
    [
        ("---\nagent: co$0der\n---\n", "Writes code."),
        ("---\nagent: bro$0ken\n---\n", "cannot be asked"),
        ("---\nagent: o$0ff\n---\n", "switched off"),
        (ANSWERED.replace("## coder", "## co$0der"), "Writes code."),
        ("---\nagent: nob$0ody\n---\n", None),
        ("te$0xt", None),
    ],
)
async def test_hover(editor: Editor, marked: str, part: str | None) -> None:
    offset, text = marked.index("$0"), marked.replace("$0", "")
    uri = editor.open("x.chat.md", text, "markdown")
    params = {"textDocument": {"uri": uri}, "position": at(text, offset)}
    found = await editor.ask(types.TEXT_DOCUMENT_HOVER, editor.structured(params, types.HoverParams))
    assert (found is None) if part is None else part in found["contents"]["value"]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("---\nagent: coder\n---\n\nhi @src/app.py", []),
        ("---\nagent: codre\n---\n", ["chat/unknown-agent"]),
        ("---\nagent: broken\n---\n", ["chat/broken-agent"]),
        ("---\nagent: off\n---\n", ["chat/broken-agent"]),
        ("hi @gone.py @../x @src", ["chat/missing-file", "chat/outside-workspace", "chat/missing-file"]),
        (ANSWERED.replace("first", "@gone.py"), []),
    ],
)
async def test_diagnostics(editor: Editor, text: str, codes: list[str]) -> None:
    uri = editor.open("x.chat.md", text, "markdown")
    found = await editor.diagnostics_of(uri)
    assert [one["code"] for one in found] == codes
    assert {one["severity"] for one in found} <= {2}


async def test_an_unknown_conversation(editor: Editor) -> None:
    uri = editor.open("x.chat.md", f"---\nconversation: {'0' * 32}\n---\n", "markdown")

    def codes() -> list[list[str]]:
        sent = editor.sent(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
        return [[one["code"] for one in params["diagnostics"]] for params in sent if params["uri"] == uri]

    await editor.until(lambda: ["chat/unknown-conversation"] in codes())


async def test_an_agent_that_is_described_meanwhile(editor: Editor) -> None:
    uri = editor.open("x.chat.md", "---\nagent: new\n---\n", "markdown")
    assert [one["code"] for one in await editor.diagnostics_of(uri)] == ["chat/unknown-agent"]
    editor.open_agents({"name": "new", "url": "http://h/"}, name="c.agents.json")
    await editor.until(
        lambda: (
            [
                params["diagnostics"]
                for params in editor.sent(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
                if params["uri"] == uri
            ][-1]
            == []
        )
    )


async def test_mending_the_name_of_an_agent(editor: Editor) -> None:
    uri = editor.open("x.chat.md", "---\nagent: codre\n---\n", "markdown")
    (fix, *_) = await actions(editor, uri, {"line": 1, "character": 8})
    assert fix["title"] == "Ask coder"
    ((edit,),) = (change["edits"] for change in fix["edit"]["documentChanges"])
    assert edit["newText"] == "coder"


async def test_actions(editor: Editor) -> None:
    uri = editor.open("x.chat.md", ANSWERED, "markdown")
    on_prompt = await actions(editor, uri, at(ANSWERED, ANSWERED.index("second")))
    assert [action["title"] for action in on_prompt] == ["Send to coder"]
    assert on_prompt[0]["command"]["arguments"] == [{"textDocument": {"uri": uri}}]
    assert "kind" not in on_prompt[0]
    on_answer = await actions(editor, uri, at(ANSWERED, ANSWERED.index("print")))
    assert [action["title"] for action in on_answer] == [
        "Ask again",
        "Ask again: a: b",
        "Save block 1 (python) as a new file",
    ]
    assert on_answer[0]["command"]["arguments"] == [{"textDocument": {"uri": uri}, "turnId": "a1"}]
    assert [one["title"] for one in await actions(editor, uri, at(ANSWERED, ANSWERED.index("first")))] == [
        "Ask again",
        "Ask again: a: b",
    ]
    assert await actions(editor, uri, at(ANSWERED, ANSWERED.index("print")), only=["quickfix"]) == []


@pytest.mark.parametrize(
    ("end", "title", "target"),
    [
        (0, "Insert block 1 (python) at app.py:2", "insert"),
        (3, "Apply block 1 (python) to the selection in app.py:2", "replaceSelection"),
    ],
)
async def test_a_block_for_the_document_that_was_visited_last(
    editor: Editor, end: int, title: str, target: str
) -> None:
    code = editor.open("src/app.py", "one\ntwo\n", "python")
    await actions(editor, code, {"line": 1, "character": 0}, end={"line": 1, "character": end})
    uri = editor.open("x.chat.md", ANSWERED, "markdown")
    offered = await actions(editor, uri, at(ANSWERED, ANSWERED.index("print")))
    (argument,) = next(one for one in offered if one["title"] == title)["command"]["arguments"]
    assert (argument["target"], argument["textDocument"]) == (target, {"uri": code})
    assert (argument["text"], argument["languageId"]) == ("print(1)\n", "python")
    assert argument["range"] == {"start": {"line": 1, "character": 0}, "end": {"line": 1, "character": end}}


async def test_send_is_offered_disabled(editor: Editor) -> None:
    uri = editor.open("x.chat.md", "---\nagent: off\n---\n\nhi", "markdown")
    (send,) = await actions(editor, uri, {"line": 4, "character": 1})
    assert send["disabled"]["reason"] == "“off” is switched off."


async def test_lenses(editor: Editor) -> None:
    with HttpAgent(Reply([b"data: x\n\n"], end="hold")) as http:
        editor.open_agents({"name": "here", "url": http.url}, name="d.agents.json")
        document = LiveDocument(editor, "x.chat.md", ANSWERED.replace("agent: coder", "agent: here"))
        params = editor.structured({"textDocument": {"uri": document.uri}}, types.CodeLensParams)
        shown = await editor.ask(types.TEXT_DOCUMENT_CODE_LENS, params)
        assert [(one["command"]["title"], one["range"]["start"]["line"]) for one in shown] == [
            ("Ask again", 8),
            ("Send to here", 17),
        ]
        told = await editor.command("dragoman.send", *shown[-1]["command"]["arguments"])
        await document.until("\nx\n")
        (stop,) = await editor.ask(types.TEXT_DOCUMENT_CODE_LENS, params)
        assert (stop["command"]["title"], stop["command"]["arguments"]) == ("Stop here", [told])
        await editor.command("dragoman.stop", told)
        await document.until("conversation:")
    notes = {"textDocument": {"uri": editor.open("notes.md", "## You\n\nhi\n", "markdown")}}
    params = editor.structured(notes, types.CodeLensParams)
    assert await editor.ask(types.TEXT_DOCUMENT_CODE_LENS, params) is None


async def actions(
    editor: Editor, uri: str, position: Json, only: list[str] | None = None, end: Json | None = None
) -> list[Any]:
    context: Json = {"diagnostics": []} | ({"only": only} if only else {})
    params = {"textDocument": {"uri": uri}, "range": {"start": position, "end": end or position}, "context": context}
    return await editor.ask(types.TEXT_DOCUMENT_CODE_ACTION, editor.structured(params, types.CodeActionParams))
