"""Which files `dragoman check` looks at, and what is in them."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from dragoman.cli.naming import name_of
from dragoman.cli.report.findings import Failure
from dragoman.paths import user_agent_file
from dragoman.project.provider_files import user_definitions
from dragoman.project.recognise import find_files

STDIN = "-"
_LARGEST = 16 << 20
"""Bytes; a larger file is no agent file that somebody wrote."""
_MARK = "\ufeff"
"""The mark that some editors put at the start of a file; no part of its text."""


@dataclass(frozen=True, slots=True)
class Source:
    """The text to check of one file. `path` is absolute, `name` what it is called from this folder."""

    path: Path
    name: str
    text: str = field(repr=False)
    mark: str = ""
    """The byte order mark in front of the text, if there is one."""
    is_stdin: bool = False


def find_sources(paths: Sequence[str], stdin_name: str, globs: Sequence[str] = ()) -> Iterator[Source | Failure]:
    """Everything to check, each file once; without paths, what lies below this folder.

    What is read from stdin is taken for the file `stdin_name`, which need not be there. `globs` are those of more files
    in folders.
    """
    seen: set[Path] = set()
    for path in paths or ["."]:
        for found in (
            _read_stdin(stdin_name) if path == STDIN else _read_path(_absolute(path), globs, is_named=bool(paths))
        ):
            if isinstance(found, Failure):
                yield found
            elif found.path not in seen:
                seen.add(found.path)
                yield found


def workspaces(paths: Iterable[str]) -> list[Path]:
    """The folders whose agents and providers count: this one, and what was named outside of it."""
    here = Path.cwd()
    outside = [path for path in map(_absolute, paths) if not path.is_relative_to(here)]
    return [here, *dict.fromkeys(path if path.is_dir() else path.parent for path in outside)]


def surroundings(folders: Iterable[Path], globs: Sequence[str] = ()) -> set[Path]:
    """All files that agents of these workspaces may have to do with: theirs, and the user's own."""
    return {user_agent_file(), *user_definitions(), *(path for folder in folders for path in find_files(folder, globs))}


def _absolute(path: str) -> Path:
    return Path(os.path.abspath(path))


def _read_path(path: Path, globs: Sequence[str], *, is_named: bool) -> Iterator[Source | Failure]:
    if not path.is_dir():
        yield _read(path)
        return
    try:
        os.scandir(path).close()
    except OSError as error:
        yield Failure(name_of(path), _reason(error))
        return
    files = find_files(path, globs)
    if is_named and not files:
        yield Failure(name_of(path), "no agent file is in this folder")
    yield from map(_read, files)


def _read(path: Path) -> Source | Failure:
    try:
        with path.open("rb") as file:
            return _decode(path, name_of(path), file.read(_LARGEST + 1))
    except (OSError, ValueError) as error:  # ValueError: a name with NUL in it
        return Failure(name_of(path), _reason(error) if isinstance(error, OSError) else str(error))


def _read_stdin(name: str) -> Iterator[Source | Failure]:
    found = _decode(_absolute(name or "<stdin>"), name or "<stdin>", sys.stdin.buffer.read(_LARGEST + 1))
    yield Source(found.path, found.name, found.text, found.mark, is_stdin=True) if isinstance(found, Source) else found


def _decode(path: Path, name: str, data: bytes) -> Source | Failure:
    if len(data) > _LARGEST:
        return Failure(name, f"larger than {_LARGEST >> 20} MB")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return Failure(name, f"not UTF-8 text (line {line}, byte {error.start + 1} of the file)")
    return Source(path, name, text.removeprefix(_MARK), text[: text.startswith(_MARK)])


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()
