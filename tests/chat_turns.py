"""Short ways to run turns against an agent and to look at what came of them."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

from dragoman.agents.reader import read_agent
from dragoman.chat.events import TurnEvent, TurnOutcome
from dragoman.chat.sessions import PromptRequest, Sessions
from dragoman.chat.turn import Turn
from http_agent import HttpAgent


@dataclass(frozen=True)
class Told:
    """What one turn told."""

    outcome: TurnOutcome
    batches: tuple[tuple[TurnEvent, ...], ...]

    @property
    def events(self) -> list[TurnEvent]:
        return [event for batch in self.batches for event in batch]

    def of(self, kind: type) -> list[Any]:
        return [event for event in self.events if isinstance(event, kind)]


async def consume(turn: Turn) -> Told:
    """All that `turn` tells."""
    async with aclosing(turn.events()) as events:
        batches = [batch async for batch in events]
    assert turn.outcome is not None
    return Told(turn.outcome, tuple(batches))


async def ask(http: HttpAgent | str, config: Mapping[str, Any] | None = None, prompt: str = "hi") -> Told:
    """One turn of an agent that has only a name, a URL and what `config` says."""
    sessions = Sessions()
    try:
        return await consume(start(sessions, http, config, prompt))
    finally:
        await sessions.aclose()


def start(
    sessions: Sessions, http: HttpAgent | str, config: Mapping[str, Any] | None = None, prompt: str = "hi", **more: Any
) -> Turn:
    """The turn, to be consumed."""
    url = http if isinstance(http, str) else http.url
    agent = read_agent({"name": "a", "url": url, **(config or {})})
    return sessions.start(PromptRequest(agent, prompt, **more))
