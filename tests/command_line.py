"""The command line in a folder of its own, with the user's own folders beside it."""

from __future__ import annotations

import io
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from dragoman.cli.main import main


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    code: int
    out: str
    err: str


class CommandLine:
    """Runs commands in `here`."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch, capture: pytest.CaptureFixture[bytes]) -> None:
        self.here = folder / "work"
        self.here.mkdir()
        self._monkeypatch, self._capture = monkeypatch, capture
        monkeypatch.chdir(self.here)
        monkeypatch.setenv("COLUMNS", "100")
        for name in ("CONFIG", "DATA", "CACHE"):
            monkeypatch.setenv(f"XDG_{name}_HOME", str(folder / name.lower()))

    def run(self, *arguments: str, given: bytes = b"") -> Done:
        self._monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given)))
        self._capture.readouterr()
        try:
            code = main(arguments)
        except SystemExit as error:
            code = int(error.code or 0)
        out, err = self._capture.readouterr()
        return Done(code, out.decode(), err.decode())

    def write(self, text: str | bytes, name: str = "agents.json") -> Path:
        file = self.here / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode() if isinstance(text, str) else text)
        return file
