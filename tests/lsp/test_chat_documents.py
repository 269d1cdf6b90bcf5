"""Chat documents: a question is sent, the answer is written into the document while its user types on."""

from __future__ import annotations

import json
import threading
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from lsprotocol import types
from pygls.exceptions import JsonRpcException

from dragoman.paths import path_of
from dragoman.syntax.chat_document import parse_chat_document
from http_agent import JSON, HttpAgent, Reply
from live_document import LiveDocument, Manners
from lsp_session import BARE, Editor, able, start

pytestmark = pytest.mark.asyncio(loop_scope="module")

PLAIN = able(extension=None)
HELLO = Reply([b"data: hel\n\n", b"data: lo\n\n"])
QUESTION = "---\nagent: a\n---\n\n## You\n\nhi\n"


def agent(http: HttpAgent, name: str = "a", **more: Any) -> dict[str, Any]:
    return {"name": name, "url": http.url, **more}


def told_all(http: HttpAgent) -> dict[str, Any]:
    """An agent that is told the whole conversation."""
    return agent(http, connector={"requestFormat": '{"customFields": {}}'})


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def plain_session(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Editor]:
    async with start(tmp_path_factory.mktemp("plain"), PLAIN) as editor:
        yield editor


@pytest_asyncio.fixture(loop_scope="module")
async def plain(plain_session: Editor) -> AsyncIterator[Editor]:
    yield plain_session
    await plain_session.tidy_up()


async def send(document: LiveDocument, **more: Any) -> str:
    told = await document.editor.command("dragoman.send", {"textDocument": {"uri": document.uri}, **more})
    return told["turnId"]


async def test_the_answer_stands_in_the_document(plain: Editor) -> None:
    with HttpAgent(HELLO) as http:
        plain.open_agents(agent(http))
        document = LiveDocument(plain, "x.chat.md", QUESTION)
        turn_id = await send(document)
        await document.until("conversation:")
    read = parse_chat_document(document.text)
    assert document.text.startswith(f"---\nagent: a\nconversation: {read.conversation_id}\n---\n\n## You\n\nhi\n\n")
    rest = f"## a\n<!-- answer {turn_id} -->\n\nhello\n\n<!-- /answer {turn_id} -->\n\n## You\n\n"
    assert document.text.endswith(rest)
    assert [params["value"]["kind"] for params in plain.sent(types.PROGRESS)] == ["begin", "end"]
    assert not plain.messages
    assert not plain.sent("dragoman/turn")


async def test_a_second_turn_is_told_of_the_first_as_the_file_has_it(plain: Editor) -> None:
    with HttpAgent(HELLO, HELLO) as http:
        plain.open_agents(told_all(http))
        document = LiveDocument(plain, "x.chat.md", QUESTION)
        await send(document)
        await document.until("conversation:")
        document.type(document.text.index("hello"), "HELLO", removing=5)
        document.type(document.text.index("\nhi\n") + 1, "ho", removing=2)
        document.type(len(document.text), "and?")
        await send(document)
        await plain.until(lambda: document.text.count("## You") == 3)
    assert [(one["role"], one["content"]) for one in http.requests[1].json["messages"]] == [
        ("user", "ho"),
        ("assistant", "HELLO"),
        ("user", "and?"),
    ]
    assert document.text.count("conversation:") == 1


@pytest.mark.parametrize("manners", Manners)
async def test_typing_while_it_streams(plain: Editor, manners: Manners) -> None:
    with HttpAgent(Reply([b"data: word%d \n\n" % number for number in range(30)], pause=0.03)) as http:
        plain.open_agents(agent(http))
        document = LiveDocument(plain, "x.chat.md", QUESTION, manners)
        await send(document)
        await document.until("word0")
        for letter in "next":
            document.before_edit = lambda letter=letter: document.type(document.text.index("\n\n## a"), letter)
            await plain.until(lambda: document.before_edit is None)
        await document.until("conversation:")
    read = parse_chat_document(document.text)
    answer = next(turn for turn in read.turns if turn.role == "agent")
    assert answer.text.split() == [f"word{number}" for number in range(30)]
    assert "\nhinext\n\n## a\n" in document.text
    assert len(document.edits) <= 10, "at most four a second"
    assert not plain.messages


async def test_the_next_question_can_be_typed_below_an_answer_that_streams(plain: Editor) -> None:
    go_on = threading.Event()
    with HttpAgent(Reply([b"data: one \n\n", go_on, b"data: two\n\n"])) as http:
        plain.open_agents(agent(http))
        document = LiveDocument(plain, "x.chat.md", QUESTION)
        await send(document)
        await document.until("one")
        document.type(len(document.text), "\nwhat else?\n")
        await plain.roundtrip()
        go_on.set()
        await document.until("conversation:")
    read = parse_chat_document(document.text)
    assert [(turn.role, turn.text.split()) for turn in read.turns] == [
        ("user", ["hi"]),
        ("agent", ["one", "two"]),
        ("user", ["what", "else?"]),
    ]


async def test_a_failed_turn_is_noted_below_the_answer(plain: Editor) -> None:
    with HttpAgent(Reply(b"data: so far\n\n", end="abort"), Reply(b"", 404)) as http:
        plain.open_agents(agent(http))
        document = LiveDocument(plain, "x.chat.md", QUESTION)
        await send(document)
        await document.until("<!-- note -->")
        (answer,) = [turn for turn in parse_chat_document(document.text).turns if turn.role == "agent"]
        assert (answer.text, answer.note is not None) == ("so far", True)
        await document.until("conversation:")
        document.type(len(document.text), "again")
        await send(document)
        await plain.until(lambda: document.text.count("<!-- note -->") == 2)
    last = [turn for turn in parse_chat_document(document.text).turns if turn.role == "agent"][-1]
    assert last.note is not None
    assert "has nothing at this address" in last.note
    assert not plain.messages


async def test_an_agent_that_nobody_knows(plain: Editor) -> None:
    document = LiveDocument(plain, "x.chat.md", QUESTION.replace("agent: a", "agent: nobody"))
    await send(document)
    text = await document.until("<!-- note -->")
    assert "There is no agent “nobody”" in text
    assert "conversation:" not in text


async def test_asking_again_takes_the_place_of_the_answer(plain: Editor) -> None:
    with HttpAgent(HELLO, Reply(b"data: other\n\n"), Reply(b"", 404)) as http:
        plain.open_agents(agent(http), agent(http, "b"))
        document = LiveDocument(plain, "x.chat.md", QUESTION)
        first = await send(document)
        await document.until("conversation:")
        second = await send(document, turnId=first, agent="b")
        await document.until("other")
        await plain.until(lambda: len(plain.sent(types.PROGRESS)) == 4)
        (answer,) = [turn for turn in parse_chat_document(document.text).turns if turn.role == "agent"]
        assert (answer.name, answer.text, answer.answer_id) == ("b", "other", second)
        assert document.text.count("## You") == 2
        before = document.text
        await send(document, position=document.at("hi"))
        (message,) = await plain.until(lambda: plain.messages)
    assert message.type == types.MessageType.Error
    assert document.text == before, "an answer stands until there is a word of another one"


async def test_an_answer_that_is_edited_while_it_streams(plain: Editor) -> None:
    go_on = threading.Event()
    with HttpAgent(Reply([b"data: one \n\n", go_on, b"data: two\n\n"])) as http:
        plain.open_agents(agent(http))
        document = LiveDocument(plain, "x.chat.md", QUESTION)
        await send(document)
        await document.until("one")
        document.type(document.text.index("one"), "ONE", removing=3)
        await plain.roundtrip()
        go_on.set()
        (message,) = await plain.until(lambda: plain.messages)
        await document.until("conversation:")
    assert "since it was edited" in message.message
    assert "two" not in document.text
    conversation_id = parse_chat_document(document.text).conversation_id
    kept = await plain.ask("dragoman/conversation", {"conversationId": conversation_id})
    assert kept["turns"][0]["text"].split() == ["one", "two"]


async def test_a_document_that_is_closed_while_it_streams(plain: Editor) -> None:
    go_on = threading.Event()
    with HttpAgent(Reply([b"data: one \n\n", go_on, b"data: two\n\n"])) as http:
        plain.open_agents(agent(http))
        document = LiveDocument(plain, "x.chat.md", QUESTION)
        await send(document)
        await document.until("one")
        plain.close(document.uri)
        go_on.set()
        (message,) = await plain.until(lambda: plain.messages)
    assert "not all in x.chat.md, since it was closed" in message.message


async def test_stopping(plain: Editor) -> None:
    with HttpAgent(Reply([b"data: one\n\n"], end="hold")) as http:
        plain.open_agents(agent(http))
        document = LiveDocument(plain, "x.chat.md", QUESTION)
        turn_id = await send(document)
        await document.until("one")
        with pytest.raises(JsonRpcException, match="being answered"):
            await send(document)
        (stop,) = [action for action in await actions(document, "hi") if action["title"].startswith("Stop")]
        assert stop["command"]["arguments"] == [{"turnId": turn_id}]
        assert await plain.command("dragoman.stop", stop["command"]["arguments"][0]) == {"stopped": True}
        await document.until("*You have stopped this answer.* <!-- note -->")
        await document.until("conversation:")


async def test_links_are_sent_along(plain: Editor) -> None:
    (plain.folder / "src").mkdir(exist_ok=True)
    (plain.folder / "src/app.py").write_text("one\ntwo\nthree\n")
    (plain.folder / "my notes.md").write_text("note\n")
    with HttpAgent(HELLO) as http:
        plain.open_agents(told_all(http))
        question = QUESTION.replace("hi", 'see @src/app.py#L2-L3 and @"my notes.md"')
        document = LiveDocument(plain, "x.chat.md", question)
        await send(document)
        await document.until("conversation:")
    (message,) = http.requests[0].json["messages"]
    assert message["content"] == (
        'see @src/app.py#L2-L3 and @"my notes.md"\n\n'
        "src/app.py, lines 2-3:\n\n```py\ntwo\nthree\n```\n\nmy notes.md, line 1:\n\n```md\nnote\n```"
    )


@pytest.mark.parametrize("link", ["../secret.txt", "/etc/passwd", "out/secret.txt", "gone.txt", "folder"])
async def test_what_lies_elsewhere_or_nowhere_is_never_sent(plain: Editor, link: str) -> None:
    outside = plain.folder.parent / "outside"
    outside.mkdir(exist_ok=True)
    (outside / "secret.txt").write_text("secret")
    (plain.folder.parent / "secret.txt").write_text("secret")
    (plain.folder / "folder").mkdir(exist_ok=True)
    if not (plain.folder / "out").exists():
        (plain.folder / "out").symlink_to(outside)
    with HttpAgent() as http:
        plain.open_agents(agent(http))
        document = LiveDocument(plain, "x.chat.md", QUESTION.replace("hi", f"see @{link}"))
        with pytest.raises(JsonRpcException, match="Nothing was sent"):
            await send(document)
        (said,) = await plain.diagnostics_of(document.uri)
    assert (said["severity"], link in said["message"]) == (2, True)
    assert not http.requests


@pytest.mark.parametrize("text", ["", "---\nagent: a\n---\n\n## You\n\n", "---\nagent: a\n---\n## a\nanswer"])
async def test_nothing_to_send(plain: Editor, text: str) -> None:
    document = LiveDocument(plain, "x.chat.md", text)
    with pytest.raises(JsonRpcException, match="nothing to send"):
        await send(document)


async def test_a_document_that_is_none(plain: Editor) -> None:
    document = LiveDocument(plain, "x.md", QUESTION)
    with pytest.raises(JsonRpcException, match="must be a chat document"):
        await send(document)


async def test_the_language_id_alone_makes_one(plain: Editor) -> None:
    with HttpAgent(HELLO) as http:
        plain.open_agents(agent(http))
        document = LiveDocument(plain, "untitled:Untitled-1", QUESTION, language="dragoman-chat")
        await send(document)
        await document.until("conversation:")
    assert "hello" in document.text


async def test_a_block_of_an_answer_as_a_new_file(plain: Editor) -> None:
    with HttpAgent(Reply(b"data: Here:\ndata: ```python\ndata: print(1)\ndata: ```\n\n")) as http:
        plain.open_agents(agent(http))
        document = LiveDocument(plain, "x.chat.md", QUESTION)
        await send(document)
        await document.until("conversation:")
        document.type(document.text.index("1)"), "10 + ")
        (save,) = [one for one in await actions(document, "print(10") if one["title"].startswith("Save")]
        await plain.command("dragoman.apply", *save["command"]["arguments"])
        (shown,) = await plain.until(lambda: plain.shown_documents)
    assert path_of(shown.uri).read_text("utf-8") == "print(10 + 1)\n"


async def test_a_block_of_a_document_from_elsewhere(plain: Editor) -> None:
    """Its turn is known to nobody here."""
    kept = "## You\n\nhi\n\n## a\n\n<!-- answer x1 -->\n```js\nf()\n```\n<!-- /answer x1 -->\n"
    document = LiveDocument(plain, "x.chat.md", kept)
    (save,) = [one for one in await actions(document, "f()") if one["title"].startswith("Save")]
    await plain.command("dragoman.apply", *save["command"]["arguments"])
    (shown,) = await plain.until(lambda: plain.shown_documents)
    assert (path_of(shown.uri).suffix, path_of(shown.uri).read_text("utf-8")) == (".js", "f()\n")


async def test_an_agent_goes_on_with_its_own_conversation(plain: Editor) -> None:
    """What the agent calls it is known by `conversation:`; without that line, it begins anew."""
    named = Reply(b'{"conversationId": "of the agent", "answer": "hello"}', headers=JSON)
    with HttpAgent(named, named, named) as http:
        plain.open_agents(agent(http, provider="chaindesk"))
        document = LiveDocument(plain, "x.chat.md", QUESTION)
        await send(document)
        await document.until("conversation:")
        document.type(len(document.text), "and?")
        await send(document)
        await plain.until(lambda: document.text.count("## You") == 3)
        await plain.roundtrip()
        await plain.roundtrip()
        line = document.text[document.text.index("conversation:") :].partition("\n")[0] + "\n"
        document.type(document.text.index(line), "", removing=len(line))
        document.type(len(document.text), "and now?")
        await send(document)
        await plain.until(lambda: document.text.count("## You") == 4)
    assert [request.json.get("conversationId") for request in http.requests] == [None, "of the agent", None]


async def test_a_workspace_agent_that_is_not_allowed(plain: Editor) -> None:
    with HttpAgent(HELLO) as http:
        plain.open_agents(agent(http, "stranger"))
        plain.trust = ["Do not allow"]
        document = LiveDocument(plain, "x.chat.md", QUESTION.replace("agent: a", "agent: stranger"))
        await send(document)
        text = await document.until("<!-- note -->")
    assert not http.requests
    assert "is not trusted" in text


# What clients can and cannot do


async def test_a_client_without_versions_gets_one_edit(tmp_path: Path) -> None:
    async with start(tmp_path, able(extension=None, workspace={"applyEdit": True})) as editor:
        with HttpAgent(HELLO) as http:
            editor.open_agents(agent(http))
            document = LiveDocument(editor, "x.chat.md", QUESTION)
            await send(document)
            await document.until("conversation:")
        assert len(document.edits) == 2
        assert "hello" in document.edits[0]


async def test_the_setting_delivery_can_ask_for_one_edit(tmp_path: Path) -> None:
    async with start(tmp_path, PLAIN, settings={"delivery": "final"}) as editor:
        await editor.until(lambda: editor.sent(types.WORKSPACE_CONFIGURATION))
        await editor.roundtrip()
        words = [b"data: one \n\n", b"data: two\n\n"]
        with HttpAgent(Reply(words, pause=0.4)) as http:
            editor.open_agents(agent(http))
            document = LiveDocument(editor, "x.chat.md", QUESTION)
            await send(document)
            await document.until("conversation:")
        assert len(document.edits) == 2
        assert "one two" in document.edits[0]


async def test_a_client_without_edits_gets_a_file(tmp_path: Path) -> None:
    async with start(tmp_path, able(extension=None, workspace={})) as editor:
        with HttpAgent(HELLO) as http:
            editor.open_agents(agent(http))
            uri = editor.open("x.chat.md", QUESTION, "markdown")
            await editor.command("dragoman.send", {"textDocument": {"uri": uri}})
            (shown,) = await editor.until(lambda: editor.shown_documents)
        assert "hello" in path_of(shown.uri).read_text("utf-8")


async def test_a_client_that_can_do_nothing_gets_a_message(tmp_path: Path) -> None:
    async with start(tmp_path, BARE) as editor:
        config = editor.config_folder / "dragoman/agents.json"
        config.parent.mkdir(parents=True)
        with HttpAgent(HELLO) as http:
            config.write_text(json.dumps([agent(http)]))
            uri = editor.open("x.chat.md", QUESTION, "markdown")
            await editor.command("dragoman.send", {"textDocument": {"uri": uri}})
            (message,) = await editor.until(lambda: editor.messages)
        assert message.message == "hello"


# New documents


async def test_a_new_chat(plain: Editor) -> None:
    plain.open_agents({"name": "a", "url": "http://h/"})
    await plain.agents()
    first, second = [await plain.command("dragoman.newChat", {}) for _ in range(2)]
    await plain.until(lambda: len(plain.shown_documents) == 2)
    assert [shown.uri for shown in plain.shown_documents] == [first["uri"], second["uri"]]
    path = path_of(first["uri"])
    assert path.parent == plain.folder / "chats"
    assert path.read_text("utf-8") == "---\nagent: a\n---\n\n## You\n\n"
    other = await plain.command("dragoman.newChat", {"agent": "Ü: b"})
    assert path_of(other["uri"]).read_text("utf-8").startswith('---\nagent: "Ü: b"\n')


async def test_a_folder_for_chats_that_leads_elsewhere_is_not_used(tmp_path: Path) -> None:
    async with start(tmp_path, PLAIN) as editor:
        (tmp_path / "elsewhere").mkdir()
        (editor.folder / "chats").symlink_to(tmp_path / "elsewhere")
        with pytest.raises(JsonRpcException, match="leads out of the workspace"):
            await editor.command("dragoman.newChat", {})
    assert list((tmp_path / "elsewhere").iterdir()) == []


async def test_a_conversation_of_the_history_goes_on_in_a_document(plain: Editor) -> None:
    with HttpAgent(HELLO, HELLO) as http:
        plain.open_agents(told_all(http))
        result = await plain.ask("dragoman/prompt", {"agent": "a", "prompt": "first"})
        told = await plain.command("dragoman.showConversation", {"conversationId": result["conversationId"]})
        again = await plain.command("dragoman.showConversation", {"conversationId": result["conversationId"]})
        assert told == again
        path = path_of(told["uri"])
        document = LiveDocument(plain, f"chats/{path.name}", path.read_text("utf-8"))
        read = parse_chat_document(document.text)
        assert [(turn.role, turn.text) for turn in read.turns] == [("user", "first"), ("agent", "hello"), ("user", "")]
        assert await plain.diagnostics_of(document.uri) == []
        document.type(len(document.text), "\nsecond")
        await send(document)
        await plain.until(lambda: document.text.count("hello") == 2)
    contents = [message["content"] for message in http.requests[1].json["messages"]]
    assert contents == ["first", "hello", "second"]
    with pytest.raises(JsonRpcException, match="no conversation"):
        await plain.command("dragoman.showConversation", {"conversationId": "nobody's"})


async def actions(document: LiveDocument, at: str) -> list[Any]:
    position = document.at(at)
    params = {
        "textDocument": {"uri": document.uri},
        "range": {"start": position, "end": position},
        "context": {"diagnostics": []},
    }
    return await document.editor.ask(
        types.TEXT_DOCUMENT_CODE_ACTION, document.editor.structured(params, types.CodeActionParams)
    )
