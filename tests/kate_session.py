"""A real Kate on a display of its own, with the configuration of `editor-clients/kate` and a real server process.

with Kate(tmp_path) as kate:
    kate.open("agents.json", "[]")
    kate.keys("ctrl+End", "alt+Return")

Keys are pressed by xdotool. What is looked at is what Kate and the server have said to each other, and what Kate saves.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

from polling import poll
from terminal import own_home

SETTINGS = Path(__file__).parent.parent / "editor-clients" / "kate" / "settings.json"

_PROGRAMS = ("kate", "Xvfb", "xdotool", "dbus-run-session")
_KATERC = """[General]
Show welcome view for new window=false

[Kate Plugins]
lspclientplugin=true

[lspclient]
AllowedServerCommandLines={program} serve
"""
_RECORDING = """#!/bin/sh
tee {told} | '{python}' -m dragoman "$@" | tee {said}
"""


class Kate:
    """Kate without the user's config, in a workspace of its own. Use it in `with`, which ends it and its server."""

    def __init__(self, folder: Path) -> None:
        self.workspace = folder / "workspace"
        (self.workspace / ".git").mkdir(parents=True)
        self._folder = folder
        self._told, self._said = folder / "told", folder / "said"
        self._programs = folder / "bin"
        self._programs.mkdir()
        program = self._programs / "dragoman"
        program.write_text(_RECORDING.format(told=self._told, python=sys.executable, said=self._said))
        program.chmod(0o755)
        self._config = folder / "config"
        (self._config / "kate/lspclient").mkdir(parents=True)
        shutil.copy(SETTINGS, self._config / "kate/lspclient")
        (self._config / "katerc").write_text(_KATERC.format(program=program))
        (folder / "runtime").mkdir(mode=0o700)

    def __enter__(self) -> Self:
        missing = [program for program in _PROGRAMS if shutil.which(program) is None]
        if missing:
            raise LookupError(
                f"No {', '.join(missing)}: these tests need Kate; on Debian: apt install kate xvfb xdotool dbus-daemon."
            )
        reading, writing = os.pipe()
        screen = ["-screen", "0", "1000x700x24", "-nolisten", "tcp"]
        self._display = subprocess.Popen(["Xvfb", "-displayfd", str(writing), *screen], pass_fds=[writing])
        os.close(writing)
        with os.fdopen(reading) as number:
            display = number.readline().strip()
        self._environment = {
            **own_home(self._folder),
            "DISPLAY": f":{display}",
            "PATH": f"{self._programs}{os.pathsep}{os.environ['PATH']}",
            "QT_QPA_PLATFORM": "xcb",
            "XDG_RUNTIME_DIR": str(self._folder / "runtime"),
        }
        self._kate: subprocess.Popen[bytes] | None = None
        return self

    def __exit__(self, *_: object) -> None:
        if self._kate is not None:
            self._kate.terminate()
            self._kate.wait()
        self._display.terminate()
        self._display.wait()

    def open(self, name: str, text: str) -> Path:
        """Write a file, and start Kate with it. Returns once the server has it."""
        path = self.workspace / name
        path.write_text(text, encoding="utf-8")
        command = ["dbus-run-session", "--", "kate", "-b", "-n", str(path)]
        log = (self._folder / "kate.log").open("wb")
        self._kate = subprocess.Popen(
            command, cwd=self.workspace, env=self._environment, stdout=log, stderr=subprocess.STDOUT
        )
        log.close()
        self.until_told("textDocument/didOpen")
        windows = poll(self._windows, "a window")
        self._xdotool("windowfocus", "--sync", windows[-1])
        return path

    def write_agents(self, *agents: dict[str, Any]) -> None:
        """The user's own, which are asked without a question."""
        own = self._config / "dragoman/agents.json"
        own.parent.mkdir(parents=True)
        own.write_text(json.dumps(agents), encoding="utf-8")

    def keys(self, *keys: str) -> None:
        """Press keys, as xdotool names them."""
        self._xdotool("key", *keys)

    def choose_first_action(self) -> None:
        """Of the menu that Kate's *Code Action* shows, which is there before its entries are."""
        without = self._windows()
        self.keys("alt+Return")
        poll(lambda: self._windows() != without, "the menu")

        def is_over() -> bool:
            if is_open := self._windows() != without:
                self.keys("Home", "Return")
            return not is_open

        poll(is_over, "the end of the menu", every=0.5)

    def until_saved(self, path: Path, condition: Callable[[str], bool]) -> str:
        """The file as soon as Kate has saved what `condition` is true of."""

        def saved() -> str | None:
            self.keys("ctrl+s")
            text = path.read_text(encoding="utf-8")
            return text if condition(text) else None

        return poll(saved, "the file", every=0.2)

    def told(self, method: str) -> list[Any]:
        """The params of what Kate has told the server."""
        return [message.get("params") for message in _messages(self._told) if message.get("method") == method]

    def said(self, method: str) -> list[Any]:
        """The params of what the server has said."""
        return [message.get("params") for message in _messages(self._said) if message.get("method") == method]

    def until_told(self, method: str) -> list[Any]:
        """The same as soon as there is some."""
        return poll(lambda: self.told(method), method)

    def _windows(self) -> list[str]:
        found = self._xdotool("search", "--onlyvisible", "--class", "kate")
        return found.split()

    def _xdotool(self, *arguments: str) -> str:
        """What xdotool prints; it fails where it finds nothing."""
        done = subprocess.run(["xdotool", *arguments], env=self._environment, capture_output=True, text=True)
        return done.stdout


def _messages(record: Path) -> list[dict[str, Any]]:
    """The whole messages in a record of one direction."""
    data, start, found = record.read_bytes() if record.exists() else b"", 0, []
    while header := re.compile(rb"Content-Length: (\d+)\r\n(?:[^\r\n]+\r\n)*\r\n").match(data, start):
        start = header.end() + int(header[1])
        if start > len(data):
            break
        found.append(json.loads(data[header.end() : start]))
    return found
