"""References to secrets as they stand in an agent file, and text that must never be printed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_REFERENCE = re.compile(r"\$\{(env|keyring):([^{}]*)\}")


class Masked:
    """Text that may hold a secret. Its `repr` and `str` show nothing; `reveal()` is the one way to the text."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """The text itself. Called where a request is built, and where trust takes its digest of an agent."""
        return self._text

    def __repr__(self) -> str:
        return "Masked('…')"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Masked) and other._text == self._text

    def __hash__(self) -> int:
        return hash(self._text)

    def __bool__(self) -> bool:
        return bool(self._text)


@dataclass(frozen=True, slots=True)
class Reference:
    """One `${source:name}` inside a text; `start` and `end` are its offsets there."""

    source: str
    name: str
    start: int
    end: int


def find_references(text: str) -> Iterator[Reference]:
    """All references of `text`, in order."""
    for match in _REFERENCE.finditer(text):
        yield Reference(match[1], match[2], match.start(), match.end())
