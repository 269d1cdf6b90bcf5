"""What the strings of an agent file hold: which of them are templates, may refer to secrets, or are JsonPaths."""

from __future__ import annotations

from enum import Flag, auto

from dragoman.features.cursor.place import Path


class StringKind(Flag):
    """What may stand inside a string."""

    PLAIN = 0
    TEMPLATE = auto()
    """`$content` and the other placeholders."""
    REFERENCES = auto()
    """`${env:NAME}`, `${keyring:service/user}`."""
    JSON_PATH = auto()


def kinds_of(path: Path) -> StringKind:
    """What the string at `path` of an agent may hold."""
    match path:
        case ("url",) | ("auth", "token"):
            return StringKind.REFERENCES
        case ("parameters", _, *_):
            return StringKind.REFERENCES
        case ("connector", "responseFormat") | ("transition", int(), "source" | "target"):
            return StringKind.JSON_PATH
        case ("connector", "requestFormat", "fields" | "customFields", _, *_):
            return StringKind.TEMPLATE | StringKind.REFERENCES
        case ("connector", "requestFormat", "customHeaders", _):
            return StringKind.REFERENCES
        case _:
            return StringKind.PLAIN
