"""A real Vim in a terminal with a configuration of `editor-clients/vim` and a real server process.

with Vim(tmp_path, "ale.vim", setup="packadd ale") as vim:
    vim.open("agents.json", "[]")
    vim.keys("A,\x1b")
    vim.until("getline(1) == '[],'")

Keys go through the terminal, as a user's do; what is looked at is asked over a channel that Vim has opened.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import sys
from pathlib import Path
from typing import Any, Self

from polling import PATIENCE_SECONDS, poll
from terminal import Terminal, own_home

CONFIGURATIONS = Path(__file__).parent.parent / "editor-clients" / "vim"


class Vim:
    """Vim without the user's config, in a workspace of its own. Use it in `with`, which ends it and its server."""

    def __init__(self, folder: Path, configuration: str, *, setup: str) -> None:
        self.workspace = folder / "workspace"
        (self.workspace / ".git").mkdir(parents=True)
        self._config = folder / "config"
        self._vimrc = folder / "vimrc"
        self._vimrc.write_text(f"set nocompatible nomore hidden\nfiletype plugin on\n{setup}\n")
        after = folder / "home/.vim/after/plugin"
        after.mkdir(parents=True)
        (after / "dragoman.vim").symlink_to(CONFIGURATIONS / configuration)
        # The configurations say `dragoman`: the one of this Python.
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        self._environment = {**own_home(folder), "PATH": path}

    def __enter__(self) -> Self:
        listening = socket.create_server(("127.0.0.1", 0))
        channel = f"let g:test_channel = ch_open('127.0.0.1:{listening.getsockname()[1]}')"
        command = [find_vim(), "-u", str(self._vimrc), "-n", "-c", channel]
        self._terminal = Terminal(command, self.workspace, self._environment)
        try:
            with listening:
                listening.settimeout(PATIENCE_SECONDS)
                connection, _ = listening.accept()
        except BaseException:
            self._end()
            raise
        connection.settimeout(PATIENCE_SECONDS)
        self._channel = connection
        self._answers = connection.makefile("r", encoding="utf-8")
        return self

    def __exit__(self, *_: object) -> None:
        self._answers.close()
        self._channel.close()
        self._end()

    def _end(self) -> None:
        self._terminal.end(signal.SIGTERM)  # Vim ends its jobs, the server among them

    @property
    def screen(self) -> bytes:
        """All that Vim has shown so far."""
        return bytes(self._terminal.screen)

    def eval(self, expression: str) -> Any:
        """What an expression of Vim's is, by way of JSON."""
        self._send(["expr", expression, -1])
        _, value = json.loads(self._answers.readline())
        if value == "ERROR":
            raise RuntimeError(f"not an expression for Vim: {expression}")
        return value

    def until(self, expression: str) -> Any:
        """What an expression is as soon as that is true."""
        return poll(lambda: self.eval(expression), expression)

    def command(self, command: str) -> None:
        """An ex command."""
        self._send(["ex", command])
        self.eval("1")

    def keys(self, keys: str) -> None:
        """Type."""
        self._terminal.type(keys)

    def wait_for(self, pattern: str, start: int) -> tuple[str, ...]:
        """The groups of a pattern in what Vim has shown since there were `start` bytes of it."""

        def found() -> re.Match[str] | None:
            shown = self.screen[start:].decode(errors="replace")
            return re.search(pattern, re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", shown))

        return poll(found, pattern).groups()

    def open(self, name: str, text: str) -> Path:
        """Write a file and show it."""
        path = self.workspace / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        self.command(f"edit {name}")
        return path

    def write_agents(self, *agents: dict[str, Any]) -> None:
        """The user's own, which are asked without a question."""
        own = self._config / "dragoman/agents.json"
        own.parent.mkdir(parents=True)
        own.write_text(json.dumps(agents), encoding="utf-8")

    @property
    def text(self) -> str:
        """Of the buffer that is shown."""
        return "\n".join(self.eval("getline(1, '$')"))

    def _send(self, message: object) -> None:
        self._channel.sendall(json.dumps(message).encode() + b"\n")


def find_vim() -> str:
    """Vim: $VIM_PROGRAM, else the one on the path."""
    vim = shutil.which(os.environ.get("VIM_PROGRAM", "vim"))
    if vim is None:
        raise LookupError("These tests need Vim 9 with ALE; on Debian: apt install vim vim-ale.")
    return vim
