"""Turns are kept while they run, without their secrets; whatever is wrong with the disk, the turn goes on."""

from __future__ import annotations

import asyncio
import errno
import json
import logging
import os
import shutil
import sqlite3
from collections.abc import AsyncGenerator
from contextlib import aclosing, asynccontextmanager, closing
from pathlib import Path
from typing import Any

import pytest

from chat_turns import Told, consume, start
from dragoman.chat.events import Notice, TextDelta, Usage
from dragoman.chat.history.history import History, HistoryError
from dragoman.chat.history.kept import KeptTurn
from dragoman.chat.history.store import FILE, MIGRATIONS, open_store
from dragoman.chat.sessions import Sessions
from dragoman.settings import HistorySettings
from http_agent import JSON, TEXT, HttpAgent, Reply
from kept_turns import DAY, all_bytes, keep, rows

SENTINEL = "sentinel-5ecret-value"
HELLO = Reply(b"hello", headers=TEXT)
STALLED = Reply([b"so far"], headers=TEXT, end="hold")


@asynccontextmanager
async def editor(folder: Path, settings: HistorySettings | None = None) -> AsyncGenerator[tuple[Sessions, History]]:
    """The chat of one editor, whose history lies in `folder`; closed in order at the end."""
    history = History(folder, settings or HistorySettings())
    sessions = Sessions(history=history)
    try:
        yield sessions, history
    finally:
        await sessions.aclose()
        await history.aclose()


async def turns_of(history: History, conversation_id: str) -> list[KeptTurn]:
    kept = await history.conversation(conversation_id)
    return [] if kept is None else [*kept.turns]


def notices(told: Told) -> list[str]:
    return [notice.message for notice in told.of(Notice) if notice.code == "history"]


async def test_a_turn_that_runs_is_kept_with_what_it_has_said(tmp_path: Path) -> None:
    async with editor(tmp_path) as (sessions, history):
        with HttpAgent(STALLED) as http:
            async with aclosing(start(sessions, http, conversation_id="c").events()) as batches:
                async for batch in batches:
                    if any(isinstance(event, TextDelta) for event in batch):
                        break
                [turn] = await turns_of(history, "c")
                assert (turn.prompt, turn.text, turn.stop_reason, turn.incomplete) == ("hi", "so far", None, True)
        [turn] = await turns_of(history, "c")
        assert (turn.text, turn.stop_reason, turn.incomplete) == ("so far", "cancelled", True)


async def test_everything_about_a_turn(tmp_path: Path) -> None:
    usage = {"promptTokens": 1, "completionTokens": 2, "totalTokens": 3}
    document = {"answer": "Yes.", "sources": [{"source_url": "https://x.test/"}], "usage": usage}
    async with editor(tmp_path) as (sessions, history):
        with HttpAgent(Reply(json.dumps(document).encode(), headers=JSON)) as http:
            told = await consume(start(sessions, http, {"provider": "chaindesk"}, turn_id="t", conversation_id="c"))
        [turn] = await turns_of(history, "c")
    assert (turn.id, turn.agent, turn.prompt, turn.stop_reason, turn.incomplete) == ("t", "a", "hi", "completed", False)
    assert (turn.text, turn.sources, turn.usage) == (told.outcome.text, told.outcome.sources, told.outcome.usage)
    assert turn.sources
    assert turn.usage == Usage(1, 2, 3)


async def test_an_error_is_kept_with_its_sentence(tmp_path: Path) -> None:
    async with editor(tmp_path) as (sessions, history):
        with HttpAgent(Reply(b"", 401)) as http:
            told = await consume(start(sessions, http, conversation_id="c"))
        await consume(start(sessions, "nonsense:", conversation_id="c"))
        failed, never_sent = await turns_of(history, "c")
    assert told.outcome.error is not None
    assert (failed.stop_reason, failed.error_code, failed.error_message) == (
        "error",
        "auth",
        told.outcome.error.message,
    )
    assert (never_sent.prompt, never_sent.error_code) == ("hi", "config")


async def test_another_session_goes_on_with_it(tmp_path: Path) -> None:
    config = {"connector": {"requestFormat": '{"fields": {"id": "$conversationId", "q": "$content"}}'}}
    reply = Reply(b'{"conversation_id": "k", "message": {"content": "x"}}', headers=JSON)
    with HttpAgent(reply) as http:
        async with editor(tmp_path) as (sessions, _):
            first = await consume(start(sessions, http, config))
            id_ = first.outcome.conversation_id
            session_id = sessions.conversation(id_).session_id
        async with editor(tmp_path) as (sessions, _):
            await sessions.recall(id_)
            assert sessions.conversation(id_).session_id == session_id
            await consume(start(sessions, http, config, prompt="more", conversation_id=id_))
        assert http.requests[1].json == {"id": "k", "q": "more"}
    assert rows(tmp_path, "SELECT number, prompt FROM turns ORDER BY number") == [(1, "hi"), (2, "more")]


async def test_an_id_that_a_client_made_up_begins_anew(tmp_path: Path) -> None:
    with HttpAgent(HELLO) as http:
        for prompt in ("one", "two"):
            async with editor(tmp_path) as (sessions, _):
                await sessions.recall("c")
                await consume(start(sessions, http, prompt=prompt, conversation_id="c"))
    assert [message["content"] for message in http.requests[1].json["messages"]] == ["two"]
    assert rows(tmp_path, "SELECT number, prompt FROM turns ORDER BY number") == [(1, "one"), (2, "two")]


async def test_what_is_forgotten_begins_anew(tmp_path: Path) -> None:
    with HttpAgent(HELLO) as http:
        async with editor(tmp_path) as (sessions, history):
            await consume(start(sessions, http, conversation_id="c"))
            http.replies = [STALLED, HELLO]
            http.requests.clear()
            running = start(sessions, http, prompt="again", conversation_id="c")
            consumer = asyncio.create_task(consume(running))
            while not http.requests:
                await asyncio.sleep(0.001)
            sessions.forget("c")
            assert await history.delete("c")
            await consumer
            await consume(start(sessions, http, prompt="new", conversation_id="c"))
            assert [message["content"] for message in http.requests[1].json["messages"]] == ["new"]
            assert [turn.prompt for turn in await turns_of(history, "c")] == ["new"]


@pytest.mark.parametrize("kind", ["Bearer", "Basic", "ApiKey"])
@pytest.mark.parametrize("chunk_size", [1, 7, None])
async def test_no_secret_is_written(
    tmp_path: Path, kind: str, chunk_size: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SENTINEL", SENTINEL)
    monkeypatch.setattr("dragoman.chat.history.saving.SECONDS_BETWEEN_WRITES", 0)
    config = {
        "auth": {"type": kind, "token": "u:${env:SENTINEL}" if kind == "Basic" else "${env:SENTINEL}"},
    }
    delta = {"choices": [{"delta": {"content": f"you sent {SENTINEL}!", "reasoning_content": f"I saw {SENTINEL}."}}]}
    echo = f"data: {json.dumps(delta)}\n\n".encode()
    text = f"you sent {SENTINEL}!"
    replies = [
        Reply(echo),
        Reply(text.encode(), headers=TEXT, chunk_size=chunk_size, pause=0.001),
        Reply(text.encode(), 401, TEXT),
        Reply(json.dumps({"conversation_id": SENTINEL, "message": {"content": "x"}}).encode(), headers=JSON),
    ]
    async with editor(tmp_path) as (sessions, history):
        for reply in replies:
            with HttpAgent(reply) as http:
                prompt = f"my token is {SENTINEL}, is it not?"
                await consume(start(sessions, f"{http.url}?key=${{env:SENTINEL}}", config, prompt, conversation_id="c"))
                assert SENTINEL in repr(http.requests[0])
                assert SENTINEL.encode() not in all_bytes(tmp_path)
        first, second, *_ = await turns_of(history, "c")
    assert (first.prompt, first.text) == ("my token is •••, is it not?", "you sent •••!")
    assert second.text == "you sent •••!"
    assert SENTINEL.encode() not in all_bytes(tmp_path)


async def test_switched_off_nothing_is_written(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    async with editor(folder, HistorySettings(enabled=False)) as (sessions, history):
        with HttpAgent(HELLO) as http:
            await consume(start(sessions, http, conversation_id="c"))
            assert (await history.page("", None, 9)).items == ()
            assert await history.export("c", "json") is None
            await sessions.recall("d")
            assert not folder.exists()
            history.settings = HistorySettings()
            await consume(start(sessions, http, conversation_id="c"))
        assert len(await turns_of(history, "c")) == 1


async def test_old_turns_go_when_the_history_is_first_used(tmp_path: Path) -> None:
    with closing(open_store(tmp_path)) as store:
        keep(store, "old", "hi", began=1 * DAY)
    async with editor(tmp_path, HistorySettings(keep_days=10**6)) as (_, history):
        assert len((await history.page("", None, 9)).items) == 1
    async with editor(tmp_path, HistorySettings(keep_days=10**9)) as (_, history):
        assert len((await history.page("", None, 9)).items) == 1
    async with editor(tmp_path) as (_, history):
        assert (await history.page("", None, 9)).items == ()


async def test_two_editors_write_at_once(tmp_path: Path) -> None:
    reply = Reply(b"word " * 40, headers=TEXT, chunk_size=5)
    with HttpAgent(reply) as http:
        async with editor(tmp_path) as (first, history), editor(tmp_path) as (second, other):
            told = await asyncio.gather(
                *[consume(start(sessions, http, conversation_id="c")) for sessions in (first, second)],
                *[consume(start(sessions, http)) for sessions in (first, second) for _ in range(10)],
            )
            assert [notices(one) for one in told] == [[]] * 22
            await other.page("", None, 1)  # so that all that it has is written
            assert [turn.text for turn in await turns_of(history, "c")] == ["word " * 40] * 2
    assert rows(tmp_path, "SELECT count(*), min(length(text)), count(DISTINCT conversation_id) FROM turns") == [
        (22, 200, 21)
    ]


# What is wrong with the disk


async def ask_twice(folder: Path) -> tuple[list[str], str]:
    """Two turns, which go well; what they say of the history, and what asking the history says."""
    said: list[str] = []
    async with editor(folder) as (sessions, history):
        with HttpAgent(HELLO) as http:
            for _ in range(2):
                told = await consume(start(sessions, http))
                assert (told.outcome.text, told.outcome.error) == ("hello", None)
                said += notices(told)
                try:
                    answer = str(len((await history.page("", None, 9)).items))
                except HistoryError as error:
                    answer = str(error)
            said += notices(await consume(start(sessions, http)))
    return said, answer


def make_newer(folder: Path) -> None:
    with closing(open_store(folder)) as store:
        store.connection.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")


def put_a_file_in_its_place(folder: Path) -> None:
    folder.rmdir()
    folder.write_text("a file")


@pytest.mark.parametrize(
    ("spoil", "cause"),
    [
        (make_newer, "a newer version of Dragoman has written it"),
        (lambda folder: (folder / FILE).mkdir(), os.strerror(errno.EISDIR)),
        (put_a_file_in_its_place, os.strerror(errno.EEXIST)),
    ],
)
async def test_a_history_that_cannot_be_opened(
    tmp_path: Path, spoil: Any, cause: str, caplog: pytest.LogCaptureFixture
) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    spoil(folder)
    said, answer = await ask_twice(folder)
    assert said == [f"The history of conversations is not kept until the next start: {cause}."]
    assert answer == f"The history cannot be read or written: {cause}."
    assert [record.levelno for record in caplog.records] == [logging.WARNING]


@pytest.mark.parametrize("content", [b"This is no database. " * 100, b"SQLite format 3\0" + b"\xff" * 5000])
async def test_a_broken_history_is_set_aside(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE).write_bytes(content)
    said, answer = await ask_twice(tmp_path)
    [broken] = tmp_path.glob(f"{FILE}.broken-*")
    assert said == [f"The history of conversations begins anew: its file was broken and is now {broken.name}."]
    assert answer == "2"
    assert broken.read_bytes() == content


async def test_a_history_that_breaks_in_use_is_set_aside(tmp_path: Path) -> None:
    with closing(open_store(tmp_path)) as store:
        for number in range(100):
            keep(store, f"c{number}", "hi" * 1000)
    healthy = (tmp_path / FILE).read_bytes()
    page_size = 4096
    (tmp_path / FILE).write_bytes(healthy[:page_size] + b"\xff" * (len(healthy) - page_size))
    said, answer = await ask_twice(tmp_path)
    assert len(said) == 1
    assert answer == "2"
    assert rows(tmp_path, "SELECT count(*) FROM turns") == [(3,)]


async def test_a_history_that_is_locked_is_written_later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dragoman.chat.history.store.PATIENCE_SECONDS", 0)
    open_store(tmp_path).close()
    async with editor(tmp_path) as (sessions, history):
        with HttpAgent(HELLO) as http, closing(sqlite3.connect(tmp_path / FILE, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            await consume(start(sessions, http, conversation_id="c"))
            assert await turns_of(history, "c") == []
            told = await consume(start(sessions, http, conversation_id="c"))
            other.rollback()
            while len(await turns_of(history, "c")) < 2:
                await asyncio.sleep(0.001)
    assert notices(told) == ["The history of conversations is not written at present: another program holds its file."]
    assert [turn[0] for turn in rows(tmp_path, "SELECT text FROM turns")] == ["hello", "hello"]


async def test_a_history_whose_folder_is_deleted_ends_without_a_word_to_the_turn(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    async with editor(folder) as (sessions, history):
        with HttpAgent(HELLO) as http:
            await consume(start(sessions, http))
            await history.page("", None, 9)
            shutil.rmtree(folder)
            told = await consume(start(sessions, http))
    assert (told.outcome.text, told.outcome.error) == ("hello", None)
