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
    """One turn. Without `stop_reason` it still runs, or its process was killed."""

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


@dataclass(frozen=True, slots=True)
class KeptConversation:
    """A whole conversation. `workspace` is the path of the folder it was begun in, "" without one."""

    id: str
    title: str
    workspace: str
    created: datetime
    updated: datetime
    turns: tuple[KeptTurn, ...]
