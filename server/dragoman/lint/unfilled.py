"""Placeholders that nothing is put in place of."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from dragoman.agents.placeholders import MEANINGS, PLACEHOLDER
from dragoman.agents.provider import ProviderDefinition
from dragoman.lint.diagnostic import Severity
from dragoman.lint.suggest import closest, likeness

_CLOSE = 0.8
"""Names are short and much alike, and what looks like a placeholder may be none."""


@dataclass(frozen=True, slots=True)
class Unfilled:
    """Where it stands in its text, what to say, and the name that was most likely meant."""

    start: int
    end: int
    message: str
    severity: Severity = Severity.WARNING
    meant: str | None = None


def known_placeholders(provider: ProviderDefinition | None) -> Collection[str]:
    """What a template can ask for, without the `$`."""
    return MEANINGS.keys() | (provider.response.conversation.keys() if provider else set[str]())


def unfilled(text: str, known: Collection[str]) -> Iterator[Unfilled]:
    """Those in one string of a template that stay as they are."""
    for match in PLACEHOLDER.finditer(text):
        name, is_whole = match[1], match[0] == text
        if name == "history" and not is_whole:
            message = '"$history" is a list, and can only be a whole value: here it is sent as it stands.'
            yield Unfilled(match.start(), match.end(), message)
        elif name not in known:
            meant = closest(name, sorted(known))
            if meant is not None and likeness(name, meant) >= _CLOSE:
                message = f'There is no placeholder "${name}": did you mean "${meant}"?'
                yield Unfilled(match.start(), match.end(), message, meant=meant)
            elif is_whole:
                message = f'There is no placeholder "${name}", so it is sent as it stands.'
                yield Unfilled(match.start(), match.end(), message, Severity.INFORMATION)
