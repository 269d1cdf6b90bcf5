"""`kill -9` at any moment leaves the history whole, and costs at most what came in the last quarter of a second.

Two real servers at a time stream into one history, and each is killed at a moment of its own. DRAGOMAN_KILLS says how
many are killed.
"""

from __future__ import annotations

import json
import os
import random
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path

from http_agent import HttpAgent, Reply
from kept_turns import rows
from raw_client import RawClient

KILLS = int(os.environ.get("DRAGOMAN_KILLS", "20"))
ROUNDS_OF_ONE_FILE = 5
PROMISED_SECONDS = 0.25
LONGEST_LIFE = 0.8
"""Seconds from the prompt to the kill; the first text comes after about 0.2 s."""

PIECES = [f"piece {number} " for number in range(2000)]
ANSWER = "".join(PIECES)
REPLY = Reply([f"data: {json.dumps({'text': piece})}\n\n".encode() for piece in PIECES], pause=0.002)


def test_a_killed_server_leaves_the_history_whole(tmp_path: Path) -> None:
    moments = random.Random(1)
    with HttpAgent(REPLY) as http, ThreadPoolExecutor(2) as editors:
        write_agents(tmp_path, http)
        for round_ in range(KILLS // 2):
            data = tmp_path / f"data-{round_ // ROUNDS_OF_ONE_FILE}"
            lives = [(data, f"turn-{round_}-{editor}", moments.uniform(0, LONGEST_LIFE)) for editor in range(2)]
            due = [*editors.map(lambda life: stream_and_kill(tmp_path, *life), lives)]
            for (_, turn_id, _), text in zip(lives, due, strict=True):
                check(data / "dragoman", turn_id, text)


def write_agents(folder: Path, http: HttpAgent) -> None:
    (folder / "workspace").mkdir()
    agent = {"name": "a", "url": http.url, "connector": {"responseFormat": "$.text"}}
    (folder / "config/dragoman").mkdir(parents=True)  # the user's own, which is asked without a question
    (folder / "config/dragoman/agents.json").write_text(json.dumps(agent))


def stream_and_kill(folder: Path, data: Path, turn_id: str, life: float) -> str:
    """A server that is killed while it streams; the text that it must have kept."""
    homes = {"XDG_CONFIG_HOME": str(folder / "config"), "XDG_CACHE_HOME": str(folder / "cache")}
    heard: list[tuple[float, str]] = []
    with RawClient(env={**os.environ, **homes, "XDG_DATA_HOME": str(data)}) as client:
        client.initialize(rootUri=(folder / "workspace").as_uri())
        params = {"agent": "a", "prompt": "go", "turnId": turn_id, "partialResultToken": "p"}
        client.start_request("dragoman/prompt", params)
        with killed(client, life) as moments, suppress(EOFError, ConnectionError):
            while True:
                for event in events(client.receive()):
                    heard.append((time.monotonic(), event.get("delta", "")))
    return "".join(delta for at, delta in heard if at < moments[0] - PROMISED_SECONDS)


@contextmanager
def killed(client: RawClient, life: float) -> Iterator[list[float]]:
    """Kills the server after so many seconds; the list then holds when."""
    moments: list[float] = []

    def kill() -> None:
        moments.append(time.monotonic())
        client.process.kill()

    timer = threading.Timer(life, kill)
    timer.start()
    yield moments
    timer.join()


def events(message: dict[str, object]) -> list[dict[str, str]]:
    params = message.get("params")
    return params["value"] if isinstance(params, dict) and params.get("token") == "p" else []


def check(folder: Path, turn_id: str, due: str) -> None:
    if not folder.exists():
        assert due == "", "killed before it wrote anything"
        return
    assert rows(folder, "PRAGMA integrity_check") == [("ok",)]
    has_tables = rows(folder, "SELECT count(*) FROM sqlite_master WHERE name = 'turns'") == [(1,)]
    found = rows(folder, f"SELECT text, incomplete FROM turns WHERE id = '{turn_id}'") if has_tables else []
    [(text, incomplete)] = found or [("", 1)]
    assert ANSWER.startswith(text)
    assert text.startswith(due)
    assert incomplete
