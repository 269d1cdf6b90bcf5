"""The log: where it goes, how much it tells, and that it can be shown."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from lsprotocol import types
from pytest_lsp import ClientServerConfig

from http_agent import HttpAgent, Reply
from lsp_session import BARE, Editor, able, start

QUESTION, ANSWER = "a question of 77 words", "an answer of 78 words"


def path_of(uri: str) -> Path:
    return Path(unquote(urlsplit(uri).path))


async def test_a_turn_is_told_without_what_was_said(tmp_path: Path) -> None:
    async with start(tmp_path) as editor:
        with HttpAgent(Reply(f"data: {ANSWER}\n\n".encode()), Reply(b"", 404)) as http:
            editor.open_agents({"name": "docs", "url": f"{http.url}?key=sesame-of-query"})
            await editor.prompt("docs", QUESTION, turnId="turn-1")
            await editor.prompt("docs", QUESTION, turnId="turn-2")
            log = editor.log.read_text()
        host = f"127.0.0.1:{http.port}"
    assert f"INFO turn 'turn-1' asks agent 'docs' at {host}\n" in log
    assert "DEBUG Agent 'docs' answered HTTP 200, read by SseDecoder\n" in log
    assert "INFO turn 'turn-1' ended: completed, " in log
    assert "INFO turn 'turn-2' ended: error (not_found, HTTP 404), 0 characters" in log
    for secret in (QUESTION, ANSWER, "sesame"):
        assert secret not in log


async def test_it_can_be_shown(tmp_path: Path) -> None:
    async with start(tmp_path) as editor:
        uri = (await editor.command("dragoman.showLog"))["uri"]
        (shown,) = await editor.until(lambda: editor.shown_documents)
        assert shown.uri == uri
        assert path_of(uri) == editor.log


async def own_log(folder: Path, settings: Any = None, *arguments: str) -> tuple[Path, str]:
    """Where a server without `--log-file` logs, and what one turn has brought."""
    environment = {**os.environ, "XDG_CACHE_HOME": str(folder / "cache"), "XDG_CONFIG_HOME": str(folder / "config")}
    command = [sys.executable, "-m", "dragoman", "serve", *arguments]
    process = ClientServerConfig(command, client_factory=Editor, server_env=environment)
    editor = await process.start()
    assert isinstance(editor, Editor)
    editor.folder = folder
    editor.set_configuration(settings, section="dragoman")
    await editor.initialize_session(types.InitializeParams(able(window={}), initialization_options=settings))
    with HttpAgent(Reply(b"data: hello\n\n")) as http:
        editor.open_agents({"name": "docs", "url": http.url})
        await editor.roundtrip()
        await editor.prompt("docs")
    path = path_of((await editor.command("dragoman.showLog"))["uri"])
    await editor.until(lambda: editor.messages)
    assert editor.messages[0].message == f"The log is {path}"
    text = path.read_text()
    await editor.shutdown_session()
    await editor.stop()
    return path, text


async def test_without_a_file_of_the_users_there_is_one_of_its_own(tmp_path: Path) -> None:
    path, text = await own_log(tmp_path)
    assert path.parent == tmp_path / "cache/dragoman/log"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert text.endswith("level warning\n")
    assert "docs" not in text


async def test_the_setting_names_the_level(tmp_path: Path) -> None:
    _, text = await own_log(tmp_path, {"log": {"level": "info"}})
    assert "asks agent 'docs'" in text
    assert "answered HTTP" not in text


async def test_the_command_line_wins(tmp_path: Path) -> None:
    _, text = await own_log(tmp_path, {"log": {"level": "debug"}}, "--log-level", "error")
    assert "docs" not in text


LOG = "log = logging.getLogger('dragoman')"


def run(code: str, folder: Path) -> str:
    """What a program that logs leaves on stderr."""
    environment = {**os.environ, "XDG_CACHE_HOME": str(folder)}
    program = f"import logging, threading\nfrom dragoman.lsp import logs\nlogs.configure('debug')\n{LOG}\n{code}"
    return subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True).stderr


@pytest.mark.parametrize(
    "code",
    [
        "raise ValueError('sesame')",
        "t = threading.Thread(target=lambda: {}['sesame'])\nt.start()\nt.join()",
        "class Bad:\n    def __del__(self): raise ValueError('sesame')\nBad()",
        "from dragoman.chat.redaction import Redactor\nlogs.conceal(Redactor(['sesame']))\nlog.error('sesame')",
        "log.error('%s', 'a', 'sesame')",
    ],
    ids=["main", "thread", "finalizer", "known", "broken"],
)
def test_no_values_when_it_ends_badly(code: str, tmp_path: Path) -> None:
    output = run(code, tmp_path)
    assert "sesame" not in output
    (file,) = tmp_path.glob("dragoman/log/*.log")
    assert "sesame" not in file.read_text()


def test_old_logs_and_long_logs_are_put_away(tmp_path: Path) -> None:
    folder = tmp_path / "dragoman/log"
    folder.mkdir(parents=True)
    for number in range(15):
        (folder / f"20200101-0000{number:02}-1.log").touch()
        (folder / f"20200101-0000{number:02}-1.old").touch()
    run("for _ in range(25): log.error('x' * 100_000)", tmp_path)
    logs = sorted(folder.glob("*.log"))
    assert len(logs) == 10
    assert all(file.stat().st_size <= 1_100_000 for file in folder.iterdir())
    assert len(list(folder.glob("*.old"))) == 10


def test_a_folder_that_cannot_be_written_is_no_matter(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.touch()
    assert "hello" in run("log.error('hello')", blocked)


async def test_a_client_that_cannot_show_it_is_told_the_path(tmp_path: Path) -> None:
    async with start(tmp_path, BARE) as editor:
        await editor.command("dragoman.showLog")
        await editor.until(lambda: editor.messages)
        assert editor.messages[0].message == f"The log is {editor.log}"
