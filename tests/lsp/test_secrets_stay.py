"""No secret gets out: not in a message of the server, not in its log at its loudest, not on the disk."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from lsprotocol import types

from http_agent import JSON, HttpAgent, Reply
from lsp_session import Editor, able, between, start

PLAIN, FROM_ENVIRONMENT = "sesame-plain-8f1b", "sesame-env-52c7"
QUESTION, ANSWER = "a question of 77 words", "an answer of 78 words"
ECHO = json.dumps({"error": {"message": f"bad: Bearer {PLAIN}, {FROM_ENVIRONMENT}"}}).encode()
REPLIES = {
    "an error body": Reply(ECHO, 401, JSON),
    "an error in the stream": Reply(b"event: error\ndata: " + ECHO + b"\n\n"),
    "an answer without a match": Reply(ECHO.replace(b"error", b"answer"), headers=JSON),
    "a page": Reply(
        b"<title>" + PLAIN.encode() + FROM_ENVIRONMENT.encode() + b"</title>", 500, {"Content-Type": "text/html"}
    ),
    "a header": Reply(b"", 302, {"Location": f"http://127.0.0.1:1/{PLAIN}?{FROM_ENVIRONMENT}"}),
    "no HTTP": Reply(raw=f"{PLAIN} {FROM_ENVIRONMENT}\r\n\r\n".encode()),
}


@pytest.mark.parametrize("capabilities", [able(), able(extension=None)], ids=["events", "messages"])
async def test_secrets(tmp_path: Path, capabilities: types.ClientCapabilities) -> None:
    async with start(tmp_path, capabilities, environment={"DRAGOMAN_TEST_TOKEN": FROM_ENVIRONMENT}) as editor:
        for name, reply in REPLIES.items():
            with HttpAgent(reply) as http:
                await exercise(editor, http, name)
                # What must not get out has really been sent.
                assert http.requests[0].headers["authorization"] == f"Bearer {PLAIN}"
                assert http.requests[0].headers["x-key"] == FROM_ENVIRONMENT
    sent = json.dumps(editor.received)
    log = editor.log.read_text()
    assert "401" in sent
    for secret in (PLAIN, FROM_ENVIRONMENT):
        assert secret not in sent
        assert secret not in log
    for file in tmp_path.joinpath("cache").rglob("*"):
        assert PLAIN not in file.read_text()
    kept = tmp_path.joinpath("data/dragoman/history.sqlite3").read_bytes()
    for secret in (PLAIN, FROM_ENVIRONMENT):
        assert secret.encode() not in kept


async def exercise(editor: Editor, http: HttpAgent, name: str) -> None:
    """Everything that an editor asks for."""
    request_format = json.dumps({"customHeaders": {"X-Key": "${env:DRAGOMAN_TEST_TOKEN}"}})
    connector = {"requestFormat": request_format, "responseFormat": "$.choices[0].text"}
    auth = {"type": "Bearer", "token": PLAIN}
    config = {"name": "a", "url": f"{http.url}?${{env:DRAGOMAN_TEST_TOKEN}}", "auth": auth, "connector": connector}
    uri = editor.open_agents(config, name=f"{name}.agents.json")
    await editor.diagnostics_of(uri)
    await editor.agents()
    document = types.TextDocumentIdentifier(uri)
    for line in range(14):
        position = types.Position(line, 15)
        await editor.text_document_hover_async(types.HoverParams(document, position))
        await editor.text_document_completion_async(types.CompletionParams(document, position))
    everything = types.Range(types.Position(0, 0), types.Position(99, 0))
    params = types.CodeActionParams(document, everything, types.CodeActionContext([]))
    await editor.ask(types.TEXT_DOCUMENT_CODE_ACTION, params)
    await editor.ask(types.TEXT_DOCUMENT_DOCUMENT_SYMBOL, types.DocumentSymbolParams(document))
    result = (await editor.prompt("a", "hi")).result
    assert result["stopReason"] == "error", name
    told = len(editor.messages)
    turn = await editor.command("dragoman.chat", {"agent": "a", "prompt": "hi"})
    ended = {"kind": "end"}.items()
    await editor.until(
        lambda: (
            len(editor.messages) > told or any(ended <= event.items() for event in editor.turn_events(turn["turnId"]))
        )
    )
    editor.close(uri)


async def test_what_was_asked_and_answered_is_not_logged(tmp_path: Path) -> None:
    async with start(tmp_path) as editor:
        with HttpAgent(
            Reply(f"data: {ANSWER}\n\n".encode()), Reply(f"data: {ANSWER}\n\n".encode(), end="abort")
        ) as http:
            uri = editor.open_agents({"name": "a", "url": http.url})
            assert (await editor.prompt("a", QUESTION)).text == ANSWER
            await editor.prompt("a", QUESTION, context=[{"kind": "file", "uri": uri, "range": between(0, 0, 9, 0)}])
    log = editor.log.read_text()
    assert QUESTION not in log
    assert ANSWER not in log
