"""A request as a command for a POSIX shell, which puts the values of variables into it.

`${env:NAME}` becomes `"$NAME"`; what the shell cannot know becomes a variable to be set, such as
`"$DRAGOMAN_AUTHORIZATION"`.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable

from dragoman.chat.marked import Hidden, Piece
from dragoman.secrets.reference import Reference

LONGEST_ARGUMENT = 100_000
"""Bytes of a body that goes into an argument; Linux takes 128 KiB for one. What is longer goes through a pipe."""

_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def curl_command(
    url: list[Piece], headers: Iterable[list[Piece]], body: list[Piece], login: list[Piece] | None = None
) -> str:
    """The command, on one line. It shows the answer as it comes, decompressed.

    `headers` are in curl's words: `Name: value`, or `Name;` for an empty one. `login` is one that it has to encode.
    """
    words = ["curl", "-N", "--compressed", "--globoff", _word(url)]
    words += ["--user", _word(login)] if login else []
    words += [word for header in headers for word in ("-H", _word(header))]
    if sum(len(piece.encode()) for piece in body if isinstance(piece, str)) <= LONGEST_ARGUMENT:
        return " ".join([*words, "--data-raw", _word(body)])
    return f"printf %s {_word(body)} | {' '.join([*words, '--data-binary', '@-'])}"


def _word(pieces: list[Piece]) -> str:
    """One word of the shell: what is text in quotes that nothing gets out of, the rest left to the shell."""
    return "".join(shlex.quote(piece) if isinstance(piece, str) else f'"${_variable(piece)}"' for piece in pieces)


def _variable(piece: Reference | Hidden) -> str:
    if isinstance(piece, Reference) and piece.source == "env" and _VARIABLE.fullmatch(piece.name):
        return piece.name
    return "DRAGOMAN_" + re.sub("[^A-Z0-9]+", "_", piece.name.upper())
