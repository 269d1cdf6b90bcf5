"""Puts the text behind `${env:NAME}` and `${keyring:service/user}` in its place, when a request is built."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set
from typing import Protocol

from dragoman.secrets.reference import Reference, find_references
from dragoman.secrets.sources import env, keyring

SOURCES: Mapping[str, Callable[[str], str]] = {"env": env.read, "keyring": keyring.read}
"""The word before the colon → what reads the value. A reader raises `LookupError` with a clause for a sentence."""


class UnresolvedReferenceError(Exception):
    """A reference has no value here. Names the reference and the reason, never a value."""

    def __init__(self, reference: Reference, reason: str) -> None:
        super().__init__(reason)
        self.reference = reference
        self.reason = reason


class ReferenceValues(Protocol):
    """What gives the text to put in the place of a reference, and knows which of these texts are secret."""

    @property
    def values(self) -> Set[str]:
        """The secrets that were given out."""
        ...

    def value_of(self, reference: Reference) -> str:
        """The text for one reference. Raises `UnresolvedReferenceError`."""
        ...


class Resolver:
    """Resolves the references of one request and remembers the values, so that redaction knows them."""

    def __init__(self) -> None:
        self.values: set[str] = set()

    def resolve(self, text: str) -> str:
        """`text` with every reference replaced by its value. Raises `UnresolvedReferenceError`."""
        pieces: list[str] = []
        end = 0
        for reference in find_references(text):
            pieces += [text[end : reference.start], self.value_of(reference)]
            end = reference.end
        return "".join([*pieces, text[end:]])

    def value_of(self, reference: Reference) -> str:
        """The text behind one reference."""
        try:
            value = SOURCES[reference.source](reference.name)
        except LookupError as error:
            raise UnresolvedReferenceError(reference, str(error.args[0])) from None
        self.values.add(value)
        return value
