"""Much of it, and odd: nothing breaks."""

from __future__ import annotations

import pytest
from lsprotocol import types

from http_agent import HttpAgent, Reply
from lsp_session import Editor, between

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_three_hundred_agents_in_one_file(editor: Editor) -> None:
    with HttpAgent(Reply(b"data: hello\n\n")) as http:
        agents = [{"name": f"agent {number}", "url": http.url, "naem": number} for number in range(300)]
        uri = editor.open_agents(*agents)
        told = await editor.diagnostics_of(uri)
        *shown, last = told
        assert [diagnostic["code"] for diagnostic in shown] == ["unknown-key"] * 199
        assert last["message"] == "There are 101 more problems in this file, none of them worse than these."
        assert last["range"] == between(0, 10**6, 0, 10**6) or last["range"]["start"] == last["range"]["end"]
        assert [*await editor.agents()] == [agent["name"] for agent in agents]
        outline = await editor.ask(
            types.TEXT_DOCUMENT_DOCUMENT_SYMBOL, types.DocumentSymbolParams(types.TextDocumentIdentifier(uri))
        )
        assert len(outline) == 300
        for _ in range(20):
            editor.change(uri, (between(2, 13, 2, 13), "x"))
        await editor.diagnostics_of(uri)
        assert "x" * 20 + "agent 0" in await editor.agents()
        assert (await editor.prompt("agent 299")).text == "hello"


async def test_a_megabyte(editor: Editor) -> None:
    uri = editor.open("agents.json", '{"name": "a", "url": "http://h/", "description": "' + "ä😀" * 170_000 + '"}')
    assert await editor.diagnostics_of(uri) == []
    editor.change(uri, (between(0, 500_000, 0, 500_002), "\u2028"), (between(0, 1, 0, 1), '"naem": 1, '))
    (told,) = await editor.diagnostics_of(uri)
    assert told["range"] == between(0, 2, 0, 6)


async def test_a_line_of_lone_surrogates(editor: Editor) -> None:
    uri = editor.open("agents.json", '{"name": "' + "\ud83d" * 1000 + '", "naem": 1}')
    told = await editor.diagnostics_of(uri)
    assert between(0, 1014, 0, 1018) in [diagnostic["range"] for diagnostic in told]
    editor.change(uri, (between(0, 1014, 0, 1018), "url"), (between(0, 1018, 0, 1021), ': "http://h/"'))
    assert [diagnostic["code"] for diagnostic in await editor.diagnostics_of(uri)] == []
    assert [*await editor.agents()] == ["\ud83d" * 1000]


async def test_deep_nesting(editor: Editor) -> None:
    uri = editor.open("agents.json", '{"a":' * 20_000)
    assert await editor.diagnostics_of(uri)
    document = types.TextDocumentIdentifier(uri)
    await editor.ask(types.TEXT_DOCUMENT_DOCUMENT_SYMBOL, types.DocumentSymbolParams(document))
    position = types.Position(0, 50_000)
    await editor.ask(types.TEXT_DOCUMENT_HOVER, types.HoverParams(document, position))
    await editor.ask(types.TEXT_DOCUMENT_COMPLETION, types.CompletionParams(document, position))
    editor.change(uri, (between(0, 99_000, 0, 99_000), "{"))
    assert await editor.diagnostics_of(uri)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[" * 100_000 + "]" * 100_000, "nested more than 100 levels"),
        ('[{"name": "a", "url": "http://h/", "defaultTimeout": ' + "9" * 5000 + "}, 1]", "An agent is an object"),
        ("[" + '{"name": "a", "url": "http://h/", "enabled": 0},' * 25_000 + "{}]", "more problems in this file"),
        ("," * 1_000_000, "more problems in this file"),
        ("{" + '"x": 1, ' * 500_000 + "}", "it is not read further"),
    ],
    ids=["nested", "digits", "all-wrong", "commas", "keys"],
)
async def test_what_nobody_would_write(editor: Editor, text: str, said: str) -> None:
    uri = editor.open("agents.json", text)
    assert any(said in diagnostic["message"] for diagnostic in await editor.diagnostics_of(uri))
    editor.change(uri, (between(0, 0, 0, 0), " "))
    told = await editor.diagnostics_of(uri)
    assert 0 < len(told) <= 200


async def test_a_long_answer(editor: Editor) -> None:
    body = b"".join(b"data: token %d\n\n" % number for number in range(20_000))
    with HttpAgent(Reply(body, chunk_size=50_000)) as http:
        editor.open_agents({"name": "a", "url": http.url})
        answer = await editor.prompt("a")
    assert answer.text == "".join(f"token {number}" for number in range(20_000))
    assert [event["seq"] for event in answer.events] == list(range(len(answer.events)))
