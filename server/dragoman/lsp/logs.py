"""The server's log: one line an event, on stderr and in a file of its own, or in the file that the user has named.

Params, results and the texts of exceptions are never logged: they hold prompts and tokens. For the same reason nothing
is shown of what the libraries log. Should a secret of the session come into a line nevertheless, it is taken out.
"""

from __future__ import annotations

import asyncio
import logging
import os
import sys
import threading
import time
import traceback
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from dragoman.paths import cache_folder
from dragoman.settings import LOG_LEVELS

if TYPE_CHECKING:
    from dragoman.chat.redaction import Redactor

LEVELS = LOG_LEVELS
"""What `--log-level` may be, from quiet to loud."""

LONGEST_FILE = 1024 * 1024
"""Characters of a log of our own; then it is put aside as `….old`, in the place of an older one."""

MOST_FILES = 10
"""Logs of our own that are kept."""

_PACKAGE = Path(__file__).parent.parent

_log = logging.getLogger("dragoman")


def configure(level: str | None, file: Path | None = None) -> None:
    """Send the log to `file`, or else to stderr and a file of our own. Raises OSError if `file` cannot be opened.

    With no `level` it is "warning", until `use_level` says something else.
    """
    _log.handlers = [logging.StreamHandler(sys.stderr), _OwnFile()] if file is None else [_named_file(file)]
    for handler in _log.handlers:
        handler.setFormatter(_line)
    _log.propagate = False
    _log.setLevel((level or "warning").upper())
    _line.level_is_fixed = level is not None
    logging.getLogger().addHandler(logging.NullHandler())  # else Python prints the warnings of libraries by itself
    logging.getLogger("pygls").setLevel(logging.CRITICAL)  # saves the making of records that nobody sees
    logging.raiseExceptions = False  # else a log that cannot be written prints its arguments
    _show_no_values_at_the_end()


def use_level(level: str) -> None:
    """Take the level that the settings name, unless the command line has named one."""
    if not _line.level_is_fixed:
        _log.setLevel(level.upper())


def conceal(redact: Redactor) -> None:
    """From now on, no line shows the secrets that `redact` knows."""
    _line.redact = redact if _line.redact is None else _line.redact.joined(redact)


def log_file() -> Path:
    """The file that is logged to, which is there."""
    for handler in _log.handlers:
        match handler:
            case _OwnFile():
                handler.begin()
                return handler.path
            case logging.FileHandler():
                return Path(handler.baseFilename)
            case _:
                pass
    raise AssertionError("the log is configured before anything else")


def describe(error: BaseException) -> str:
    """The kind of the error and the place of our code that it came from: `KeyError at lsp/server.py:12`."""
    place = ""
    for frame, line in traceback.walk_tb(error.__traceback__):
        file = Path(frame.f_code.co_filename)
        if file.is_relative_to(_PACKAGE):
            place = f" at {file.relative_to(_PACKAGE).as_posix()}:{line}"
    return type(error).__name__ + place


def log_unhandled(loop: asyncio.AbstractEventLoop, context: Mapping[str, object]) -> None:
    """An event loop's exception handler that shows no values."""
    error = context.get("exception")
    _log.error(
        "%s: %s", context.get("message"), describe(error) if isinstance(error, BaseException) else "no exception"
    )


class _OneLine(logging.Formatter):
    """Also holds what changes about the log while it is written."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(message)s")
        self.redact: Redactor | None = None
        self.level_is_fixed = False

    def format(self, record: logging.LogRecord) -> str:
        line = super().format(record)
        if self.redact is not None:
            line = self.redact(line)
        return line.replace("\r", "\\r").replace("\n", "\\n")


_line = _OneLine()


class _OwnFile(logging.Handler):
    """A file for this user only, begun with the first line and closed after each: what is logged survives a crash."""

    def __init__(self) -> None:
        super().__init__()
        self.path = cache_folder() / "log" / f"{time.strftime('%Y%m%d-%H%M%S')}-{os.getpid()}.log"
        self._length = 0

    def begin(self) -> None:
        """Make the file, if nothing was logged yet."""
        if not self._length:
            level = logging.getLevelName(_log.level).lower()
            with suppress(OSError):
                self._write(f"{time.strftime('%Y-%m-%d %H:%M:%S')} the log of process {os.getpid()}, level {level}\n")

    def emit(self, record: logging.LogRecord) -> None:
        try:
            self.begin()
            self._write(f"{self.format(record)}\n")
        except Exception:  # noqa: BLE001  # as in the standard library: to log must cost nothing else
            self.handleError(record)

    def _write(self, line: str) -> None:
        if not self._length:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            _remove_oldest(self.path.parent)
        elif self._length + len(line) > LONGEST_FILE:
            self.path.replace(self.path.with_suffix(".old"))
            self._length = 0
        with open(self.path, "a", encoding="utf-8", errors="backslashreplace", opener=_for_this_user) as file:
            file.write(line)
        self._length += len(line)


def _for_this_user(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _remove_oldest(folder: Path) -> None:
    """Make room for one more log."""
    names = sorted(file.stem for file in folder.glob("*.log"))
    for name in names[: max(0, len(names) + 1 - MOST_FILES)]:
        for suffix in (".log", ".old"):
            with suppress(OSError):
                (folder / name).with_suffix(suffix).unlink(missing_ok=True)


def _named_file(file: Path) -> logging.Handler:
    return logging.FileHandler(file, encoding="utf-8", errors="backslashreplace")


def _show_no_values_at_the_end() -> None:
    """What nobody has caught is logged like all else: Python would print its text, and the lines that led to it."""
    sys.excepthook = lambda _kind, error, _place: _log.critical("ended by %s", describe(error))
    sys.unraisablehook = lambda unraisable: _log.error("ignored: %s", type(unraisable.exc_value).__name__)
    threading.excepthook = lambda arguments: _log.error(
        "a thread ended by %s", describe(arguments.exc_value) if arguments.exc_value else "nothing"
    )
