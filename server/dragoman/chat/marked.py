"""Texts in which some places are marked: for what is not resolved, and for what is not shown.

A mark is a word of letters and digits that stands in no other text, so it comes through any encoding as it is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from secrets import token_hex
from typing import TypeAlias

from dragoman.chat.redaction import HIDDEN
from dragoman.secrets.reference import Reference, find_references


@dataclass(frozen=True, slots=True)
class Hidden:
    """Something that must not be seen. `name` tells what it is, such as the name of its header."""

    name: str


Piece: TypeAlias = str | Reference | Hidden


class Marks:
    """Stands in for a `Resolver` and reads nothing: the place of each reference is marked."""

    def __init__(self) -> None:
        begin = f"r{token_hex(8)}n"
        self._begin = begin
        self._pattern = re.compile(rf"{begin}(\d+)e")
        self._meant: list[Reference | Hidden] = []

    @property
    def values(self) -> frozenset[str]:
        """Nothing secret is given out."""
        return frozenset()

    def value_of(self, reference: Reference) -> str:
        """The mark for a reference."""
        return self.mark(reference)

    def mark(self, meant: Reference | Hidden) -> str:
        """A word that means this."""
        self._meant.append(meant)
        return f"{self._begin}{len(self._meant) - 1}e"

    def marked(self, text: str) -> str:
        """`text` with a mark for each reference in it."""
        for reference in reversed([*find_references(text)]):
            text = text[: reference.start] + self.mark(reference) + text[reference.end :]
        return text

    def are_in(self, text: str) -> bool:
        """Whether some place of `text` is marked."""
        return self._pattern.search(text) is not None

    def pieces(self, text: str) -> list[Piece]:
        """`text` in pieces: what stands between the marks, and what they mean. None of them is empty."""
        split = self._pattern.split(text)
        pieces: list[Piece] = [self._meant[int(part)] if index % 2 else part for index, part in enumerate(split)]
        return [piece for piece in pieces if piece != ""]

    def shown(self, text: str) -> str:
        """For people: references as they are written in the agent's file, `•••` for what must not be seen."""
        return "".join(map(_shown, self.pieces(text)))


def _shown(piece: Piece) -> str:
    match piece:
        case str():
            return piece
        case Reference(source, name):
            return f"${{{source}:{name}}}"
        case Hidden():
            return HIDDEN
