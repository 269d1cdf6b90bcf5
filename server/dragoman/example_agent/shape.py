"""What every kind of agent that the example agent plays has to say for itself; each is a module of this package."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from dragoman.example_agent.exchange import Refusal, Reply, Request

JsonObject = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Question:
    """A prompt and what is known around it. `turn` counts from 1; `conversation_id` is "" where the client keeps it."""

    prompt: str
    turn: int
    streaming: bool
    addressee: str
    """The model, bot or agent that the request names."""
    conversation_id: str = ""
    visitor_id: str = ""
    home: str = ""
    """The URL of the example agent's own page."""


@dataclass(frozen=True, slots=True)
class Script:
    """The events of one streamed answer, framed as they are sent; `failure` comes in place of the rest."""

    opening: tuple[str, ...]
    deltas: tuple[str, ...]
    closing: tuple[str, ...]
    failure: tuple[str, ...]


class Shape(Protocol):
    """A kind of agent: how its requests are read and its answers are written."""

    TITLE: str
    """Where it listens, and what it is, for people."""
    ROUTE: re.Pattern[str]
    """Matches the whole path."""

    def read(self, request: Request, body: JsonObject, turns: Mapping[str, int]) -> Question:
        """What is asked. `turns` tells how many turns each known conversation has had. Raises `Refusal`."""
        ...

    def how_read(self, question: Question) -> str:
        """Markdown that tells the user how this answer is taken from the wire."""
        ...

    def write(self, question: Question, answer: str) -> Script | JsonObject:
        """The answer as a stream, or as one JSON document."""
        ...

    def failure(self, refusal: Refusal, body: JsonObject) -> Reply:
        """An error as this kind of agent words it; `body` is the request's, empty if it could not be read."""
        ...


def text_field(body: JsonObject, key: str) -> str:
    """The string at `key`. Raises `Refusal` if there is none."""
    value = body.get(key)
    if not isinstance(value, str):
        raise Refusal(400, f"“{key}” must be given, as a string.")
    return value


def object_list(body: JsonObject, key: str) -> list[JsonObject]:
    """The list of objects at `key`. Raises `Refusal` if there is none, or an empty one."""
    value: Any = body.get(key)
    if not isinstance(value, list) or not value or not all(isinstance(item, dict) for item in value):  # pyright: ignore[reportUnknownVariableType]
        raise Refusal(400, f"“{key}” must be given, as a list of objects.")
    return value  # pyright: ignore[reportUnknownVariableType]
