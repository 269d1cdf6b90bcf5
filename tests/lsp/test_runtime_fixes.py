"""What would mend a failed turn: as quick-fixes in the agent's file, and as commands with the error."""

from __future__ import annotations

import json
from typing import Any

import pytest
from lsprotocol import types

from http_agent import JSON, HttpAgent, Reply
from lsp_session import BARE, Editor, Json, between, start

pytestmark = pytest.mark.asyncio(loop_scope="module")

AT = between(0, 0, 99, 0)
ANSWER = {"id": "x1", "data": {"model": "m", "reply": "The sky is blue."}}


def played(status: int, body: object = "", headers: Json = JSON) -> HttpAgent:
    return HttpAgent(Reply(json.dumps(body).encode(), status, headers))


async def offered(editor: Editor, uri: str) -> dict[str, Json]:
    """The quick-fixes for what the last turn has said."""
    diagnostics = [found for found in await editor.diagnostics_of(uri) if found["code"].startswith("runtime/")]
    params = {"textDocument": {"uri": uri}, "range": AT, "context": {"diagnostics": diagnostics, "only": ["quickfix"]}}
    actions = await editor.ask(types.TEXT_DOCUMENT_CODE_ACTION, editor.structured(params, types.CodeActionParams))
    return {action["title"]: action for action in actions if action.get("diagnostics")}


def applied(text: str, action: Json) -> Any:
    (change,) = action["edit"]["documentChanges"]
    assert change["textDocument"]["version"] == 1
    return json.loads(edited(text, change["edits"]))


def edited(text: str, edits: list[Json]) -> str:
    lines = text.splitlines(keepends=True)
    starts = [sum(map(len, lines[:number])) for number in range(len(lines) + 1)]
    for edit in sorted(edits, key=lambda edit: str(edit["range"]["start"]), reverse=True):
        begin, end = (starts[at["line"]] + at["character"] for at in (edit["range"]["start"], edit["range"]["end"]))
        text = text[:begin] + edit["newText"] + text[end:]
    return text


async def mended(editor: Editor, http: HttpAgent | str, title: str, **config: Any) -> Json:
    """The agent after its turn has failed and the fix of this title was chosen."""
    url = http if isinstance(http, str) else http.url
    agents = [{"name": "my docs", "url": url, **config}]
    uri = editor.open_agents(*agents)
    await editor.prompt("my docs")
    fixes = await offered(editor, uri)
    assert title in fixes, list(fixes)
    (agent,) = applied(json.dumps(agents, indent=2), fixes[title])
    return agent


async def test_401_takes_the_token_from_the_environment(editor: Editor) -> None:
    title = "Set the token: read it from the environment variable MY_DOCS_TOKEN"
    with played(401) as http:
        agent = await mended(editor, http, title, auth={"type": "Basic", "token": "u:p"})
        assert agent["auth"] == {"type": "Basic", "token": "${env:MY_DOCS_TOKEN}"}


async def test_401_adds_what_the_provider_wants(editor: Editor) -> None:
    title = "Set the token: read it from the environment variable ANTHROPIC_API_KEY"
    with played(401) as http:
        agent = await mended(editor, http, title, provider="anthropic", parameters={"model": "m"})
        assert agent["auth"] == {"type": "ApiKey", "token": "${env:ANTHROPIC_API_KEY}"}


async def test_401_has_no_fix_for_a_reference(editor: Editor) -> None:
    with played(401) as http:
        uri = editor.open_agents({"name": "a", "url": http.url, "auth": {"type": "Bearer", "token": "${env:HOME}"}})
        error = (await editor.prompt("a")).result["error"]
        assert "actions" not in error
        assert await offered(editor, uri) == {}


async def test_404_looks_for_the_path(editor: Editor) -> None:
    with played(404) as http:
        agent = await mended(editor, http.base, "Let url end with /v1/chat/completions")
        assert agent["url"] == f"{http.base}/v1/chat/completions"


async def test_no_match_offers_the_paths_that_would(editor: Editor) -> None:
    title = "Read the text from $.data.reply: “The sky is blue.”"
    with played(200, ANSWER) as http:
        agent = await mended(editor, http, title, connector={"responseFormat": "$.choices[0].text"})
        assert agent["connector"]["responseFormat"] == "$.data.reply"


async def test_no_match_of_a_stream_adds_up(editor: Editor) -> None:
    events = [
        {"type": "start", "id": "m"},
        {"type": "x", "token": {"text": "The "}},
        {"type": "x", "token": {"text": "sky"}},
    ]
    stream = "".join(f"data: {json.dumps(event)}\n\n" for event in events).encode()
    with HttpAgent(Reply(stream)) as http:
        agent = await mended(editor, http, "Read the text from $.token.text: “The sky”")
        assert agent["connector"] == {"responseFormat": "$.token.text"}


async def test_a_timeout_is_raised(editor: Editor) -> None:
    with HttpAgent(Reply(end="hold")) as http:
        agent = await mended(editor, http, "Raise defaultTimeout to 60 s", defaultTimeout=0.2)
        assert agent["defaultTimeout"] == 60


async def test_tls_where_there_is_none(editor: Editor) -> None:
    with played(200) as http:
        url = http.url.replace("http:", "https:")
        agent = await mended(editor, url, "Begin url with http://", defaultTimeout=0.3)
        assert agent["url"] == http.url


async def test_what_is_no_http_may_be_tls(editor: Editor) -> None:
    with HttpAgent(Reply(raw=b"\x15\x03\x01\x00\x02\x02\x16")) as http:
        agent = await mended(editor, http, "Begin url with https://")
        assert agent["url"] == http.url.replace("http:", "https:")


async def test_402_names_no_page_of_a_vendor_that_is_not_asked(editor: Editor) -> None:
    with played(402) as http:
        uri = editor.open_agents({"name": "a", "url": http.url, "provider": "openai", "parameters": {"model": "m"}})
        assert (await editor.prompt("a")).result["error"]["code"] == "usage_limit"
        assert await offered(editor, uri) == {}


@pytest.mark.parametrize(("status", "body"), [(403, ""), (429, ""), (500, ""), (200, {"n": 1})])
async def test_nothing_to_offer(editor: Editor, status: int, body: object) -> None:
    with played(status, body) as http:
        uri = editor.open_agents({"name": "a", "url": http.url, "connector": {"responseFormat": "$.x"}})
        actions = (await editor.prompt("a")).result["error"].get("actions", [])
        assert [action["title"] for action in actions] == (["Ask again"] if status in (429, 500) else [])
        assert await offered(editor, uri) == {}


async def test_asking_again_is_an_action(editor: Editor) -> None:
    with HttpAgent(Reply(b"", 500), Reply(b"data: hello\n\n")) as http:
        editor.open_agents({"name": "a", "url": http.url})
        (action,) = (await editor.prompt("a")).result["error"]["actions"]
        turn = (await editor.command(action["command"], *action["arguments"]))["turnId"]
        end = await editor.until(lambda: [event for event in editor.turn_events(turn) if event["kind"] == "end"])
        assert end[0]["result"]["stopReason"] == "completed"


async def test_a_dead_port_has_only_words(editor: Editor) -> None:
    uri = editor.open_agents({"name": "a", "url": "http://127.0.0.1:1/x"})
    assert (await editor.prompt("a")).result["error"]["code"] == "network"
    assert await offered(editor, uri) == {}


async def test_an_action_of_the_error_changes_the_file(editor: Editor) -> None:
    with played(200, ANSWER) as http:
        agents = [{"name": "a", "url": http.url, "connector": {"responseFormat": "$.x"}}]
        uri = editor.open_agents(*agents)
        actions = (await editor.prompt("a")).result["error"]["actions"]
        assert [action["command"] for action in actions] == ["dragoman.applyFix"]
        assert await editor.command(actions[0]["command"], *actions[0]["arguments"]) == {}
        (params,) = await editor.until(lambda: editor.sent(types.WORKSPACE_APPLY_EDIT))
        (change,) = params["edit"]["documentChanges"]
        assert change["textDocument"] == {"uri": uri, "version": 1}
        (agent,) = json.loads(edited(json.dumps(agents, indent=2), change["edits"]))
        assert agent["connector"]["responseFormat"] == "$.data.reply"


async def test_a_file_that_is_not_open_is_changed_too(editor: Editor) -> None:
    with played(404) as http:
        file = editor.folder / "closed.agents.json"
        file.write_text(json.dumps({"name": "closed", "url": http.base}))
        uri = file.as_uri()
        editor.workspace_did_change_watched_files(
            types.DidChangeWatchedFilesParams([types.FileEvent(uri, types.FileChangeType.Created)])
        )
        (action,) = (await editor.prompt("closed")).result["error"]["actions"]
        await editor.command(action["command"], *action["arguments"])
        (params,) = await editor.until(lambda: editor.sent(types.WORKSPACE_APPLY_EDIT))
        (change,) = params["edit"]["documentChanges"]
        assert (change["textDocument"], len(change["edits"])) == ({"uri": uri, "version": None}, 1)
        file.unlink()


async def test_an_action_that_came_too_late_says_so(editor: Editor) -> None:
    with played(404) as http:
        uri = editor.open_agents({"name": "a", "url": http.base})
        (action,) = (await editor.prompt("a")).result["error"]["actions"]
        editor.change(uri, json.dumps([{"name": "a", "url": http.url}]))
        await editor.command(action["command"], *action["arguments"])
        await editor.until(lambda: editor.messages)
        assert editor.messages[0].message == "a has been edited since, so nothing was changed."
        assert editor.sent(types.WORKSPACE_APPLY_EDIT) == []


async def test_a_page_is_opened_in_the_browser(editor: Editor) -> None:
    await editor.command("dragoman.openPage", {"page": "https://vendor.example/billing"})
    (shown,) = await editor.until(lambda: editor.shown_documents)
    assert (shown.uri, shown.external) == ("https://vendor.example/billing", True)
    with pytest.raises(Exception, match="https://"):
        await editor.command("dragoman.openPage", {"page": "file:///etc/passwd"})


async def test_a_client_that_can_nothing(tmp_path_factory: pytest.TempPathFactory) -> None:
    async with start(tmp_path_factory.mktemp("bare"), BARE) as editor:
        with played(404) as http:
            editor.open_agents({"name": "a", "url": http.base})
            assert "actions" not in (await editor.prompt("a")).result["error"]
        await editor.command("dragoman.openPage", {"page": "https://vendor.example/billing"})
        await editor.until(lambda: editor.messages)
        assert editor.messages[0].message == "https://vendor.example/billing"
