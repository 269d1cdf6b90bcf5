"""A program in a terminal of its own: keys go in as a user types them, and what it shows is gathered.

terminal = Terminal(["vim"], folder, environment)
terminal.type("ihello")
terminal.end(signal.SIGTERM)
"""

from __future__ import annotations

import fcntl
import os
import pty
import signal
import struct
import subprocess
import sys
import termios
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from polling import PATIENCE_SECONDS

LINES, COLUMNS = 40, 120
_TAKE_TERMINAL = "import os, sys; os.login_tty(os.dup(0)); os.execvp(sys.argv[1], sys.argv[1:])"


def own_home(folder: Path) -> dict[str, str]:
    """The environment of a program that finds nothing of the user's, but a folder each for what it keeps."""
    return {
        **os.environ,
        "HOME": str(folder / "home"),
        "LC_ALL": "C.UTF-8",
        "TERM": "xterm-256color",
        **{f"XDG_{name}_HOME": str(folder / name.lower()) for name in ("CONFIG", "DATA", "STATE", "CACHE")},
    }


class Terminal:
    """Runs from the beginning, until `end`."""

    def __init__(self, command: Sequence[str], folder: Path, environment: Mapping[str, str]) -> None:
        self.screen = bytearray()
        self._side, inside = pty.openpty()
        fcntl.ioctl(inside, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))
        self._process = subprocess.Popen(
            [sys.executable, "-c", _TAKE_TERMINAL, *command],
            cwd=folder,
            env=environment,
            stdin=inside,
            stdout=inside,
            stderr=inside,
        )
        os.close(inside)
        self._reading = threading.Thread(target=self._read, daemon=True)
        self._reading.start()

    def type(self, text: str) -> None:
        os.write(self._side, text.encode())

    def end(self, how: signal.Signals) -> None:
        self._process.send_signal(how)
        self._process.wait()
        self._reading.join(PATIENCE_SECONDS)
        os.close(self._side)

    def _read(self) -> None:
        with suppress(OSError):  # the other side was closed
            while piece := os.read(self._side, 65536):
                self.screen += piece
