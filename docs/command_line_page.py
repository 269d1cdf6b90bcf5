"""The parts of `command-line.md` that the commands say themselves: each block of `$ dragoman … --help`."""

from __future__ import annotations

import contextlib
import io
import os
import re
from unittest import mock

from dragoman.cli.main import main

HELP = re.compile(r"(```console\n\$ dragoman ([^\n]*--help)\n).*?(```)", re.DOTALL)
WIDTH = "100"


def filled(page: str) -> str:
    """The page, each of its parts made anew."""
    return HELP.sub(lambda block: f"{block[1]}{_printed(block[2].split())}{block[3]}", page)


def _printed(arguments: list[str]) -> str:
    printed = io.StringIO()
    with (
        mock.patch.dict(os.environ, COLUMNS=WIDTH),
        contextlib.redirect_stdout(printed),
        contextlib.suppress(SystemExit),
    ):
        main(arguments)
    return printed.getvalue()
