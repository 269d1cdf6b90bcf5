"""Wherever a secret stands in an agent's description, and however the turn fails, it comes out nowhere."""

from __future__ import annotations

import base64
import itertools
import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from urllib.parse import quote

import pytest
import pytest_asyncio
from lsprotocol import types

from http_agent import JSON, HttpAgent, Reply
from lsp_session import Editor, Json, between, start

pytestmark = pytest.mark.asyncio(loop_scope="module")

MARK = "8f1b52c7"
SECRET = f"sesame/{MARK}+é=="
"""Written in another way in a URL and in JSON; its middle is the same in each."""
LOGIN = f"user:hidden-{MARK}"
BASIC = base64.b64encode(LOGIN.encode()).decode()
SECRET_TOKEN = f"sesame/{MARK}+=="
INJECTED = f"{MARK}-first\r\nX-Injected: {MARK}"
HOST = f"host-{MARK}.invalid"
ENVIRONMENT = {
    "DRAGOMAN_SECRET": SECRET,
    "DRAGOMAN_TOKEN": SECRET_TOKEN,
    "DRAGOMAN_LOGIN": LOGIN,
    "DRAGOMAN_LINES": INJECTED,
    "DRAGOMAN_HOST": HOST,
}
REFERENCE, TOKEN, USER = "${env:DRAGOMAN_SECRET}", "${env:DRAGOMAN_TOKEN}", "${env:DRAGOMAN_LOGIN}"

PLAIN = f"plain-{MARK}-token"


def template(**fields: object) -> Json:
    return {"connector": {"requestFormat": json.dumps(fields), "responseFormat": "$.choices[0].text"}}


PLACES: dict[str, tuple[str, Callable[[str], Json]]] = {
    "token": (PLAIN, lambda url: {"url": url, "auth": {"type": "Bearer", "token": PLAIN}}),
    "token of the environment": (SECRET_TOKEN, lambda url: {"url": url, "auth": {"type": "ApiKey", "token": TOKEN}}),
    "key header": (PLAIN, lambda url: {"url": url, "auth": {"type": "ApiKey", "header": "X-My", "token": PLAIN}}),
    "basic": (LOGIN, lambda url: {"url": url, "auth": {"type": "Basic", "token": LOGIN}}),
    "basic of the environment": (LOGIN, lambda url: {"url": url, "auth": {"type": "Basic", "token": USER}}),
    "query": (PLAIN, lambda url: {"url": f"{url}?api_key={PLAIN}"}),
    "query of the environment": (SECRET, lambda url: {"url": f"{url}?x={REFERENCE}"}),
    "path": (SECRET, lambda url: {"url": f"{url}/{REFERENCE}/x"}),
    "userinfo": (LOGIN, lambda url: {"url": url.replace("//", f"//{LOGIN}@")}),
    "userinfo of the environment": (LOGIN, lambda url: {"url": url.replace("//", f"//{USER}@")}),
    "header": (PLAIN, lambda url: {"url": url, **template(customHeaders={"X-Api-Key": PLAIN})}),
    "header of the environment": (
        SECRET_TOKEN,
        lambda url: {"url": url, **template(customHeaders={"X-Y": f"a {TOKEN}"})},
    ),
    "parameters": (SECRET, lambda url: {"url": url, "parameters": {"deep": {"x": REFERENCE}}}),
    "custom fields": (SECRET, lambda url: {"url": url, **template(customFields={"x": [REFERENCE]})}),
    "fields": (SECRET, lambda url: {"url": url, **template(fields={"q": "$content", "x": REFERENCE})}),
}
"""What the agent gets to know, and how its description says so."""


def failures(secret: str) -> dict[str, Reply]:
    """Each tells the secret back, in every way of writing."""
    encoded = base64.b64encode(secret.encode()).decode() if secret == LOGIN else ""
    in_path = quote(secret, safe="/:@!$&'()*+,;=")
    ways = (secret, quote(secret, safe=""), json.dumps(secret), in_path, encoded, secret.removeprefix("user:"))
    told = f"You sent {' '.join(ways)}."
    echo = json.dumps({"error": {"message": told}}).encode()
    elsewhere = f"http://127.0.0.1:1/{quote(secret)}?{quote(secret)}#{quote(secret, safe='')}"
    answer = {"answer": {told: told, "said": told}, "n": [told, told]}
    return {
        "401": Reply(echo, 401, JSON),
        "402": Reply(told.encode(), 402, {"Content-Type": "text/plain; charset=utf-8"}),
        "404": Reply(echo, 404, JSON),
        "a page": Reply(f"<title>{told}</title><body>{told}</body>".encode(), 500, {"Content-Type": "text/html"}),
        "a redirect": Reply(b"", 302, {"Location": elsewhere}),
        "a redirect that keeps the method": Reply(b"", 307, {"Location": elsewhere}),
        "no match": Reply(json.dumps(answer).encode(), headers=JSON),
        "a long one without match": Reply(json.dumps({"n": [told] * 200}).encode(), headers=JSON),
        "no match in a stream": Reply(f"data: {json.dumps({'said': told})}\n\n".encode() * 3),
        "an error in a stream": Reply(b"event: error\ndata: " + echo + b"\n\n"),
        "an error marked": Reply(f"data: [ERROR] {told}\n\n".encode()),
        "no JSON": Reply(f'{{"a": {told}'.encode(), headers=JSON),
        "no HTTP": Reply(raw=f"{told}\r\n\r\n".encode()),
        "a broken header": Reply(raw=f"HTTP/1.1 200 {told}\r\n{told}\r\n\r\n".encode()),
        "a reset": Reply(echo[:-1], headers=JSON, end="abort"),
    }


NEVER_SENT = {
    "a line end in a header": {"auth": {"type": "Bearer", "token": "${env:DRAGOMAN_LINES}"}},
    "a line end in a header of its own": template(customHeaders={"X-Y": "${env:DRAGOMAN_LINES}"}),
    "a host that is none": {"url": "http://${env:DRAGOMAN_HOST}/"},
    "an address that is none": {"url": "http://${env:DRAGOMAN_SECRET}:x/"},
    "another scheme": {"url": "${env:DRAGOMAN_SECRET}://h/"},
    "a port that is closed": {"url": f"http://{LOGIN}@127.0.0.1:1/?key={PLAIN}"},
    "a variable that is not set": {"auth": {"type": "Bearer", "token": f"{PLAIN}${{env:NOT_SET_ANYWHERE}}"}},
    "a keyring that is not there": {"auth": {"type": "Bearer", "token": f"{PLAIN}${{keyring:a/b}}"}},
}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def swept(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Editor]:
    async with start(tmp_path_factory.mktemp("sweep"), environment=ENVIRONMENT) as editor:
        editor.set_trace(types.SetTraceParams(types.TraceValue.Verbose))
        yield editor


@pytest_asyncio.fixture(loop_scope="module")
async def editor(swept: Editor) -> AsyncIterator[Editor]:
    yield swept
    await swept.tidy_up()


@pytest.mark.parametrize("place", PLACES)
async def test_no_failure_shows_it(editor: Editor, place: str) -> None:
    secret, config = PLACES[place]
    connector = {"responseFormat": "$.choices[0].text"}
    for failure, reply in failures(secret).items():
        with HttpAgent(reply) as http:
            uri = editor.open_agents({"name": "a", "connector": connector, **config(http.url)}, name="a.agents.json")
            result = (await editor.prompt("a", f"{place}: {failure}")).result
            assert result["stopReason"] == "error", (failure, result)
            assert MARK in shown(http), "what must not get out was not sent at all"
            await look_around(editor, uri)
            if failure == "404":
                await look_at_all(editor, uri)
            check_messages(editor)
            editor.close(uri)
    await nowhere(editor)


@pytest.mark.parametrize("failure", NEVER_SENT)
async def test_what_cannot_be_sent_does_not_show_it(editor: Editor, failure: str) -> None:
    uri = editor.open_agents({"name": "a", "url": "http://127.0.0.1:1/", **NEVER_SENT[failure]}, name="n.agents.json")
    assert (await editor.prompt("a", failure)).result["stopReason"] == "error"
    await look_around(editor, uri)
    await nowhere(editor)


async def test_an_answer_that_repeats_it_is_kept_without(editor: Editor) -> None:
    told = f"{SECRET} {PLAIN} {LOGIN} {BASIC}"
    with HttpAgent(Reply(f"data: {told}\n\n".encode())) as http:
        auth = {"type": "Basic", "token": LOGIN}
        editor.open_agents({"name": "a", "url": f"{http.url}?x={REFERENCE}&key={PLAIN}", "auth": auth})
        answer = await editor.prompt("a", f"is it {PLAIN}?")
        assert MARK in answer.text, "answers pass unchanged"
        editor.received.clear()
    await nowhere(editor)


def shown(http: HttpAgent) -> str:
    """What the agent was sent, with what hides in base64."""
    asked = http.requests[0]
    login = asked.headers.get("authorization", "")
    hidden = base64.b64decode(login.removeprefix("Basic ")).decode() if login.startswith("Basic ") else ""
    return f"{asked.target} {asked.headers} {asked.body!r} {hidden}"


async def look_around(editor: Editor, uri: str) -> None:
    """All that an editor asks for after a failure."""
    found = await editor.diagnostics_of(uri)
    params = {"textDocument": {"uri": uri}, "range": between(0, 0, 99, 0), "context": {"diagnostics": found}}
    await editor.ask(types.TEXT_DOCUMENT_CODE_ACTION, editor.structured(params, types.CodeActionParams))


async def look_at_all(editor: Editor, uri: str) -> None:
    """What it may ask for at any time."""
    document = types.TextDocumentIdentifier(uri)
    for line in range(3, 12):
        position = types.Position(line, 18)
        await editor.text_document_hover_async(types.HoverParams(document, position))
        await editor.text_document_completion_async(types.CompletionParams(document, position))
    await editor.ask(types.TEXT_DOCUMENT_DOCUMENT_SYMBOL, types.DocumentSymbolParams(document))
    await editor.agents()


async def nowhere(editor: Editor) -> None:
    """No trace of it in what the server has said, logged or kept."""
    for item in (await editor.ask("dragoman/conversations"))["items"]:
        conversation = {"conversationId": item["conversationId"]}
        await editor.ask("dragoman/conversation", conversation)
        for form in ("json", "markdown"):
            await editor.ask("dragoman/exportConversation", {**conversation, "format": form})
    await editor.command("dragoman.showLog")
    check_messages(editor)
    check_files(editor)


def check_messages(editor: Editor) -> None:
    for message in editor.received:
        assert_clean(json.dumps(message, ensure_ascii=False), f"{message.get('method', 'a response')}")


def check_files(editor: Editor) -> None:
    """The log, the history with its journal, exports, answers: every byte."""
    folders = (editor.cache_folder, editor.data_folder, editor.config_folder)
    for file in itertools.chain([editor.log], *(folder.rglob("*") for folder in folders)):
        if file.is_file():
            assert_clean(file.read_bytes().decode("utf-8", "replace"), Path(file).name)


def assert_clean(text: str, where: str) -> None:
    at = next((text.index(form) for form in (MARK, BASIC) if form in text), None)
    assert at is None, f"{where}: …{text[max(0, (at or 0) - 200) : (at or 0) + 60]}…"
