"""What the history gives back: conversations as they were kept, frozen. Times are aware, in UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from dragoman.chat.events import Source, Usage


@dataclass(frozen=True, slots=True)
class Summary:
    """One line of the list. `agent` is the one that was asked last."""

    id: str
    title: str
    agent: str
    updated: datetime
    turns: int


@dataclass(frozen=True, slots=True)
class Page:
    """A part of the list, newest first. `cursor` leads to the next one; None after the last."""

    items: tuple[Summary, ...] = ()
    cursor: str | None = None


@dataclass(frozen=True, slots=True)
class KeptTurn:
    """One turn. Without `stop_reason` it still runs, or its process was killed.

    `prompt` is what was sent; `typed` is it without its context, None where it had none.
    """

    id: str
    agent: str
    prompt: str
    text: str
    reasoning: str
    sources: tuple[Source, ...]
    usage: Usage | None
    stop_reason: str | None
    incomplete: bool
    error_code: str | None
    error_message: str | None
    began: datetime
    typed: str | None = None
    key: int = 0
    """Means this turn for ever; an id may be used again by those who make ids up."""
    parent: int | None = None
    """The key of the turn that it goes on from; None for one that begins a conversation, or whose parent is gone."""
    parent_id: str | None = None


@dataclass(frozen=True, slots=True)
class KeptConversation:
    """A whole conversation. `workspace` is the path of the folder it was begun in, "" without one.

    `turns` are those of all branches, oldest first; the conversation goes on from the newest one.
    """

    id: str
    title: str
    workspace: str
    created: datetime
    updated: datetime
    turns: tuple[KeptTurn, ...]

    @property
    def branch(self) -> tuple[KeptTurn, ...]:
        """The turns that led to the newest one, oldest first, and that one."""
        branch: list[KeptTurn] = []
        wanted = self.turns[-1].key if self.turns else None
        for turn in reversed(self.turns):
            if turn.key == wanted:
                branch.append(turn)
                wanted = turn.parent
        return tuple(branch[::-1])
