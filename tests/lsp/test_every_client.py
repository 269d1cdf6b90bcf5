"""Every feature as every client gets it: what it can show or apply, and nothing else."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import pytest
import pytest_asyncio
from lsprotocol import types

from lsp_clients import start_as
from lsp_session import Editor, Json, between

pytestmark = pytest.mark.asyncio(loop_scope="module")

CLIENTS = {
    "nothing": "a client that can do nothing",
    "VS Code": "vscode-1.139",
    "Neovim": "neovim-0.11.4",
    "Eglot": "eglot-1.9",
    "Kate": "kate-22.12",
    "ALE": "ale-3.3.0",
}
TABLE = """
              | nothing | VS Code               | Neovim            | Eglot           | Kate           | ALE
characters    | utf-16  | utf-16                | utf-8             | utf-16          | utf-16         | utf-16
diagnostics   | pushed  | pulled linked related | pushed related    | pushed          | pushed related | pushed related
completion    | plain   | snippets              | snippets markdown | plain           | plain          | plain
resolved      | never   | markdown              | never             | never           | never          | never
hover         | plain   | markdown              | markdown          | plain           | markdown       | plain
quick fix     | none    | versioned first       | versioned first   | versioned first | edit           | edit
all fixes     | none    | versioned             | versioned         | versioned       | edit           | edit
rewriting     | none    | versioned files       | versioned files   | versioned files | none           | none
asking        | command | disabled              | action            | action          | action         | action
rename        | edit    | versioned             | versioned         | versioned       | edit           | edit
symbols       | flat    | tree                  | tree              | tree            | tree           | flat
links         | bare    | explained             | bare              | bare            | bare           | bare
lenses        | newChat | chat                  | chat              | chat            | newChat        | newChat
watched files | none    | watched               | none              | watched         | none           | none
"""
TEXT = """// The agents
[
  {
    "name": "ä😀", "url": "https://h.example/", "provider": "coze", "responseAction": "stream",
    "parameters": {"bot_id": "7"}
  },
  {"name": "b", "url": "http://h/", "responseAction": "Flow", "flow": {"next": "ä😀"}},
  {"name": "b", "url": "ftp://h/"}
]
"""
NEXT_FOLDER = '{"name": "of the other folder", "url": "http://h/"}'


def cells() -> dict[tuple[str, str], str]:
    """(feature, client) → what it gets."""
    head, *rows = ([cell.strip() for cell in line.split("|")] for line in TABLE.strip("\n").split("\n"))
    return {(row[0], client): cell for row in rows for client, cell in zip(head[1:], row[1:], strict=True)}


class Asking:
    """What one client is told of `TEXT`, in the words of `TABLE`."""

    def __init__(self, editor: Editor) -> None:
        self.editor = editor
        self.uri = editor.open("agents.json", TEXT)
        self.characters = str(editor.initialized_with.capabilities.position_encoding)
        later = [one for told in editor.sent(types.CLIENT_REGISTER_CAPABILITY) for one in told["registrations"]]
        self.later = {one["method"]: one["registerOptions"] for one in later}

    async def ask(self, method: str, **params: object) -> Any:
        kind = types.METHOD_TO_TYPES[method][2]
        assert kind is not None
        plain = {"textDocument": {"uri": self.uri}, **params}
        return await self.editor.ask(method, self.editor.structured(plain, kind))

    def at(self, word: str, skip: int = 1) -> Json:
        """The place `skip` characters into the first `word`, as this client counts."""
        line, _, column = (TEXT.partition(word)[0] + word[:skip]).rpartition("\n")
        units = {"utf-8": len(column.encode()), "utf-16": len(column.encode("utf-16-le")) // 2}
        return {"line": line.count("\n") + 1, "character": units[self.characters]}

    def around(self, word: str) -> Json:
        return {"start": self.at(word, 0), "end": self.at(word, len(word))}

    def word(self, range_: Json) -> str:
        """What stands in a range within one line."""
        codec, width = {"utf-8": ("utf-8", 1), "utf-16": ("utf-16-le", 2)}[self.characters]
        start, end = range_["start"], range_["end"]
        line = TEXT.split("\n")[start["line"]].encode(codec)
        return line[start["character"] * width : end["character"] * width].decode(codec)

    async def action(self, kind: str, place: Json) -> Json | None:
        """The first code action of a kind."""
        context = {"diagnostics": [], "only": [kind]}
        return next(iter(await self.ask(types.TEXT_DOCUMENT_CODE_ACTION, range=place, context=context) or []), None)


async def characters(client: Asking) -> str:
    place = (await client.ask(types.TEXT_DOCUMENT_PREPARE_RENAME, position=client.at('"ä😀"', 2)))["range"]
    assert place == client.around("ä😀")
    return client.characters


async def diagnostics(client: Asking) -> str:
    pulls = types.TEXT_DOCUMENT_DIAGNOSTIC in client.later
    report = await client.ask(types.TEXT_DOCUMENT_DIAGNOSTIC) if pulls else {}
    found = report["items"] if pulls else await client.editor.diagnostics_of(client.uri)
    assert next(one["range"] for one in found if one["code"] == "enum-case") == client.around('"stream"')
    keys = {key for one in found for key in one}
    words = {"codeDescription": "linked", "relatedInformation": "related"}
    return " ".join(["pulled" if pulls else "pushed", *(word for key, word in words.items() if key in keys)])


async def completion(client: Asking) -> str:
    found = (await client.ask(types.TEXT_DOCUMENT_COMPLETION, position=client.at("{", 1)))["items"]
    return " ".join(["snippets"] * any(item["insertTextFormat"] == 2 for item in found) + described(found))


async def resolved(client: Asking) -> str:
    if not client.later.get(types.TEXT_DOCUMENT_COMPLETION, {}).get("resolveProvider"):
        return "never"
    found = (await client.ask(types.TEXT_DOCUMENT_COMPLETION, position=client.at("{", 1)))["items"]
    item = client.editor.structured(found[0], types.CompletionItem)
    return " ".join(described([await client.editor.ask(types.COMPLETION_ITEM_RESOLVE, item)]))


def described(items: list[Json]) -> list[str]:
    given = [item["documentation"] for item in items if item.get("documentation")]
    return sorted({one["kind"] if isinstance(one, dict) else "plain" for one in given})


async def hover(client: Asking) -> str:
    found = await client.ask(types.TEXT_DOCUMENT_HOVER, position=client.at('"provider"'))
    return found["contents"]["kind"].removesuffix("text")


async def quick_fix(client: Asking) -> str:
    return action_in_words(await client.action("quickfix", client.around('"stream"')))


async def all_fixes(client: Asking) -> str:
    return action_in_words(await client.action("source.fixAll", client.around('"stream"')))


async def rewriting(client: Asking) -> str:
    return action_in_words(await client.action("refactor.rewrite", client.around('"ä😀"')))


def action_in_words(action: Json | None) -> str:
    if action is None:
        return "none"
    creates = "'kind': 'create'" in str(action["edit"])
    return " ".join([edit_in_words(action["edit"])] + ["files"] * creates + ["first"] * ("isPreferred" in action))


def edit_in_words(edit: Json) -> str:
    (kind,) = edit
    return {"changes": "edit", "documentChanges": "versioned"}[kind]


async def asking(client: Asking) -> str:
    """An agent that has a mistake, about a selection."""
    context = {"diagnostics": []}
    found = await client.ask(types.TEXT_DOCUMENT_CODE_ACTION, range=client.around('"stream"'), context=context)
    first = next(one for one in found if one["title"].startswith("Ask ä😀"))
    is_command = isinstance(first.get("command"), str)
    return "disabled" if "disabled" in first else "command" if is_command else "action"


async def rename(client: Asking) -> str:
    edit = await client.ask(types.TEXT_DOCUMENT_RENAME, position=client.at('"ä😀"', 2), newName="x")
    return edit_in_words(edit)


async def symbols(client: Asking) -> str:
    found = await client.ask(types.TEXT_DOCUMENT_DOCUMENT_SYMBOL)
    assert [one["name"] for one in found] == ["ä😀", "b", "b"]
    return "tree" if "children" in found[0] else "flat"


async def links(client: Asking) -> str:
    return "explained" if "tooltip" in str(await client.ask(types.TEXT_DOCUMENT_DOCUMENT_LINK)) else "bare"


async def lenses(client: Asking) -> str:
    found = await client.ask(types.TEXT_DOCUMENT_CODE_LENS)
    return next(one["command"]["command"] for one in found if one["command"]["title"] == "Chat").split(".")[1]


async def watched_files(client: Asking) -> str:
    options = client.later.get(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    return "watched" if options and {"globPattern": "**/agents.json"} in options["watchers"] else "none"


TOLD_APART = {
    "characters": characters,
    "diagnostics": diagnostics,
    "completion": completion,
    "resolved": resolved,
    "hover": hover,
    "quick fix": quick_fix,
    "all fixes": all_fixes,
    "rewriting": rewriting,
    "asking": asking,
    "rename": rename,
    "symbols": symbols,
    "links": links,
    "lenses": lenses,
    "watched files": watched_files,
}


async def references(client: Asking) -> object:
    context = {"includeDeclaration": True}
    found = await client.ask(types.TEXT_DOCUMENT_REFERENCES, position=client.at('"ä😀"', 2), context=context)
    return [client.word(one["range"]) for one in found]


async def definition(client: Asking) -> object:
    found = await client.ask(types.TEXT_DOCUMENT_DEFINITION, position=client.at('ä😀"}}', 1))
    return client.word(found["range"]), found["range"]["start"]["line"]


async def highlights(client: Asking) -> object:
    found = await client.ask(types.TEXT_DOCUMENT_DOCUMENT_HIGHLIGHT, position=client.at('"ä😀"', 2))
    return [(client.word(one["range"]), one["kind"]) for one in found]


async def workspace_symbols(client: Asking) -> object:
    found = await client.editor.ask(types.WORKSPACE_SYMBOL, types.WorkspaceSymbolParams("ä"))
    return [(one["name"], client.word(one["location"]["range"])) for one in found]


async def folding(client: Asking) -> object:
    return [(one["startLine"], one["endLine"]) for one in await client.ask(types.TEXT_DOCUMENT_FOLDING_RANGE)]


async def selection(client: Asking) -> object:
    (found,) = await client.ask(types.TEXT_DOCUMENT_SELECTION_RANGE, positions=[client.at("stream", 2)])
    return [client.word(one["range"]) for one in (found, found["parent"], found["parent"]["parent"])]


async def formatting(client: Asking) -> object:
    options = {"tabSize": 4, "insertSpaces": True}
    whole = await client.ask(types.TEXT_DOCUMENT_FORMATTING, options=options)
    part = await client.ask(types.TEXT_DOCUMENT_RANGE_FORMATTING, options=options, range=client.around(', "provider"'))
    return [client.word(one["range"]) for one in part if one in whole], [one["newText"] for one in part]


async def hints(client: Asking) -> object:
    found = await client.ask(types.TEXT_DOCUMENT_INLAY_HINT, range=between(0, 0, 99, 0))
    return [one["label"] for one in found if one["position"] == client.at('"ä😀"', 4)]


async def tokens(client: Asking) -> object:
    """The columns and lengths of the first four, of the whole file and of the first agent."""
    whole = await client.ask(types.TEXT_DOCUMENT_SEMANTIC_TOKENS_FULL)
    part = await client.ask(types.TEXT_DOCUMENT_SEMANTIC_TOKENS_RANGE, range=client.around('"ä😀"'))
    first = client.around("ä😀")
    length = first["end"]["character"] - first["start"]["character"]
    return whole["data"][:3] == [3, first["start"]["character"], length], part["data"] == whole["data"][:15]


async def several_folders(client: Asking) -> object:
    other = client.editor.folder.with_name("other folder")
    other.mkdir()
    (other / "agents.json").write_text('{"name": "of the other", "url": "http://h/"}')
    event = types.WorkspaceFoldersChangeEvent([types.WorkspaceFolder(other.as_uri(), "other")], [])
    client.editor.workspace_did_change_workspace_folders(types.DidChangeWorkspaceFoldersParams(event))
    found = await client.editor.ask(types.WORKSPACE_SYMBOL, types.WorkspaceSymbolParams("other"))
    return [one["name"] for one in found]


ALIKE = {
    references: ["ä😀", "ä😀"],
    definition: ('"ä😀"', 3),
    highlights: [("ä😀", 3), ("ä😀", 2)],
    workspace_symbols: [("ä😀", '"ä😀"')],
    folding: [(1, 7), (2, 4)],
    selection: ["stream", '"stream"', '"responseAction": "stream"'],
    formatting: ([" "], ["\n        "]),
    hints: ["ChatPanel, 10/60/120 s"],
    tokens: (True, True),
    several_folders: ["of the other"],
}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def clients(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[dict[str, Asking]]:
    async with AsyncExitStack() as stack:
        editors = {
            client: await stack.enter_async_context(start_as(recorded, tmp_path_factory.mktemp("client")))
            for client, recorded in CLIENTS.items()
        }
        for editor in editors.values():
            await editor.agents()
        yield {client: Asking(editor) for client, editor in editors.items()}


@pytest.mark.parametrize("feature", TOLD_APART)
async def test_each_client_gets_what_it_can_take(clients: dict[str, Asking], feature: str) -> None:
    got = {client: await TOLD_APART[feature](asking) for client, asking in clients.items()}
    assert got == {client: cell for (row, client), cell in cells().items() if row == feature}


@pytest.mark.parametrize(("feature", "expected"), ALIKE.items(), ids=lambda value: getattr(value, "__name__", ""))
async def test_all_clients_get_the_same(clients: dict[str, Asking], feature: Any, expected: object) -> None:
    got = {client: await feature(asking) for client, asking in clients.items()}
    assert got == dict.fromkeys(clients, expected)
