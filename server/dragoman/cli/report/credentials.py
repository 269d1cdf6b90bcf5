"""Where a text may hold credentials. Looks at the characters alone, since the text may be broken JSON.

Rather too much than too little: what is found is only not shown.
"""

from __future__ import annotations

import re

from dragoman.secrets.names import names_credential
from dragoman.secrets.reference import find_references
from dragoman.syntax.text import Span

_KEY = re.compile(r"""(?<![\w.-])([\w.-]{1,64})\\*["']?\s*:\s*""")
"""A key and its colon; in JSON inside a string, with a backslash before the quote."""
_VALUE = re.compile(
    r"""  "((?:\\.|[^"\\\r\n])*)                  # a string, perhaps an open one
        | '((?:\\.|[^'\\\r\n])*)
        | \\+"((?:(?!\\{0,16}")[^\r\n])*)              # one in JSON inside a string
    """,
    re.VERBOSE,
)
_PARAMETER = re.compile(r"[?&]([\w.-]{1,64})=([^&#\"'\\\s]+)")
_LOGIN = re.compile(r"://([^/?#@\"'\\\s]{1,512})@")


def credential_spans(text: str) -> list[Span]:
    """The values of keys and query parameters named like credentials, and logins in URLs; in order, apart.

    A value that refers to a secret kept elsewhere is none itself.
    """
    entries = (_VALUE.match(text, key.end()) for key in _KEY.finditer(text) if names_credential(key[1]))
    found = [value.span(value.lastindex or 0) for value in entries if value]
    found += [match.span(2) for match in _PARAMETER.finditer(text) if names_credential(match[1])]
    found += [match.span(1) for match in _LOGIN.finditer(text)]
    apart: list[Span] = []
    for start, end in sorted(found):
        if any(find_references(text[start:end])):
            continue
        if apart and start < apart[-1].end:
            apart[-1] = Span(apart[-1].start, max(end, apart[-1].end))
        else:
            apart.append(Span(start, end))
    return apart
