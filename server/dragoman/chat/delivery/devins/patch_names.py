"""The names of files in the headers of a diff."""

from __future__ import annotations

import re

_NO_FILE = "/dev/null"
_PREFIX = re.compile(r"[abciow]/(?=.)")
"""What git puts before a path: another letter on each side, such as `a/` and `b/`."""

_ESCAPE = re.compile(r"\\([0-7]{3}|.)")
_ESCAPED = {"n": 10, "t": 9, "r": 13, "a": 7, "b": 8, "f": 12, "v": 11}


def file_names(old_line: str, new_line: str) -> tuple[str | None, str | None]:
    """The paths in `--- a/PATH` and `+++ b/PATH`; None where that is no file."""
    old, new = _named(old_line.removeprefix("--- ")), _named(new_line.removeprefix("+++ "))
    if old is None or new is None:
        return _without_prefix(old, "a/"), _without_prefix(new, "b/")
    if _PREFIX.match(old) and _PREFIX.match(new) and old[0] != new[0]:
        return old[2:], new[2:]
    return old, new


def git_name(text: str) -> str:
    """A path as git writes it: in quotes, with escapes, if it holds anything unusual."""
    if not (text.startswith('"') and text.endswith('"') and len(text) > 1):
        return text
    raw = _ESCAPE.sub(lambda escape: chr(_byte(escape[1])), text[1:-1].encode("utf-8").decode("latin-1"))
    return raw.encode("latin-1", "replace").decode("utf-8", "replace")


def _named(text: str) -> str | None:
    # A time may stand behind the path, and a tab between them.
    name = git_name(text.partition("\t")[0].strip())
    return None if name == _NO_FILE else name


def _without_prefix(name: str | None, prefix: str) -> str | None:
    return None if name is None else name.removeprefix(prefix)


def _byte(escape: str) -> int:
    return int(escape, 8) % 256 if len(escape) == 3 else _ESCAPED.get(escape, ord(escape))
