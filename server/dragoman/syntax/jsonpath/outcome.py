"""What comes out of a path on a document."""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

JsonValue: TypeAlias = "bool | int | float | str | list[JsonValue] | dict[str, JsonValue] | None"


class Found(NamedTuple):
    """The path took `value`: the value itself if the path is definite, else a list of all values, perhaps empty.

    A named tuple, since one is made for each event of a stream and it costs a third of a frozen dataclass.
    """

    value: JsonValue
    definite: bool


class NoMatch(NamedTuple):
    """The document has nothing there. `reason` is a sentence."""

    reason: str


class EvaluationError(NamedTuple):
    """The path cannot be applied to this document, or not here. `message` is a sentence."""

    message: str


Outcome: TypeAlias = Found | NoMatch | EvaluationError
