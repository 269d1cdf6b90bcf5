"""Providers that the user or the workspace defines: asked, checked, completed and explained like all others."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types

from http_agent import HttpAgent, Reply
from lsp_session import Editor, between, start

pytestmark = pytest.mark.asyncio(loop_scope="module")

EXAMPLE = (Path(__file__).parents[2] / "examples/provider.jsonc").read_text("utf-8")
LINES = {"Content-Type": "application/x-ndjson"}
SIMPLE = {"request": {"body": {"q": "$content"}}, "response": {"text": "$.t"}}
ANSWER = Reply(b'{"t": "So."}\n', headers=LINES)
BROKEN = json.dumps({**SIMPLE, "respones": {}})


def write(file: Path, text: str) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    later = file.stat().st_mtime_ns + 1_000_000_000 if file.exists() else None
    file.write_text(text)
    if later:
        os.utime(file, ns=(later, later))
    return file


def of_workspace(tmp_path: Path, name: str, definition: Any) -> Path:
    text = definition if isinstance(definition, str) else json.dumps(definition)
    return write(tmp_path / "workspace" / ".agents" / "providers" / f"{name}.jsonc", text)


def of_user(tmp_path: Path, name: str, definition: Any) -> Path:
    return write(tmp_path / "config" / "dragoman" / "providers" / f"{name}.json", json.dumps(definition))


def agent(url: str, provider: str = "mine", **more: Any) -> dict[str, Any]:
    return {"name": "a", "url": url, "provider": provider, **more}


def messages(editor: Editor, uri: str) -> list[str] | None:
    """What was said last of a document."""
    sent = [params for params in editor.sent(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS) if params["uri"] == uri]
    return [diagnostic["message"] for diagnostic in sent[-1]["diagnostics"]] if sent else None


def says(editor: Editor, uri: str, part: str) -> Callable[[], bool]:
    return lambda: any(part in message for message in messages(editor, uri) or [])


def says_nothing(editor: Editor, uri: str) -> Callable[[], bool]:
    return lambda: messages(editor, uri) == []


async def test_the_example_of_the_documentation(tmp_path: Path) -> None:
    of_workspace(tmp_path, "library", EXAMPLE)
    said = [
        {"thread": "t-1", "job": "j 1", "piece": "Sort "},
        {"piece": "it.", "books": [{"title": "Guide", "link": "https://example.org/guide"}]},
        {"done": True, "read": 12, "written": 3},
    ]
    lines = [json.dumps(line).encode() + b"\n" for line in said]
    answers = Reply(b"".join(lines), headers=LINES), Reply(lines[0], headers=LINES, end="hold"), Reply(b"{}")
    auth = {"type": "ApiKey", "token": "open-sesame"}
    with HttpAgent(*answers) as http:
        async with start(tmp_path) as editor:
            given = agent(f"{http.base}/ask", "library", auth=auth, system="Be kind.", parameters={"shelf": "history"})
            uri = editor.open_agents(given)
            assert [one["code"] for one in await editor.diagnostics_of(uri)] == ["plain-token"]
            answer = await editor.prompt("a", "How?", conversationId="c")
            token, result = editor.start_prompt("a", "And?", conversationId="c", turnId="t")
            await editor.until(lambda: any(event["kind"] == "text" for event in editor.events(token)))
            await editor.ask("dragoman/stop", {"turnId": "t"})
            assert (await result)["stopReason"] == "cancelled"
        # The end of the session waits for the call.
    first, second, stop = http.requests
    assert answer.text == "Sort it."
    assert answer.result["sources"] == [{"title": "Guide", "uri": "https://example.org/guide"}]
    assert answer.result["usage"] == {"input": 12, "output": 3}
    assert first.headers["x-library-key"] == "open-sesame"
    assert first.json == {"ask": "How?", "role": "Be kind.", "shelf": "history"}
    assert second.json == {"ask": "And?", "role": "Be kind.", "shelf": "history", "thread": "t-1"}
    assert (stop.method, stop.target, stop.headers["x-library-key"]) == ("DELETE", "/ask/j%201", "open-sesame")


async def test_what_is_checked_completed_and_explained_of_an_agent(tmp_path: Path) -> None:
    of_workspace(tmp_path, "library", EXAMPLE)
    async with start(tmp_path) as editor:
        await editor.agents()
        uri = editor.open_agents(agent("http://127.0.0.1/", "library", parameters={"shelf": 1, "book": 2}))
        told = [(one["code"], one["message"]) for one in await editor.diagnostics_of(uri)]
        assert told == [
            ("wrong-type", '"shelf" must be text in double quotes.'),
            ("unknown-key", 'Unknown key "book"; known here: shelf.'),
        ]
        text = '{"provider": "", "parameters": {}}'
        other = editor.open("other.agents.json", text)
        assert "library" in await labels(editor, other, text.index('""') + 1)
        text = '{"provider": "library", "parameters": {"shelf": ""}}'
        editor.change(other, text)
        assert await labels(editor, other, text.index('""') + 1) == {"history", "science"}
        assert "Our library's assistant" in await hover(editor, other, text.index("library"))
        assert "The shelf to look on." in await hover(editor, other, text.index("shelf"))


async def test_a_broken_definition_is_told_at_the_agents_and_in_its_own_file(tmp_path: Path) -> None:
    file = of_workspace(tmp_path, "mine", BROKEN)
    reason = 'The provider “mine” cannot be used: .agents/providers/mine.jsonc: Unknown key "respones".'
    with HttpAgent(ANSWER) as http:
        async with start(tmp_path) as editor:
            await editor.agents()
            uri = editor.open_agents(agent(http.url), {**agent(http.url, "custom"), "name": "b"})
            (told,) = await editor.diagnostics_of(uri)
            assert (told["code"], told["message"]) == ("unknown-provider", reason)
            failed = (await editor.prompt("a")).result["error"]
            assert (failed["code"], reason in failed["message"]) == ("config", True)
            assert failed["location"]["range"] == told["range"] or failed["location"]["uri"] == uri
            assert (await editor.agents())["b"]["state"] == "ok"

            definition = editor.open(file.as_uri(), BROKEN)
            (told,) = await editor.diagnostics_of(definition)
            at = BROKEN.index("respones")
            assert told["range"] == between(0, at, 0, at + len("respones"))
            assert (told["code"], told["message"]) == (
                "provider-definition",
                'Unknown key "respones". Did you mean "response"?',
            )
            editor.change(definition, json.dumps(SIMPLE))
            assert await editor.diagnostics_of(definition) == []
            await editor.until(says_nothing(editor, uri))
            assert (await editor.prompt("a", "hi")).text == "So."
            editor.close(definition)
            await editor.until(says(editor, uri, "respones"))
    assert http.requests[0].json == {"q": "hi"}


async def test_definitions_that_change_on_the_disk(tmp_path: Path) -> None:
    async with start(tmp_path) as editor:
        await editor.agents()
        uri = editor.open_agents(agent("http://127.0.0.1/"))
        await editor.until(says(editor, uri, "There is no provider"))

        def tell(file: Path, kind: types.FileChangeType) -> None:
            event = types.FileEvent(file.as_uri(), kind)
            editor.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams([event]))

        file = of_workspace(tmp_path, "mine", SIMPLE)
        tell(file, types.FileChangeType.Created)
        await editor.until(says_nothing(editor, uri))
        of_workspace(tmp_path, "mine", BROKEN)
        tell(file, types.FileChangeType.Changed)
        await editor.until(says(editor, uri, "respones"))
        file.unlink()
        tell(file, types.FileChangeType.Deleted)
        await editor.until(says(editor, uri, "There is no provider"))
        of_user(tmp_path, "mine", SIMPLE)
        assert (await editor.agents())["a"]["state"] == "ok"


async def test_the_users_agents_see_no_definition_of_a_workspace(tmp_path: Path) -> None:
    theirs = {**SIMPLE, "request": {"body": {"theirs": "$content"}}}
    mine = {**SIMPLE, "request": {"body": {"mine": "$content"}}}
    with HttpAgent(ANSWER) as http:
        for name in ("openai", "both", "theirs"):
            of_workspace(tmp_path, name, theirs)
        for name in ("both", "custom"):
            of_user(tmp_path, name, mine)
        providers = ("openai", "both", "theirs", "custom")
        agents = [{"name": f"user {name}", "url": http.url, "provider": name} for name in providers]
        write(tmp_path / "config" / "dragoman" / "agents.json", json.dumps(agents))
        async with start(tmp_path) as editor:
            await editor.agents()
            editor.open_agents(*({**one, "name": one["name"].replace("user", "workspace")} for one in agents))
            sent: dict[str, Any] = {}
            for one in [*(f"user {name}" for name in providers), *(f"workspace {name}" for name in providers)]:
                before = len(http.requests)
                result = (await editor.prompt(one, "hi")).result
                error = result.get("error", {}).get("message", "")
                sent[one] = next(iter(http.requests[-1].json)) if len(http.requests) > before else error
    assert "There is no provider" in sent.pop("user theirs")
    assert sent == {
        "user openai": "messages",
        "user both": "mine",
        "user custom": "mine",
        "workspace openai": "messages",
        "workspace both": "mine",
        "workspace theirs": "theirs",
        "workspace custom": "mine",
    }


@pytest.mark.parametrize("way", ["cancel request", "end of the session"])
async def test_other_ways_to_stop_tell_the_agent_too(tmp_path: Path, way: str) -> None:
    said = b'data: {"event": "message", "answer": "So", "task_id": "t-1"}\n\n'
    with HttpAgent(Reply(said, end="hold"), Reply(b"{}")) as http:
        async with start(tmp_path) as editor:
            await editor.agents()
            editor.open_agents(agent(f"{http.base}/v1/chat-messages", "dify"))
            params = {"agent": "a", "prompt": "hi", "partialResultToken": "p"}
            asked = editor.start_asking("dragoman/prompt", params, "the prompt")
            await editor.until(lambda: any(event["kind"] == "text" for event in editor.events("p")))
            if way == "cancel request":
                editor.cancel_request(types.CancelParams("the prompt"))
        assert [request.target for request in http.requests[1:]] == ["/v1/chat-messages/t-1/stop"]
        await asyncio.gather(asked, return_exceptions=True)


async def test_help_inside_a_definition(tmp_path: Path) -> None:
    text = '{"request": {"": 1, "stop": {"method": ""}}, "response": {}}'
    async with start(tmp_path) as editor:
        uri = editor.open(".agents/providers/mine.jsonc", text)
        assert {"body", "headers", "query"} <= await labels(editor, uri, text.index('""') + 1)
        assert await labels(editor, uri, text.rindex('""') + 1) == {"POST", "PUT", "DELETE"}
        assert "What the parts of an answer mean" in await hover(editor, uri, text.index("response"))
        symbols = types.DocumentSymbolParams(types.TextDocumentIdentifier(uri))
        assert not await editor.text_document_document_symbol_async(symbols)
        editor.change(uri, "")
        assert [one["code"] for one in await editor.diagnostics_of(uri)] == ["provider-definition"]
        editor.change(uri, '{"like": "opneai"}')
        (told,) = await editor.diagnostics_of(uri)
        assert told["message"].endswith('Did you mean "openai"?')
        assert await editor.agents() == {}


async def labels(editor: Editor, uri: str, character: int) -> set[str]:
    params = types.CompletionParams(types.TextDocumentIdentifier(uri), types.Position(0, character))
    found = await editor.text_document_completion_async(params)
    items = found.items if isinstance(found, types.CompletionList) else found or []
    return {item.label for item in items}


async def hover(editor: Editor, uri: str, character: int) -> str:
    params = types.HoverParams(types.TextDocumentIdentifier(uri), types.Position(0, character + 1))
    found = await editor.text_document_hover_async(params)
    return getattr(found.contents, "value", "") if found else ""
