"""Trust: an agent that comes with the workspace is asked only once the user has said so, and nothing is done before."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException, JsonRpcInvalidParams

from http_agent import HttpAgent, Reply
from lsp_session import BARE, Editor, able, start

pytestmark = pytest.mark.asyncio(loop_scope="module")

HELLO = Reply(b"data: hello\n\n")
PLAIN = able(extension=None)


def agent(http: HttpAgent, name: str = "a", **more: Any) -> dict[str, Any]:
    return {"name": name, "url": http.url, **more}


@contextmanager
def unanswered(editor: Editor) -> Iterator[asyncio.Future[str]]:
    """The user takes their time: what is set, is the answer to all that is asked meanwhile."""
    answer: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    async def wait(params: dict[str, Any]) -> dict[str, str]:
        editor.trust_questions.append(params["title"])
        return {"value": await answer}

    with editor.answering("dragoman/ask", wait):
        try:
            yield answer
        finally:
            if not answer.done():
                answer.set_result("")


async def test_nothing_reaches_the_agent_before_the_answer(editor: Editor) -> None:
    with HttpAgent(HELLO) as http, unanswered(editor) as answer:
        editor.open_agents(agent(http, url=http.url.replace("127.0.0.1", "localhost")))
        assert (await editor.agents())["a"]["trusted"] is False
        token, prompt = editor.start_prompt("a")
        await editor.until(lambda: editor.trust_questions)
        await editor.roundtrip()
        assert editor.events(token) == []
        assert http.connections == 0
        answer.set_result("Allow")
        assert (await prompt)["stopReason"] == "completed"
        assert (await editor.agents())["a"]["trusted"] is True
        assert (await editor.prompt("a")).text == "hello"
    assert len(editor.trust_questions) == 1


async def test_the_question(editor: Editor) -> None:
    connector = {"requestFormat": {"customHeaders": {"X-Key": "${keyring:mail/me}", "X-Plain": "sesame"}}}
    auth = {"type": "Bearer", "token": "${env:DRAGOMAN_NO_SUCH_TOKEN}"}
    url = "https://me:sesame@agents.example:8443/v1/chat?key=sesame"
    uri = editor.open_agents({"name": "a\n\u202eb", "url": url, "auth": auth, "connector": connector})
    document = editor.open("x.py", "one\ntwo\n", "python")
    selected = {"kind": "file", "uri": document}
    editor.trust = ["Do not allow"]
    await editor.prompt("a\n\u202eb", context=[selected, {"kind": "text", "text": "t", "label": "log"}])
    (question,) = editor.trust_questions
    path = uri.removeprefix("file://")
    assert question.splitlines() == [
        "Allow prompts to “a\\u000a\\u202eb”, an agent that comes with this workspace?",
        "",
        "Address: https://agents.example:8443/v1/chat?key=…",
        "It gets: your prompts, what came before in their conversation, and the context that you add; now also x.py, "
        "lines 1-2, log",
        "Resolved for it: ${env:DRAGOMAN_NO_SUCH_TOKEN}, ${keyring:mail/me}",
        f"Described in: {path}",
    ]
    (asked,) = editor.sent("dragoman/ask")
    assert asked["options"] == ["Allow", "Do not allow"]


async def test_references_are_resolved_after_the_answer(editor: Editor) -> None:
    editor.open_agents({"name": "a", "url": "http://${env:DRAGOMAN_NO_SUCH_HOST}/"})
    editor.trust = ["", "Allow"]
    assert (await editor.prompt("a")).result["error"]["code"] == "untrusted"
    assert (await editor.prompt("a")).result["error"]["code"] == "config"


async def test_errors_of_the_description_are_told_before(editor: Editor) -> None:
    editor.open_agents({"name": "a", "url": "ftp://h/"}, {"name": "off", "url": "http://h/", "enabled": False})
    for name in ("a", "off", "nobody"):
        assert (await editor.prompt(name)).result["error"]["code"] == "config"
    assert editor.trust_questions == []


async def test_no_answer_is_not_now(editor: Editor) -> None:
    def fail(_params: dict[str, Any]) -> None:
        raise JsonRpcException("not here", -32601)

    with HttpAgent(HELLO) as http:
        uri = editor.open_agents(agent(http))
        editor.trust = ["", "something else"]
        for _ in range(2):
            answer = await editor.prompt("a")
            assert [event["kind"] for event in answer.events] == ["start"]
            assert (answer.result["stopReason"], answer.result["error"]["code"]) == ("error", "untrusted")
            assert answer.result["error"]["location"]["uri"] == uri
        with editor.answering("dragoman/ask", fail):
            error = (await editor.prompt("a")).result["error"]
        assert error["code"] == "untrusted"
        assert f"dragoman trust allow a --workspace {editor.folder}" in error["message"]
        assert http.connections == 0
        assert (await editor.prompt("a")).text == "hello"
    assert len(editor.trust_questions) == 3


async def test_what_is_not_allowed_is_not_asked_again(editor: Editor) -> None:
    with HttpAgent(HELLO) as http:
        editor.open_agents(agent(http))
        editor.trust = ["Do not allow"]
        for _ in range(2):
            error = (await editor.prompt("a")).result["error"]
            assert (error["code"], "dragoman.trust" in error["message"]) == ("untrusted", True)
        assert len(editor.trust_questions) == 1
        assert http.connections == 0
        assert await editor.command("dragoman.trust", {"agent": "a", "allow": True}) == {"trusted": True}
        assert (await editor.prompt("a")).text == "hello"
        assert await editor.command("dragoman.trust", {"agent": "a", "allow": False}) == {"trusted": False}
        assert (await editor.prompt("a")).result["error"]["code"] == "untrusted"
    assert len(editor.trust_questions) == 1
    assert len(http.requests) == 1


async def test_two_prompts_ask_once(editor: Editor) -> None:
    with HttpAgent(HELLO) as http, unanswered(editor) as answer:
        editor.open_agents(agent(http))
        prompts = [editor.start_prompt("a")[1] for _ in range(3)]
        await editor.until(lambda: editor.trust_questions)
        await editor.roundtrip()
        answer.set_result("Allow")
        assert [(await prompt)["stopReason"] for prompt in prompts] == ["completed"] * 3
    assert len(editor.trust_questions) == 1


async def test_stopping_while_the_question_stands(editor: Editor) -> None:
    with HttpAgent(HELLO) as http, unanswered(editor) as answer:
        editor.open_agents(agent(http))
        _, stopped = editor.start_prompt("a", turnId="t")
        cancelled = editor.start_asking("dragoman/prompt", {"agent": "a", "prompt": "hi"}, "to be cancelled")
        await editor.until(lambda: editor.trust_questions)
        assert await editor.ask("dragoman/stop", {"turnId": "t"}) == {"stopped": True}
        result = await stopped
        assert (result["stopReason"], "error" in result) == ("cancelled", False)
        editor.cancel_request(types.CancelParams("to be cancelled"))
        with pytest.raises(JsonRpcException):
            await cancelled
        command = await editor.command("dragoman.chat", {"agent": "a", "prompt": "hi"})
        assert await editor.command("dragoman.stop", command) == {"stopped": True}
        assert http.connections == 0
        answer.set_result("Allow")
        assert (await editor.prompt("a")).text == "hello"
    assert len(editor.trust_questions) == 1


async def test_the_command_answers_for_the_user(editor: Editor) -> None:
    with HttpAgent(HELLO) as http, unanswered(editor) as answer:
        editor.open_agents(agent(http))
        _, prompt = editor.start_prompt("a")
        await editor.until(lambda: editor.trust_questions)
        await editor.command("dragoman.trust", {"agent": "a", "allow": True})
        assert (await prompt)["stopReason"] == "completed"
        answer.set_result("Do not allow")
        assert (await editor.prompt("a")).text == "hello"


async def test_an_agent_that_changes_while_the_question_stands_is_asked_about_again(editor: Editor) -> None:
    with HttpAgent(HELLO) as shown, HttpAgent(HELLO) as other, unanswered(editor) as answer:
        uri = editor.open_agents(agent(shown))
        _, prompt = editor.start_prompt("a")
        await editor.until(lambda: editor.trust_questions)
        editor.change(uri, json.dumps([agent(other)]))
        await editor.roundtrip()
        with editor.answering("dragoman/ask", lambda params: editor._reply(params)):
            editor.trust = ["Do not allow"]
            answer.set_result("Allow")
            assert (await prompt)["error"]["code"] == "untrusted"
        assert (shown.connections, other.connections) == (0, 0)
    assert [http.base in question for http, question in zip((shown, other), editor.trust_questions, strict=True)]


async def test_only_what_matters_is_asked_again(editor: Editor) -> None:
    with HttpAgent(HELLO) as http:
        uri = editor.open_agents(agent(http))
        await editor.prompt("a")
        editor.change(uri, json.dumps([agent(http, description="new", responseAction="Stream")], indent=4))
        assert (await editor.prompt("a")).text == "hello"
        assert len(editor.trust_questions) == 1
        editor.change(uri, json.dumps([agent(http, system="${env:HOME}")]))
        assert (await editor.prompt("a")).text == "hello"
    assert len(editor.trust_questions) == 2


async def test_a_definition_that_the_workspace_brings_along_belongs_to_what_is_asked(editor: Editor) -> None:
    def definition(body: str) -> str:
        return json.dumps({"like": "openai", "request": {"body": {"extra": body}}})

    with HttpAgent(HELLO) as http:
        provider = editor.open(".agents/providers/ours.jsonc", definition("${env:DRAGOMAN_NO_SUCH_TOKEN}"))
        editor.open_agents(agent(http, provider="ours"))
        assert (await editor.prompt("a")).result["error"]["code"] == "config"
        editor.change(provider, definition("plain"))
        await editor.prompt("a")
        first, second = editor.trust_questions
        assert len(http.requests) == 1
    assert "defines the provider “ours”" in first
    assert "defines the provider “ours”" in second
    assert "Resolved for it: ${env:DRAGOMAN_NO_SUCH_TOKEN}" in first
    assert "Resolved" not in second


async def test_remembered_for_the_workspace_in_every_session(tmp_path: Path) -> None:
    with HttpAgent(HELLO) as http:
        for questions in (1, 0):
            async with start(tmp_path) as editor:
                editor.open_agents(agent(http, auth={"type": "Bearer", "token": "sesame"}))
                assert (await editor.prompt("a")).text == "hello"
                assert len(editor.trust_questions) == questions
        file = tmp_path / "data/dragoman/trust.json"
        (kept,) = json.loads(file.read_text())["trusted"]
        assert file.stat().st_mode & 0o777 == 0o600
        host = http.base.removeprefix("http://")
        assert (kept["workspace"], kept["agent"], kept["host"]) == (str(editor.folder), "a", host)
        assert "sesame" not in file.read_text()
        other = tmp_path / "other"
        other.mkdir()
        (tmp_path / "workspace").rename(tmp_path / "was")
        async with start(tmp_path) as editor:
            outside = editor.open((other / "agents.json").as_uri(), json.dumps([agent(http, name="b")]))
            assert (await editor.prompt("b")).text == "hello"
            (question,) = editor.trust_questions
            assert question.endswith(outside.removeprefix("file://"))
    assert [entry["workspace"] for entry in json.loads(file.read_text())["trusted"]][1:] == [str(other)]


async def test_a_broken_list_trusts_nobody(tmp_path: Path) -> None:
    (tmp_path / "data/dragoman").mkdir(parents=True)
    (tmp_path / "data/dragoman/trust.json").write_text("{")
    with HttpAgent(HELLO) as http:
        async with start(tmp_path) as editor:
            editor.open_agents(agent(http))
            assert (await editor.prompt("a")).text == "hello"
            assert len(editor.trust_questions) == 1
    assert "No agent of a workspace is trusted" in editor.log.read_text()


@pytest.mark.parametrize("capabilities", [PLAIN, BARE], ids=["plain", "bare"])
async def test_a_client_that_knows_nothing_of_us(tmp_path: Path, capabilities: types.ClientCapabilities) -> None:
    with HttpAgent(HELLO) as http:
        async with start(tmp_path, capabilities) as editor:
            editor.open_agents(agent(http), agent(http, "b"), agent(http, "c"))
            editor.trust = ["Allow", "Do not allow", "closed"]
            assert (await editor.prompt("a")).text == "hello"
            assert [(await editor.prompt(name)).result["error"]["code"] for name in "bc"] == ["untrusted"] * 2
            asked = editor.sent(types.WINDOW_SHOW_MESSAGE_REQUEST)
            assert [action["title"] for action in asked[0]["actions"]] == ["Allow", "Do not allow"]
            assert http.connections == 1


@pytest.mark.parametrize("answer", [None, {"title": 3}, "an error"])
async def test_a_client_that_cannot_ask(tmp_path: Path, answer: Any) -> None:
    def reply(_params: types.ShowMessageRequestParams) -> Any:
        if answer == "an error":
            raise JsonRpcException("no", -32601)
        return answer

    with HttpAgent(HELLO) as http:
        async with start(tmp_path, PLAIN) as editor:
            editor.open_agents(agent(http))
            with editor.answering(types.WINDOW_SHOW_MESSAGE_REQUEST, reply):
                error = (await editor.prompt("a")).result["error"]
            assert (error["code"], "dragoman trust allow a" in error["message"]) == ("untrusted", True)
        assert http.connections == 0


async def test_the_settings(tmp_path: Path) -> None:
    with HttpAgent(HELLO) as http:
        async with start(tmp_path, options={"trust": "never"}, settings={"trust": "never"}) as editor:
            editor.open_agents(agent(http))
            error = (await editor.prompt("a")).result["error"]
            assert (error["code"], "“trust”" in error["message"]) == ("untrusted", True)
            assert await editor.command("dragoman.trust", {"agent": "a", "allow": True}) == {"trusted": True}
            assert (await editor.prompt("a")).text == "hello"
            editor.set_configuration({"trust": "userOnly"}, section="dragoman")
            editor.workspace_did_change_configuration(types.DidChangeConfigurationParams(None))
            await editor.until(lambda: len(editor.sent(types.WORKSPACE_CONFIGURATION)) > 1)
            await editor.roundtrip()
            error = (await editor.prompt("a")).result["error"]
            assert (error["code"], str(editor.config_folder) in error["message"]) == ("untrusted", True)
            assert (await editor.agents())["a"]["trusted"] is False
            assert await editor.command("dragoman.trust", {"agent": "a", "allow": True}) == {"trusted": False}
            assert editor.trust_questions == []
    assert len(http.requests) == 1


async def test_the_users_own_agents_and_those_of_the_same_name(tmp_path: Path) -> None:
    with HttpAgent(Reply(b"data: mine\n\n")) as mine, HttpAgent(Reply(b"data: theirs\n\n")) as theirs:
        own = tmp_path / "config/dragoman/agents.json"
        own.parent.mkdir(parents=True)
        own.write_text(json.dumps([agent(mine)]))
        async with start(tmp_path) as editor:
            uri = editor.open_agents(agent(theirs))
            (known,) = (await editor.agents()).values()
            assert (known["trusted"], known["location"]["uri"], known["state"]) == (True, own.as_uri(), "warning")
            assert "your own is meant" in known["problems"][0]
            assert (await editor.prompt("a")).text == "mine"
            assert editor.trust_questions == []
            await editor.until(lambda: editor.sent("dragoman/agentsChanged"))
            editor.received.clear()
            assert await editor.command("dragoman.trust", {"agent": "a", "allow": True}) == {"trusted": True}
            await editor.until(lambda: editor.sent("dragoman/agentsChanged"))
            (known,) = (await editor.agents()).values()
            assert (known["trusted"], known["location"]["uri"], known["state"]) == (True, uri, "warning")
            assert "the workspace's" in known["problems"][0]
            assert (await editor.prompt("a")).text == "theirs"
            editor.change(uri, json.dumps([agent(theirs, system="new")]))
            assert (await editor.prompt("a")).text == "mine"
            assert await editor.command("dragoman.trust", {"agent": "a", "allow": False}) == {"trusted": False}
            assert (await editor.prompt("a")).text == "mine"
            argument = {"agent": "a", "allow": False, "uri": own.as_uri()}
            assert await editor.command("dragoman.trust", argument) == {"trusted": True}


async def actions_at(editor: Editor, uri: str, line: int, character: int) -> list[dict[str, Any]]:
    range_ = types.Range(types.Position(line, character), types.Position(line, character))
    context = types.CodeActionContext([], only=[types.CodeActionKind.QuickFix])
    params = types.CodeActionParams(types.TextDocumentIdentifier(uri), range_, context)
    actions = await editor.ask(types.TEXT_DOCUMENT_CODE_ACTION, params)
    return [action for action in actions if "rust this agent" in action["title"]]


async def test_trusting_at_the_name(editor: Editor) -> None:
    with HttpAgent(HELLO) as http:
        uri = editor.open_agents(agent(http))
        assert await actions_at(editor, uri, 3, 6) == []
        (action,) = await actions_at(editor, uri, 2, 13)
        assert (action["title"], action["kind"]) == ("Trust this agent", "quickfix")
        await editor.command(action["command"]["command"], *action["command"]["arguments"])
        assert (await editor.prompt("a")).text == "hello"
        (action,) = await actions_at(editor, uri, 2, 13)
        assert action["title"] == "Do not trust this agent any more"
        await editor.command(action["command"]["command"], *action["command"]["arguments"])
        assert (await editor.prompt("a")).result["error"]["code"] == "untrusted"
    assert editor.trust_questions == []


async def test_trusting_at_the_name_where_commands_are_all_there_is(tmp_path: Path) -> None:
    async with start(tmp_path, BARE) as editor:
        uri = editor.open_agents({"name": "a", "url": "http://h/"})
        (command,) = await actions_at(editor, uri, 2, 13)
        assert command["command"] == "dragoman.trust"


@pytest.mark.parametrize(
    ("argument", "field"),
    [({}, "allow"), ({"agent": "a", "allow": 1}, "allow"), ({"allow": True}, "agent"),
     ({"agent": "nobody", "allow": True}, "agent"), ({"agent": "a", "allow": True, "uri": 1}, "uri")],
)  # fmt: skip
async def test_arguments_that_are_wrong(editor: Editor, argument: dict[str, Any], field: str) -> None:
    editor.open_agents({"name": "a", "url": "http://h/"})
    with pytest.raises(JsonRpcInvalidParams, match=field):
        await editor.command("dragoman.trust", argument)


async def test_the_command_line(tmp_path: Path) -> None:
    """What it allows and revokes counts at once in a session that runs."""

    def dragoman(*arguments: str) -> tuple[int, str]:
        folders = {f"XDG_{name}_HOME": str(tmp_path / name.lower()) for name in ("CONFIG", "DATA")}
        command = [sys.executable, "-m", "dragoman", "trust", *arguments]
        done = subprocess.run(command, env={**os.environ, **folders}, capture_output=True, text=True, cwd=tmp_path)
        return done.returncode, done.stdout + done.stderr

    with HttpAgent(HELLO) as http:
        async with start(tmp_path, options={"trust": "never"}, settings={"trust": "never"}) as editor:
            (editor.folder / "agents.json").write_text(json.dumps([agent(http, "a b", system="${env:X}")]))
            editor.open_agents(agent(http, "a b", system="${env:X}"))
            error = (await editor.prompt("a b")).result["error"]["message"]
            assert f"dragoman trust allow 'a b' --workspace {editor.folder}" in error
            assert dragoman("list") == (0, "")
            code, said = dragoman("allow", "a b", "--workspace", "workspace")
            assert (code, http.url in said) == (0, True)
            assert (await editor.prompt("a b")).text == "hello"
            code, said = dragoman("list")
            assert said.split("\t")[:3] == ["a b", str(editor.folder), http.base.removeprefix("http://")]
            assert dragoman("allow", "c", "--workspace", "workspace")[0] == 1
            assert dragoman("revoke", "c")[0] == 1
            assert dragoman("revoke")[0] == 2
            assert dragoman("revoke", "a b") == (0, f"a b of {editor.folder} is not trusted any more.\n")
            assert (await editor.prompt("a b")).result["error"]["code"] == "untrusted"
            dragoman("allow", "a b", "--workspace", str(editor.folder))
            assert dragoman("revoke", "--all")[0] == 0
            assert dragoman("list") == (0, "")
