"""What is meant for a reference such as `${env:NAME}` and is none: it would be sent as it stands, or never resolve."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_CANDIDATE = re.compile(r"\$\{([^{}]*)(\}?)")
_KNOWN_SOURCE = re.compile(r"\s*(env|keyring)\b\s*([:./-]?)\s*(.*?)\s*", re.IGNORECASE | re.DOTALL)
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_OTHER_SOURCE = re.compile(r"[A-Za-z]+:.+")


@dataclass(frozen=True, slots=True)
class BrokenReference:
    """Where it stands in its text, what is wrong as a sentence, and what to write in its place ("": nobody knows)."""

    start: int
    end: int
    message: str
    meant: str = ""


def broken_references(text: str, *, others: bool) -> Iterator[BrokenReference]:
    """All of `text`. With `others`, also what names no source of ours, as `${NAME}`: a template may mean that."""
    for candidate in _CANDIDATE.finditer(text):
        body, is_closed = candidate[1], candidate[2] != ""
        start, end = candidate.span()
        known = _KNOWN_SOURCE.fullmatch(body)
        if known:
            meant = f"${{{known[1].lower()}:{known[3]}}}"
            message = _about(known[1].lower(), known[3], is_closed=is_closed)
            if message:
                yield BrokenReference(start, end, message)
            elif not is_closed or meant != candidate[0]:
                yield BrokenReference(start, end, "This is no reference: one is written ${env:NAME}.", meant)
        elif is_closed and others:
            if _VARIABLE.fullmatch(body):
                message = "This is sent as it stands: a variable of the environment is written ${env:NAME}."
                yield BrokenReference(start, end, message, f"${{env:{body}}}")
            elif _OTHER_SOURCE.fullmatch(body):
                message = "This is sent as it stands: references are ${env:NAME} and ${keyring:service/user}."
                yield BrokenReference(start, end, message)


def _about(source: str, name: str, *, is_closed: bool) -> str:
    """What is wrong with the name, so that it is not known what was meant."""
    if source == "env" and not _VARIABLE.fullmatch(name):
        return "This reference names no variable of the environment: write ${env:NAME}."
    service, slash, user = name.rpartition("/")
    if source == "keyring" and not (service and slash and user):
        return "This reference names no entry of the keyring: write ${keyring:service/user}."
    return ""
