"""`schemas/protocol.schema.json` tells of nothing that no server sends: a session in which everything happens once.

That the server sends nothing else is seen to by the clients of `lsp_session.py` and `raw_client.py`, in every test.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
import pytest_asyncio

from desk import EVERYTHING, Desk
from http_agent import JSON, HttpAgent, Reply
from live_document import LiveDocument
from lsp_session import Editor, Json, between, start
from protocol_schema import CLIENT_REQUESTS, COMMANDS, GROUPS, SCHEMA, SERVER_MESSAGES, Part, Schema

pytestmark = pytest.mark.asyncio(loop_scope="module")

PROVIDER = {
    "request": {"body": {"ask": "$content", "thread": "$thread"}},
    "response": {
        "text": "$.text",
        "replace": "$.instead",
        "reasoning": "$.thought",
        "followUps": "$.next",
        "sources": {"path": "$.books[*]", "title": "$.title", "uri": "$.link", "excerpt": "$.words"},
        "usage": {"input": "$.in", "output": "$.out", "total": "$.all", "cost": "$.price", "currency": "$.money"},
        "conversation": {"thread": "$.thread"},
    },
}
LINES = [
    {"thread": "t-1", "thought": "Well."},
    {"text": "He"},
    {"instead": "So:"},
    {"text": " yes."},
    {"books": [{"title": "Guide", "link": "https://example.org/guide", "words": "Yes."}]},
    {"next": "Why?"},
    {"in": 3, "out": 2, "all": 5, "price": 0.25, "money": "EUR"},
]
STREAM = "".join(f"{json.dumps(line)}\n" for line in LINES)
ANSWER = Reply(STREAM.encode(), headers={"Content-Type": "application/x-ndjson"})
BUSY = Reply(json.dumps({"error": {"message": "Later."}}).encode(), 429, {**JSON, "Retry-After": "90"})
SHORTLY = Reply(b"", 503, {"Retry-After": "0"})


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def parts(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[list[Part]]:
    """Everything of our extension that the server has sent."""
    folder = tmp_path_factory.mktemp("everything")
    definition = folder / "workspace/.agents/providers/library.json"
    definition.parent.mkdir(parents=True)
    definition.write_text(json.dumps(PROVIDER))
    with HttpAgent(ANSWER, ANSWER, SHORTLY, ANSWER, ANSWER, BUSY, BUSY, ANSWER, ANSWER) as http:
        async with start(folder, EVERYTHING) as editor:
            await everything(editor, http.url)
            yield editor.watch.parts


async def everything(editor: Editor, url: str) -> None:
    """Each request and each command once, and each kind of answer."""
    desk = Desk(editor)
    agent = {"name": "a", "url": url, "provider": "library", "icon": "https://example.org/a.png"}
    wishes = {"connector": {"responseAction": "Flow"}}
    editor.open_agents(agent, {**agent, "name": "b", **wishes}, {"name": "c", "url": "ftp://h/"})
    await editor.agents()
    code = editor.open("x.py", "one\n", "python")
    selected = {"textDocument": {"uri": code}, "range": between(0, 0, 0, 3)}
    asked = {"agent": "a", "prompt": "1", "context": [{"kind": "selection", **selected}]}
    await editor.ask("dragoman/preview", asked)
    await editor.ask("dragoman/preview", {**asked, "agent": "c"})

    first = await editor.ask("dragoman/prompt", asked)
    same = {"conversationId": first["conversationId"]}
    await editor.prompt("b", "2", **same)
    await editor.prompt("a", "3", **same)
    await editor.ask("dragoman/retry", {"turnId": first["turnId"], "partialResultToken": "again"})
    await editor.prompt("a", "4", **same)
    await editor.ask("dragoman/stop", {"turnId": first["turnId"]})

    listed = await editor.ask("dragoman/conversations", {"query": "1"})
    await editor.ask("dragoman/conversation", same)
    await editor.ask("dragoman/renameConversation", {**same, "title": "T"})
    await editor.ask("dragoman/exportConversation", {**same, "format": "json"})
    assert [item["conversationId"] for item in listed["items"]] == [first["conversationId"]]

    await end_of(editor, await editor.command("dragoman.retry", {"turnId": first["turnId"]}))
    editor.replies = ["a", "5"]
    await end_of(editor, await editor.command("dragoman.chat", {}))
    await end_of(editor, await editor.command("dragoman.sendSelection", {"agent": "a", **selected}))
    await editor.command("dragoman.newChat", {})
    await editor.command("dragoman.showConversation", same)
    document = LiveDocument(editor, "x.chat.md", "---\nagent: a\n---\n\n6\n")
    await editor.command("dragoman.send", {"textDocument": {"uri": document.uri}})
    await document.until("conversation:")
    await editor.command("dragoman.stop", {})
    await editor.command("dragoman.applyFix", {"agent": "a", "title": "none"})
    await editor.command("dragoman.openPage", {"page": "https://example.org/"})
    await editor.command("dragoman.showLog", {})
    await editor.command("dragoman.trust", {"agent": "a", "allow": False})
    await editor.ask("dragoman/conversations", {"limit": 1})
    await editor.ask("dragoman/apply", {"turnId": first["turnId"], "target": "newFile"})
    await editor.command("dragoman.apply", {"turnId": first["turnId"], "target": "newFile"})
    await every_surface(desk, agent)
    await editor.ask("dragoman/deleteConversation", same)


async def every_surface(desk: Desk, agent: Json) -> None:
    """What is shown when answers go to each of them."""
    wishes = {"input": "TextChunk", "webview": "WebView", "clipboard": "OnPaste", "diff": "StreamDiff"}
    actions = ("TextChunk", "WebView")
    for surface, wish in wishes.items():
        key = "responseAction" if wish in actions else "interactive"
        desk.editor.open_agents({**agent, "name": surface, key: wish}, name=f"{surface}.agents.json")
        await desk.editor.command("dragoman.sendSelection", {"agent": surface, **selected(desk.editor)})
        await desk.editor.until(lambda surface=surface: desk.on(surface))
    desk.editor.open_agents({**agent, "name": "flow", "responseAction": "Flow"}, name="flow.agents.json")
    await desk.editor.command("dragoman.sendSelection", {"agent": "flow", **selected(desk.editor)})
    await desk.editor.until(lambda: [one for one in desk.on("chatPanel") if "data" in one])


def selected(editor: Editor) -> Json:
    return {"textDocument": {"uri": editor.uri("x.py")}, "range": between(0, 0, 0, 3)}


async def end_of(editor: Editor, begun: Json) -> None:
    await editor.until(lambda: any(event["kind"] == "end" for event in editor.turn_events(begun["turnId"])))


async def test_every_field_was_sent(parts: list[Part]) -> None:
    sent = {name for schema, value in parts for name in used(schema, value)}
    told = {name for schema in from_server() for name in named(schema)}
    assert sorted(told - sent) == []


def from_server() -> Iterator[Schema]:
    """The schemas of all that a server sends."""
    yield GROUPS["capabilities"]["properties"]["server"]
    for method in SERVER_MESSAGES.values():
        yield method["properties"]["params"]
    for method in CLIENT_REQUESTS.values():
        yield from (part for name, part in method["properties"].items() if name != "params")
    for command in COMMANDS.values():
        yield command["properties"]["result"]


def named(schema: Schema, where: str = "") -> Iterator[str]:
    """Each field that the schema names, as `TurnResult.usage`, and each kind of an event, as `TurnEvent text`."""
    schema, where = followed(schema, where)
    for name, part in schema.get("properties", {}).items():
        yield f"{where}.{name}"
        yield from named(part, f"{where}.{name}")
    for branch in schema.get("oneOf", ()):
        yield from named(branch, branch_name(branch, where))
    yield from named(schema["items"], where) if "items" in schema else ()


def used(schema: Schema | bool, value: Any, where: str = "") -> Iterator[str]:
    """Those of them that a value has."""
    if isinstance(schema, bool):
        return
    schema, where = followed(schema, where)
    if isinstance(value, list):
        for item in value:
            yield from used(schema.get("items", True), item, where)
    if isinstance(value, dict):
        for name, part in schema.get("properties", {}).items():
            if name in value:
                yield f"{where}.{name}"
                yield from used(part, value[name], f"{where}.{name}")
        for branch in schema.get("oneOf", ()):
            if fits(followed(branch, "")[0], value):
                yield from used(branch, value, branch_name(branch, where))


def followed(schema: Schema, where: str) -> tuple[Schema, str]:
    """What a `$ref` leads to, and its name; together with what stands beside it."""
    if "$ref" not in schema:
        return schema, where
    name = schema["$ref"].removeprefix("#/$defs/")
    found = SCHEMA["$defs"][name]
    own = schema.get("properties", {})
    return {**found, **schema, "properties": {**found.get("properties", {}), **own}}, where if own else name


def branch_name(branch: Schema, where: str) -> str:
    return f"{where} {branch.get('properties', {}).get('kind', {}).get('const', '')}"


def fits(branch: Schema, value: Json) -> bool:
    constants = {name: part["const"] for name, part in branch["properties"].items() if "const" in part}
    return all(name in value and value[name] == constants.get(name, value[name]) for name in branch["required"])
