"""Keeping secrets out of our own words, out of what an agent says about an error, and out of the history.

Answers pass to the editor unchanged.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote

from dragoman.secrets.names import names_credential

SHORTEST = 6
"""Shorter secrets are left alone: taking them out would tear holes into ordinary words."""

_SAFE_IN_URL = ("", "/", "/:@!$&'()*+,;=", "/:@!$&'()*+,;=?")
"""What stays as it is: by the strictest writers, by most, and in a path and a query (RFC 3986)."""

HIDDEN = "•••"
"""What stands in the place of a secret."""


class Redactor:
    """Replaces every known secret in a text. Its `repr` shows none of them."""

    __slots__ = ("_pattern", "_spellings")

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._set({spelling for secret in secrets for spelling in _spellings(secret)})

    def __call__(self, text: str, shown: str = HIDDEN) -> str:
        """`text` without the secrets; `shown` stands in the place of each."""
        return self._pattern.sub(lambda _: shown, text) if self._finds(text) else text

    def settled(self, text: str) -> int:
        """How many characters of `text` are redacted alike whatever comes behind it: no secret reaches beyond them."""
        longest = len(self._spellings[0]) - 1 if self._spellings else 0
        starts = range(max(0, len(text) - longest), len(text))
        end = next((start for start in starts if self._begins(text[start:])), len(text))
        across = (match for match in self._pattern.finditer(text) if match.start() < end < match.end())
        return next((match.end() for match in across), end) if self._finds(text) else end

    def joined(self, other: Redactor) -> Redactor:
        """One that knows the secrets of both; itself, if the other one knows nothing more."""
        if {*other._spellings} <= {*self._spellings}:
            return self
        both = Redactor()
        both._set({*self._spellings, *other._spellings})
        return both

    def half(self, text: str) -> str:
        """`text`, which may be the beginning of a secret, without as much of it as gives the secret away."""
        return HIDDEN if len(text) >= SHORTEST and self._begins(text) else self(text)

    def __repr__(self) -> str:
        return "Redactor(…)"

    def _set(self, spellings: set[str]) -> None:
        # The longest first, so that a secret inside a longer one does not leave the rest of it standing.
        self._spellings = sorted(spellings, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(re.escape, self._spellings)))

    def _finds(self, text: str) -> bool:
        # Many times as fast as the pattern where there is nothing to find, which is the rule.
        return any(spelling in text for spelling in self._spellings)

    def _begins(self, text: str) -> bool:
        return any(spelling.startswith(text) for spelling in self._spellings)


@dataclass(frozen=True, slots=True)
class Confidential:
    """What must not be kept of a turn: from the request to the history."""

    redact: Redactor


def named_secrets(name: str, value: str) -> list[str]:
    """What of a header or query parameter must not be shown: its value, where the name tells of a credential."""
    if not names_credential(name):
        return []
    _, _, behind_scheme = value.partition(" ")
    return [value, behind_scheme.strip()] if behind_scheme else [value]


def basic_secrets(user_and_password: str) -> list[str]:
    """What of `user:password` must not be shown, its base64 included."""
    _, _, password = user_and_password.partition(":")
    return [user_and_password, password, _base64(user_and_password)]


def basic_value(user_and_password: str) -> str:
    """The value of `Authorization` for `user:password` (RFC 7617)."""
    return f"Basic {_base64(user_and_password)}"


def _base64(text: str) -> str:
    return base64.b64encode(text.encode("utf-8", "surrogatepass")).decode("ascii")


def _spellings(secret: str) -> set[str]:
    """The secret as it stands, inside a JSON string, also one inside another, and inside a URL."""
    plain = secret.strip()
    if len(plain) < SHORTEST:
        return set()
    in_url = {quote(plain.encode("utf-8", "surrogatepass"), safe=safe) for safe in _SAFE_IN_URL}
    in_json = {plain, json.dumps(plain)[1:-1], json.dumps(plain, ensure_ascii=False)[1:-1]}
    return {*in_url, *in_json, *(json.dumps(text, ensure_ascii=False)[1:-1] for text in in_json)}
