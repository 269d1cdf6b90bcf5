"""Completion, hover, outline and code actions, as an editor asks for them and as it applies them."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest
import pytest_asyncio
from lsprotocol import types

from lsp_session import Editor, able, between, start

pytestmark = pytest.mark.asyncio(loop_scope="module")

AGENT = {"name": "a", "url": "http://h/"}
BROKEN = {"name": "broken", "url": "ftp://h/"}
CODE = "def f():\n    return 1\n"


PROMPTS = [{"title": "shout", "prompt": "Shout!"}, {"title": "b only", "prompt": "B", "agents": ["b"]}]
LITERALS = {"codeAction": {"codeActionLiteralSupport": {"codeActionKind": {"valueSet": [""]}}}}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def older_session(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Editor]:
    """An editor that knows code actions and little else, with prompts of the user's own."""
    capabilities = able(textDocument=LITERALS, workspace={})
    async with start(tmp_path_factory.mktemp("older"), capabilities, options={"prompts": PROMPTS}) as editor:
        yield editor


@pytest_asyncio.fixture(loop_scope="module")
async def older(older_session: Editor) -> AsyncIterator[Editor]:
    yield older_session
    await older_session.tidy_up()


def place(text: str) -> tuple[str, types.Position]:
    """A text and the place of the `|` in it."""
    before, _, after = text.partition("|")
    line = before.count("\n")
    return before + after, types.Position(line, len(before.rpartition("\n")[2]))


def applied(text: str, edits: Sequence[types.TextEdit]) -> str:
    """The text after edits within single lines of ASCII."""
    lines = text.split("\n")
    for edit in sorted(edits, key=lambda edit: (edit.range.start.line, edit.range.start.character), reverse=True):
        assert edit.range.start.line == edit.range.end.line
        line = lines[edit.range.start.line]
        lines[edit.range.start.line] = (
            line[: edit.range.start.character] + edit.new_text + line[edit.range.end.character :]
        )
    return "\n".join(lines)


async def completions(editor: Editor, marked: str) -> dict[str, types.CompletionItem]:
    text, position = place(marked)
    uri = editor.open("agents.json", text)
    params = types.CompletionParams(types.TextDocumentIdentifier(uri), position)
    found = await editor.text_document_completion_async(params)
    return {item.label: item for item in found.items}


async def actions(
    editor: Editor, uri: str, start: tuple[int, int], end: tuple[int, int], only: list[str] | None = None
) -> dict[str, dict[str, Any]]:
    context = types.CodeActionContext([], only=only)
    range_ = types.Range(types.Position(*start), types.Position(*end))
    params = types.CodeActionParams(types.TextDocumentIdentifier(uri), range_, context)
    return {action["title"]: action for action in await editor.ask(types.TEXT_DOCUMENT_CODE_ACTION, params)}


COMPLETIONS = {
    "a value": (
        '{"name": "a", "url": "http://h/", "responseAction": "St|"}',
        "Stream",
        '{"name": "a", "url": "http://h/", "responseAction": "Stream"}',
    ),
    "a value that is not there": (
        '{"name": "a", "url": "http://h/", "responseAction": |}',
        "Stream",
        '{"name": "a", "url": "http://h/", "responseAction": "Stream"}',
    ),
    "a key": ('{"na|": "a"}', "name", '{"name": "a"}'),
    "a key that is not there": ('{"name": "a", |}', "url", '{"name": "a", "url": "$1"}'),
}


@pytest.mark.parametrize(("marked", "label", "wanted"), COMPLETIONS.values(), ids=COMPLETIONS.keys())
async def test_completion(editor: Editor, marked: str, label: str, wanted: str) -> None:
    found = await completions(editor, marked)
    assert all(isinstance(item.text_edit, types.TextEdit) and item.insert_text is None for item in found.values())
    assert applied(place(marked)[0], [found[label].text_edit]) == wanted


NEW_AGENTS = {
    "an empty file": ("|", "Dify agent"),
    "a word that was begun": ("dif|", "Dify agent"),
    "an empty array": ("[|]", "Coze agent"),
    "between agents": ('[{"name": "a", "url": "http://h/"}, | {"name": "b", "url": "http://h/"}]', "Coze agent"),
}


@pytest.mark.parametrize(("marked", "label"), NEW_AGENTS.values(), ids=NEW_AGENTS.keys())
async def test_a_whole_agent_is_completed(editor: Editor, older: Editor, marked: str, label: str) -> None:
    snippet = (await completions(editor, marked))[label]
    assert snippet.insert_text_format is types.InsertTextFormat.Snippet
    assert "${1:" in snippet.text_edit.new_text
    plain = (await completions(older, marked))[label]
    assert plain.insert_text_format is types.InsertTextFormat.PlainText
    uri = older.open("new.agents.json", applied(place(marked)[0], [plain.text_edit]))
    assert [told for told in await older.diagnostics_of(uri) if told["code"] != "unset-variable"] == []


async def test_names_of_agents_of_other_files_are_proposed(editor: Editor) -> None:
    editor.open("other.agents.json", '{"name": "help", "url": "http://h/"}')
    found = await completions(editor, '{"name": "a", "url": "http://h/", "flow": {"next": "|"}}')
    assert [*found] == ["help"]


async def test_completion_inside_a_string(editor: Editor) -> None:
    text = '{"name": "a", "url": "http://h/", "connector": {"requestFormat": "{\\"fields\\": {\\"q\\": \\"$|\\"}}"}}'
    found = await completions(editor, text)
    assert applied(place(text)[0], [found["$content"].text_edit]) == place(text)[0].replace("$", "$content")


async def test_all_safe_fixes_at_once(editor: Editor) -> None:
    text = '{"name": "a", "url": "https://h/", "responseActoin": "stream", "enabled": "true",}'
    uri = editor.open("agents.json", text)
    for only in ("source.fixAll", "source.fixAll.dragoman", "source"):
        ((title, action),) = (await actions(editor, uri, (0, 0), (0, 0), [only])).items()
        assert (title, action["kind"]) == ("Make all 4 safe fixes", "source.fixAll.dragoman")
        (change,) = action["edit"]["documentChanges"]
        (edit,) = change["edits"]
        assert edit["newText"] == '{"name": "a", "url": "https://h/", "responseAction": "Stream", "enabled": true}'
    assert "Make all 4 safe fixes" not in await actions(editor, uri, (0, 0), (0, 0))
    assert await actions(editor, uri, (0, 0), (0, 0), ["source.organizeImports"]) == {}


async def test_completion_in_other_documents(editor: Editor) -> None:
    uri = editor.open("notes.json", "{}")
    params = types.CompletionParams(types.TextDocumentIdentifier(uri), types.Position(0, 1))
    assert await editor.text_document_completion_async(params) is None
    hover = types.HoverParams(types.TextDocumentIdentifier(uri), types.Position(0, 1))
    assert await editor.text_document_hover_async(hover) is None
    outline = types.DocumentSymbolParams(types.TextDocumentIdentifier(uri))
    assert await editor.text_document_document_symbol_async(outline) is None


async def test_hover(editor: Editor) -> None:
    text, position = place('{"name": "a", "url": "http://h/", "interac|tive": "StreamDiff"}')
    uri = editor.open("agents.json", text)
    hover = await editor.text_document_hover_async(types.HoverParams(types.TextDocumentIdentifier(uri), position))
    assert hover.contents.kind == types.MarkupKind.Markdown
    assert hover.contents.value.startswith("**interactive**")
    assert (hover.range.start, hover.range.end) == (types.Position(0, 34), types.Position(0, 47))


async def test_the_outline(editor: Editor) -> None:
    uri = editor.open("agents.json", json.dumps([{**AGENT, "connector": {"responseFormat": "$.a"}}, {"url": "x"}]))
    params = types.DocumentSymbolParams(types.TextDocumentIdentifier(uri))
    first, second = await editor.text_document_document_symbol_async(params)
    assert (first.name, second.name) == ("a", "(no name)")
    assert [child.name for child in first.children] == ["name", "url", "connector"]
    assert [child.name for child in first.children[2].children] == ["responseFormat"]


async def test_a_flat_outline(older: Editor) -> None:
    uri = older.open_agents(AGENT, {**AGENT, "name": "b"})
    params = types.DocumentSymbolParams(types.TextDocumentIdentifier(uri))
    outline = await older.text_document_document_symbol_async(params)
    assert [(symbol.name, symbol.location.uri) for symbol in outline] == [("a", uri), ("b", uri)]


FIXES = {
    "a letter case": ('"responseAction": "stream"', "Change to “Stream”", '"responseAction": "Stream"'),
    "a misspelt key": ('"responseActoin": "Stream"', "Change to “responseAction”", '"responseAction": "Stream"'),
    "a token": (
        '"auth": {"type": "Bearer", "token": "abc"}',
        "Read it from the environment variable A_TOKEN",
        '"auth": {"type": "Bearer", "token": "${env:A_TOKEN}"}',
    ),
}


@pytest.mark.parametrize(("entry", "title", "mended"), FIXES.values(), ids=FIXES.keys())
async def test_quick_fixes(editor: Editor, entry: str, title: str, mended: str) -> None:
    text = f'{{"name": "a", "url": "https://h/",\n{entry}}}'
    uri = editor.open("agents.json", text)
    (told,) = await editor.diagnostics_of(uri)
    diagnostic = editor.structured(told, types.Diagnostic)
    params = types.CodeActionParams(
        types.TextDocumentIdentifier(uri), diagnostic.range, types.CodeActionContext([diagnostic], only=["quickfix"])
    )
    action, *_ = await editor.text_document_code_action_async(params)
    assert (action.title, action.kind, *action.diagnostics) == (title, "quickfix", diagnostic)
    (change,) = action.edit.document_changes
    assert (change.text_document.uri, change.text_document.version) == (uri, 1)
    assert applied(text, change.edits) == text.replace(entry, mended)


async def test_a_fix_for_an_editor_without_versions(older: Editor) -> None:
    uri = older.open_agents({**AGENT, "responseAction": "stream"})
    found = await actions(older, uri, (4, 0), (4, 30), ["quickfix"])
    assert [*found["Change to “Stream”"]["edit"]["changes"]] == [uri]


async def test_fixes_are_for_the_place_that_is_asked_for(editor: Editor) -> None:
    uri = editor.open_agents({**AGENT, "responseAction": "stream"})
    assert await actions(editor, uri, (2, 0), (2, 0)) == {}


async def test_asking_about_a_selection_in_any_file(editor: Editor) -> None:
    editor.open_agents(AGENT, BROKEN, {**AGENT, "name": "off", "enabled": False})
    uri = editor.open("x.py", CODE, "python")
    found = await actions(editor, uri, (0, 0), (1, 12))
    assert list(found) == ["Ask a", "Ask a: explain", "Ask a: fix", "Ask a: write tests", "Ask broken"]
    command = found["Ask a: explain"]["command"]
    assert command["command"] == "dragoman.sendSelection"
    assert command["arguments"] == [
        {
            "agent": "a",
            "prompt": "Explain this code.",
            "textDocument": {"uri": uri},
            "range": between(0, 0, 1, 12),
        }
    ]
    assert found["Ask broken"].keys() == {"title", "disabled"}
    assert found["Ask broken"]["disabled"]["reason"].startswith("broken cannot be asked: ")


@pytest.mark.parametrize(
    ("only", "count"),
    [(None, 1), ([], 0), (["quickfix"], 0), (["refactor"], 0), (["source.organizeImports"], 0), ([""], 1)],
)
async def test_only_the_kinds_that_are_wanted(editor: Editor, only: list[str] | None, count: int) -> None:
    editor.open_agents(BROKEN)
    uri = editor.open("x.py", CODE, "python")
    assert len(await actions(editor, uri, (0, 0), (1, 12), only)) == count


async def test_without_a_selection_there_is_nothing_to_ask(editor: Editor) -> None:
    editor.open_agents(AGENT)
    uri = editor.open("x.py", CODE, "python")
    assert await actions(editor, uri, (0, 2), (0, 2)) == {}


async def test_an_editor_that_shows_no_disabled_actions(older: Editor) -> None:
    older.open_agents(BROKEN)
    uri = older.open("x.py", CODE, "python")
    found = await actions(older, uri, (0, 0), (1, 12))
    assert list(found) == ["Ask broken (not possible)"]
    assert found["Ask broken (not possible)"]["command"]["command"] == "dragoman.sendSelection"


async def test_prompts_of_the_settings(older: Editor) -> None:
    older.open_agents(AGENT, {**AGENT, "name": "b"})
    uri = older.open("x.py", CODE, "python")
    found = await actions(older, uri, (0, 0), (1, 12))
    assert list(found) == ["Ask a", "Ask a: shout", "Ask b", "Ask b: shout", "Ask b: b only"]
