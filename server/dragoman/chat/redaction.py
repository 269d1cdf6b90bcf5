"""Keeping secrets out of our own words and out of what an agent says about an error. Answers pass unchanged."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable
from urllib.parse import quote

SHORTEST = 6
"""Shorter secrets are left alone: taking them out would tear holes into ordinary words."""

_HIDDEN = "•••"
_CREDENTIAL_HEADER = re.compile(r"auth|cookie|key|token|secret|passw|credential|session|signature", re.IGNORECASE)


class Redactor:
    """Replaces every known secret in a text. Its `repr` shows none of them."""

    __slots__ = ("_pattern",)

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        spellings = {spelling for secret in secrets for spelling in _spellings(secret)}
        # The longest first, so that a secret inside a longer one does not leave the rest of it standing.
        ordered = sorted(spellings, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(re.escape, ordered))) if ordered else None

    def __call__(self, text: str) -> str:
        """`text` without the secrets."""
        return self._pattern.sub(_HIDDEN, text) if self._pattern else text

    def __repr__(self) -> str:
        return "Redactor(…)"


def header_secrets(name: str, value: str) -> list[str]:
    """What of a header must not be shown: its value, where the name says that it is a credential."""
    if not _CREDENTIAL_HEADER.search(name):
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
    """The secret as it stands, inside a JSON string, and inside a URL."""
    plain = secret.strip()
    if len(plain) < SHORTEST:
        return set()
    return {plain, json.dumps(plain)[1:-1], json.dumps(plain, ensure_ascii=False)[1:-1], _quoted(plain)}


def _quoted(text: str) -> str:
    return quote(text.encode("utf-8", "surrogatepass"), safe="")
