"""Commands in an editor that knows nothing of us: the answer is a document, else a message."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from lsprotocol import types
from pygls.exceptions import JsonRpcException

from dragoman.paths import path_of
from http_agent import HttpAgent, Reply
from lsp_session import Editor, able, between, start

pytestmark = pytest.mark.asyncio(loop_scope="module")

HELLO = Reply([b"data: hel\n\n", b"data: lo\n\n"])


def agent(http: HttpAgent, name: str = "a") -> dict[str, Any]:
    return {"name": name, "url": http.url}


PLAIN = able(extension=None)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def plain_session(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Editor]:
    async with start(tmp_path_factory.mktemp("plain"), PLAIN) as editor:
        yield editor


@pytest_asyncio.fixture(loop_scope="module")
async def plain(plain_session: Editor) -> AsyncIterator[Editor]:
    yield plain_session
    await plain_session.tidy_up()


async def test_the_answer_in_a_document(plain: Editor) -> None:
    with HttpAgent(HELLO) as http:
        plain.open_agents(agent(http, "Ä/b ..\\c"))
        told = await plain.command("dragoman.chat", {"agent": "Ä/b ..\\c", "prompt": "hi \ud800"})
        (shown,) = await plain.until(lambda: plain.shown_documents)
    file = path_of(shown.uri)
    assert file.read_text("utf-8") == "## You\n\nhi ?\n\n## Ä/b ..\\c\n\nhello\n"
    assert (file.suffix, file.stat().st_mode & 0o777) == (".md", 0o600)
    assert file.is_relative_to(plain.cache_folder)
    assert file.parent.stat().st_mode & 0o777 == 0o700
    progress = plain.sent(types.PROGRESS)
    assert [params["value"]["kind"] for params in progress] == ["begin", "end"]
    assert progress[0]["value"] == {"kind": "begin", "title": "Ä/b ..\\c", "cancellable": True}
    assert not plain.turn_events(told["turnId"])
    assert not plain.messages


async def test_asking_again(plain: Editor) -> None:
    with HttpAgent(HELLO) as http:
        plain.open_agents(agent(http))
        told = await plain.command("dragoman.chat", {"agent": "a", "prompt": "hi"})
        await plain.until(lambda: plain.shown_documents)
        await plain.command("dragoman.retry", {**told, "prompt": "ho"})
        shown = await plain.until(lambda: plain.shown_documents[1:])
    assert path_of(shown[0].uri).read_text("utf-8") == "## You\n\nho\n\n## a\n\nhello\n"


async def test_one_message_for_a_failed_turn(plain: Editor) -> None:
    with HttpAgent(Reply(b"", 404)) as http:
        plain.open_agents(agent(http))
        await plain.command("dragoman.chat", {"agent": "a", "prompt": "hi"})
        (message,) = await plain.until(lambda: plain.messages)
    assert message.type == types.MessageType.Error
    assert message.message.startswith("Agent “a” has nothing at this address")
    await plain.command("dragoman.chat", {"agent": "nobody", "prompt": "hi"})
    await plain.until(lambda: len(plain.messages) == 2)
    assert "“nobody”" in plain.messages[1].message
    assert not plain.shown_documents


async def test_the_part_that_came_before_a_failure_is_shown(plain: Editor) -> None:
    with HttpAgent(Reply(b"data: so far\n\n", end="abort")) as http:
        plain.open_agents(agent(http))
        await plain.command("dragoman.chat", {"agent": "a", "prompt": "hi"})
        (shown,) = await plain.until(lambda: plain.shown_documents)
    assert "so far\n\n*The answer is not complete.*" in path_of(shown.uri).read_text("utf-8")
    assert len(plain.messages) == 1


async def test_the_cancel_button(plain: Editor) -> None:
    with HttpAgent(Reply([b"data: x\n\n"], end="hold")) as http:
        plain.open_agents(agent(http))
        await plain.command("dragoman.chat", {"agent": "a", "prompt": "hi"})
        (begun,) = await plain.until(lambda: plain.sent(types.PROGRESS))
        plain.window_work_done_progress_cancel(types.WorkDoneProgressCancelParams(begun["token"]))
        await plain.until(lambda: len(plain.sent(types.PROGRESS)) == 2)
        assert await plain.command("dragoman.stop") == {"stopped": False}


async def test_what_is_missing_where_nobody_can_be_asked(plain: Editor) -> None:
    await plain.command("dragoman.chat")
    await plain.until(lambda: plain.messages)
    plain.open_agents({"name": "a", "url": "http://h/"})
    await plain.command("dragoman.chat", {"agent": "a"})
    await plain.until(lambda: len(plain.messages) == 2)
    assert [message.message for message in plain.messages] == [
        'dragoman.chat needs an "agent": no agent that can be asked was found.',
        'dragoman.chat needs a "prompt".',
    ]


async def test_an_editor_that_shows_no_documents_gets_a_message(tmp_path: Path) -> None:
    async with start(tmp_path, able(extension=None, window={})) as editor:
        with HttpAgent(HELLO) as http:
            editor.open_agents(agent(http))
            await editor.command("dragoman.chat", {"agent": "a", "prompt": "hi"})
            (message,) = await editor.until(lambda: editor.messages)
        assert (message.type, message.message) == (types.MessageType.Info, "hello")
        assert not editor.cache_folder.exists()


@pytest.mark.parametrize("answer", ["no", "an error"])
async def test_an_editor_that_refuses_what_it_said_it_can(plain: Editor, answer: str) -> None:
    """Neither the progress nor the document: the answer is not lost."""

    def refuse(_params: types.ShowDocumentParams) -> types.ShowDocumentResult:
        if answer == "an error":
            raise JsonRpcException("no", -32803)
        return types.ShowDocumentResult(success=False)

    def no_progress(_params: types.WorkDoneProgressCreateParams) -> None:
        raise JsonRpcException("no", -32803)

    documents = plain.answering("window/showDocument", refuse)
    progress = plain.answering("window/workDoneProgress/create", no_progress)
    with HttpAgent(HELLO) as http, documents, progress:
        plain.open_agents(agent(http))
        await plain.command("dragoman.chat", {"agent": "a", "prompt": "hi"})
        (message,) = await plain.until(lambda: plain.messages)
    assert message.message == "hello"
    assert not plain.sent(types.PROGRESS)


async def test_a_cache_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("no folder")
    async with start(tmp_path, PLAIN) as editor:
        with HttpAgent(HELLO) as http:
            editor.open_agents(agent(http))
            await editor.command("dragoman.chat", {"agent": "a", "prompt": "hi"})
            (message,) = await editor.until(lambda: editor.messages)
        assert message.message == "hello"


async def test_a_command_does_not_wait_for_the_agent(plain: Editor) -> None:
    with HttpAgent(Reply(raw=b"", end="hold")) as http:
        uri = plain.open_agents(agent(http))
        chat = await plain.command("dragoman.chat", {"agent": "a", "prompt": "hi"})
        selected = {"agent": "a", "textDocument": {"uri": uri}, "range": between(0, 0, 1, 0)}
        selection = await plain.command("dragoman.sendSelection", selected)
        assert chat.keys() == selection.keys() == {"turnId"}
        await plain.until(lambda: len(plain.sent(types.PROGRESS)) == 2)
        assert await plain.command("dragoman.stop") == {"stopped": True}
        await plain.until(lambda: len(plain.sent(types.PROGRESS)) == 4)
