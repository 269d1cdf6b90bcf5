"""The difference that fixes make to a file."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator


def difference(name: str, before: str, after: str) -> Iterator[str]:
    """A unified diff that `patch -p0` can apply, line by line, each with its line end."""
    for line in difflib.unified_diff(_lines(before), _lines(after), name, name):
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def _lines(text: str) -> list[str]:
    return re.findall(r"[^\n]*\n|[^\n]+", text)
