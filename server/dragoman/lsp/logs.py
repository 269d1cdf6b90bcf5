"""The server's log: one line an event, on stderr or in a file.

Params, results and the texts of exceptions are never logged: they hold prompts and tokens. For the same reason nothing
is shown of what the libraries log.
"""

from __future__ import annotations

import asyncio
import logging
import sys
import traceback
from collections.abc import Mapping
from pathlib import Path

LEVELS = ("error", "warning", "info", "debug")
"""What `--log-level` may be, from quiet to loud."""

_PACKAGE = Path(__file__).parent.parent

_log = logging.getLogger("dragoman")


class _OneLine(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return super().format(record).replace("\r", "\\r").replace("\n", "\\n")


def configure(level: str, file: Path | None = None) -> None:
    """Send the log to `file`, or else to stderr. Raises OSError if the file cannot be opened."""
    handler = logging.StreamHandler(sys.stderr) if file is None else _file_handler(file)
    handler.setFormatter(_OneLine("%(asctime)s %(levelname)s %(message)s"))
    _log.handlers = [handler]
    _log.propagate = False
    _log.setLevel(level.upper())
    logging.getLogger().addHandler(logging.NullHandler())  # else Python prints the warnings of libraries by itself
    logging.getLogger("pygls").setLevel(logging.CRITICAL)  # saves the making of records that nobody sees
    logging.raiseExceptions = False  # else a log that cannot be written prints its arguments


def _file_handler(file: Path) -> logging.Handler:
    return logging.FileHandler(file, encoding="utf-8", errors="backslashreplace")


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
