"""Folding and selection ranges, links and formatting, inlay hints, semantic tokens and code lenses over LSP."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types

from lsp_session import Editor, Json, able, between, start

pytestmark = pytest.mark.asyncio(loop_scope="module")

TEXT = """// The agents
// of this project.
[
  {
    "name": "ä😀", "url": "https://h.example/?q=1",
    "auth": {
      "type": "ApiKey",
      "token": "${env:KEY}"
    },
    "connector": {"requestFormat": "{\\"fields\\": {\\"q\\": \\"$content $other\\"}}", "responseFormat": "$.a"}
  },
  {"name": "b", "url": "${env:URL}", "icon": "https://h.example/b.png", "provider": "coze", "responseAction": "Stream",
   "interactive": "ChatPanel", "defaultTimeout": 5, "flow": {"next": "ä😀"}}
]
"""
OPTIONS = {"tabSize": 2, "insertSpaces": True}
LEGEND = ("class", "type", "enumMember", "variable", "macro", "regexp")


async def asked(editor: Editor, method: str, uri: str, **more: object) -> Any:
    kind = types.METHOD_TO_TYPES[method][2]
    assert kind is not None
    return await editor.ask(method, editor.structured({"textDocument": {"uri": uri}, **more}, kind))


def lines_of(folds: list[Json]) -> list[tuple[int, int, str]]:
    return [(fold["startLine"], fold["endLine"], fold["kind"]) for fold in folds]


async def test_folding(editor: Editor) -> None:
    uri = editor.open("agents.json", TEXT)
    folds = await asked(editor, types.TEXT_DOCUMENT_FOLDING_RANGE, uri)
    assert lines_of(folds) == [
        (0, 1, "comment"),
        (2, 12, "region"),
        (3, 9, "region"),
        (5, 7, "region"),
        (11, 12, "region"),
    ]
    assert all(fold.keys() == {"startLine", "endLine", "kind"} for fold in folds)


@pytest.mark.parametrize("newline", ["\r\n", "\r"])
async def test_folding_of_other_line_ends_and_of_what_is_not_closed(editor: Editor, newline: str) -> None:
    uri = editor.open("agents.json", newline.join(["[", "{", '"name": "a",', '"auth": {', '"type": "x"', "", "// end"]))
    assert lines_of(await asked(editor, types.TEXT_DOCUMENT_FOLDING_RANGE, uri))[0] == (0, 6, "region")


async def test_the_longest_folds_where_few_are_wanted(tmp_path: Path) -> None:
    few = {"foldingRange": {"rangeLimit": 2, "lineFoldingOnly": True}}
    async with start(tmp_path, able(textDocument=few)) as editor:
        uri = editor.open("agents.json", TEXT)
        folds = lines_of(await asked(editor, types.TEXT_DOCUMENT_FOLDING_RANGE, uri))
    assert folds == [(2, 12, "region"), (3, 9, "region")]


async def test_selection_grows(editor: Editor) -> None:
    uri = editor.open("agents.json", '[{"auth": {"type": "Bearer"}}]')
    (found,) = await asked(editor, types.TEXT_DOCUMENT_SELECTION_RANGE, uri, positions=[{"line": 0, "character": 22}])
    grown = []
    while found:
        grown.append((found["range"]["start"]["character"], found["range"]["end"]["character"]))
        found = found.get("parent")
    assert grown == [(20, 26), (19, 27), (11, 27), (10, 28), (2, 28), (1, 29), (0, 30)]


async def test_links(editor: Editor) -> None:
    uri = editor.open("agents.json", TEXT)
    links = await asked(editor, types.TEXT_DOCUMENT_DOCUMENT_LINK, uri)
    assert [link["target"] for link in links[:2]] == ["https://h.example/?q=1", "https://h.example/b.png"]
    assert links[0]["range"] == between(4, 27, 4, 49)
    assert links[2]["target"].startswith("https://")
    assert len(links) == 3


async def test_links_to_files_in_a_chat_document(editor: Editor) -> None:
    (editor.folder / "app.py").write_text("1\n")
    uri = editor.open("x.chat.md", "## You\n\nSee @app.py#L1 and @none.py and @../secret\n", "markdown")
    (link,) = await asked(editor, types.TEXT_DOCUMENT_DOCUMENT_LINK, uri)
    assert (link["target"], link["range"]) == (f"{editor.uri('app.py')}#L1", between(2, 4, 2, 14))


async def test_formatting(editor: Editor) -> None:
    uri = editor.open("agents.json", '{"name":"ä😀" , "url": 1}')
    edits = await asked(editor, types.TEXT_DOCUMENT_FORMATTING, uri, options=OPTIONS)
    assert edits == [
        {"range": between(0, 1, 0, 1), "newText": "\n  "},
        {"range": between(0, 8, 0, 8), "newText": " "},
        {"range": between(0, 13, 0, 14), "newText": ""},
        {"range": between(0, 15, 0, 16), "newText": "\n  "},
        {"range": between(0, 24, 0, 24), "newText": "\n"},
    ]
    within = {"range": between(0, 9, 0, 13), "options": OPTIONS}
    assert await asked(editor, types.TEXT_DOCUMENT_RANGE_FORMATTING, uri, **within) == edits[2:3]
    editor.change(uri, '{"name"')
    assert await asked(editor, types.TEXT_DOCUMENT_FORMATTING, uri, options=OPTIONS) == []


async def test_formatting_of_a_definition(editor: Editor) -> None:
    uri = editor.open(".agents/providers/mine.jsonc", '{"like":"coze"}')
    edits = await asked(editor, types.TEXT_DOCUMENT_FORMATTING, uri, options=OPTIONS)
    assert [edit["newText"] for edit in edits] == ["\n  ", " ", "\n"]


async def test_inlay_hints(editor: Editor) -> None:
    uri = editor.open("agents.json", TEXT)
    hints = await asked(editor, types.TEXT_DOCUMENT_INLAY_HINT, uri, range=between(0, 0, 99, 0))
    assert [(hint["label"], hint["position"]["line"], hint["position"]["character"]) for hint in hints] == [
        ("Direct, ChatPanel, 10/60/120 s", 4, 17),
        ("header: x-api-key", 6, 22),
    ]
    assert await asked(editor, types.TEXT_DOCUMENT_INLAY_HINT, uri, range=between(11, 0, 12, 0)) == []


async def test_inlay_hints_can_be_switched_off(tmp_path: Path) -> None:
    async with start(tmp_path, able(workspace={}), options={"inlayHints": False}) as editor:
        uri = editor.open("agents.json", TEXT)
        assert await asked(editor, types.TEXT_DOCUMENT_INLAY_HINT, uri, range=between(0, 0, 99, 0)) is None


def decoded(text: str, data: list[int], codec: str, width: int) -> list[tuple[str, str]]:
    """The words that tokens stand on, and their types."""
    lines = [line.encode(codec) for line in text.split("\n")]
    line = column = 0
    found: list[tuple[str, str]] = []
    for down, right, length, type_, _ in zip(*[iter(data)] * 5, strict=True):
        line, column = line + down, right if down else column + right
        found.append((lines[line][column * width : (column + length) * width].decode(codec), LEGEND[type_]))
    return found


@pytest.mark.parametrize(
    ("encoding", "codec", "width"), [("utf-8", "utf-8", 1), ("utf-16", "utf-16-le", 2), ("utf-32", "utf-32-le", 4)]
)
async def test_semantic_tokens(tmp_path: Path, encoding: str, codec: str, width: int) -> None:
    async with start(tmp_path, able(general={"positionEncodings": [encoding]})) as editor:
        offered = editor.initialized_with.capabilities.semantic_tokens_provider
        assert tuple(offered.legend.token_types) == LEGEND
        uri = editor.open("agents.json", TEXT)
        full = (await asked(editor, types.TEXT_DOCUMENT_SEMANTIC_TOKENS_FULL, uri))["data"]
        second = await asked(editor, types.TEXT_DOCUMENT_SEMANTIC_TOKENS_RANGE, uri, range=between(11, 0, 11, 5))
    every = decoded(TEXT, full, codec, width)
    assert every == [
        ("ä😀", "class"),
        ("ApiKey", "enumMember"),
        ("${env:KEY}", "macro"),
        ("$content", "variable"),
        ("$.a", "regexp"),
        ("b", "class"),
        ("${env:URL}", "macro"),
        ("coze", "type"),
        ("Stream", "enumMember"),
        ("ChatPanel", "enumMember"),
        ("ä😀", "class"),
    ]
    assert decoded(TEXT, second["data"], codec, width) == every[5:]


async def test_code_lenses(editor: Editor, tmp_path: Path) -> None:
    uri = editor.open("agents.json", TEXT.replace("${env:URL}", "http://h/"))
    lenses = await asked(editor, types.TEXT_DOCUMENT_CODE_LENS, uri)
    assert [(lens["range"]["start"]["line"], lens["command"]["title"]) for lens in lenses] == [
        (4, "Chat"),
        (4, "1 reference"),
        (11, "Chat"),
    ]
    assert lenses[0]["command"]["command"] == "dragoman.chat"
    assert lenses[0]["command"]["arguments"] == [{"agent": "ä😀"}]
    async with start(tmp_path, able(extension=None)) as plain:
        uri = plain.open_agents({"name": "a", "url": "http://h/"}, {"name": "b", "url": "ftp://h/"})
        (lens,) = await asked(plain, types.TEXT_DOCUMENT_CODE_LENS, uri)
        assert lens["command"] == {"title": "Chat", "command": "dragoman.newChat", "arguments": [{"agent": "a"}]}


async def test_other_files_are_left_alone(editor: Editor) -> None:
    uri = editor.open("notes.json", TEXT)
    everything = {"range": between(0, 0, 99, 0)}
    for method, more in {
        types.TEXT_DOCUMENT_FOLDING_RANGE: {},
        types.TEXT_DOCUMENT_SELECTION_RANGE: {"positions": [{"line": 4, "character": 15}]},
        types.TEXT_DOCUMENT_DOCUMENT_LINK: {},
        types.TEXT_DOCUMENT_FORMATTING: {"options": OPTIONS},
        types.TEXT_DOCUMENT_RANGE_FORMATTING: {"options": OPTIONS, **everything},
        types.TEXT_DOCUMENT_INLAY_HINT: everything,
        types.TEXT_DOCUMENT_SEMANTIC_TOKENS_FULL: {},
        types.TEXT_DOCUMENT_SEMANTIC_TOKENS_RANGE: everything,
        types.TEXT_DOCUMENT_CODE_LENS: {},
    }.items():
        assert await asked(editor, method, uri, **more) is None, method
