"""A real Vim in a terminal with a configuration of `editor-clients/vim` and a real server process.

with Vim(tmp_path, "ale.vim", setup="packadd ale") as vim:
    vim.open("agents.json", "[]")
    vim.keys("A,\x1b")
    vim.until("getline(1) == '[],'")

Keys go through the terminal, as a user's do; what is looked at is asked over a channel that Vim has opened.
"""

from __future__ import annotations

import fcntl
import json
import os
import pty
import re
import shutil
import socket
import struct
import subprocess
import sys
import termios
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

CONFIGURATIONS = Path(__file__).parent.parent / "editor-clients" / "vim"
PATIENCE_SECONDS = 30
"""After which what was waited for is taken not to come."""

LINES, COLUMNS = 40, 120
_TAKE_TERMINAL = "import os, sys; os.login_tty(os.dup(0)); os.execvp(sys.argv[1], sys.argv[1:])"


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
        self._environment = {
            **os.environ,
            "HOME": str(folder / "home"),
            "PATH": path,
            "TERM": "xterm-256color",
            "LC_ALL": "C.UTF-8",
            **{f"XDG_{name}_HOME": str(folder / name.lower()) for name in ("CONFIG", "DATA", "STATE", "CACHE")},
        }

    def __enter__(self) -> Self:
        listening = socket.create_server(("127.0.0.1", 0))
        self._terminal, inside = pty.openpty()
        fcntl.ioctl(inside, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))
        channel = f"let g:test_channel = ch_open('127.0.0.1:{listening.getsockname()[1]}')"
        self._process = subprocess.Popen(
            [sys.executable, "-c", _TAKE_TERMINAL, find_vim(), "-u", str(self._vimrc), "-n", "-c", channel],
            cwd=self.workspace,
            env=self._environment,
            stdin=inside,
            stdout=inside,
            stderr=inside,
        )
        os.close(inside)
        self.screen = bytearray()
        self._reading = threading.Thread(target=self._read_terminal, daemon=True)
        self._reading.start()
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
        self._process.terminate()  # Vim ends its jobs, the server among them
        self._process.wait()
        self._reading.join(PATIENCE_SECONDS)
        os.close(self._terminal)

    def _read_terminal(self) -> None:
        with suppress(OSError):  # the other side was closed
            while piece := os.read(self._terminal, 65536):
                self.screen += piece

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
        os.write(self._terminal, keys.encode())

    def wait_for(self, pattern: str, start: int) -> tuple[str, ...]:
        """The groups of a pattern in what Vim has shown since there were `start` bytes of it."""

        def found() -> re.Match[str] | None:
            shown = bytes(self.screen[start:]).decode(errors="replace")
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


def poll(condition: Callable[[], Any], what: str) -> Any:
    """The first true value of `condition`."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not (value := condition()):
        if time.monotonic() > deadline:
            raise TimeoutError(f"waited in vain: {what}")
        time.sleep(0.01)
    return value
