"""Short ways to put turns into a history, and to look at what is in it."""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

from dragoman.agents.model import Agent
from dragoman.agents.provider import ProviderDefinition
from dragoman.chat.conversation import Conversation, PastTurn, TurnInput
from dragoman.chat.engine import Ending
from dragoman.chat.events import StopReason, TextDelta
from dragoman.chat.history.record import Beginning, TurnRecord, now
from dragoman.chat.history.store import FILE, Store
from dragoman.chat.redaction import Confidential, Redactor

DAY = 24 * 60 * 60 * 1000


def keep(store: Store, conversation_id: str, prompt: str, text: str = "", **more: Any) -> None:
    """One whole turn, written."""
    record = begin(conversation_id, prompt, **more)
    record.take((TextDelta(text),))
    record.take(Ending(StopReason.COMPLETED))
    save(store, record)


def begin(
    conversation_id: str,
    prompt: str,
    *,
    agent: str = "a",
    began: int | None = None,
    turn_id: str = "t",
    after: PastTurn | None = None,
) -> TurnRecord:
    """A turn that has only begun, behind another one or as the first."""
    conversation = Conversation(conversation_id, "session", after)
    start = TurnInput(Agent(agent, "http://x"), ProviderDefinition("test", "Test"), prompt, conversation)
    record = TurnRecord(Beginning(turn_id, start, prompt, "/work", now() if began is None else began))
    record.take((Confidential(Redactor()),))
    return record


def save(store: Store, record: TurnRecord) -> None:
    with store.transaction():
        record.key = record.save(store)


def rows(folder: Path, query: str) -> list[Any]:
    """What is in the file, as SQLite itself says."""
    with closing(sqlite3.connect(folder / FILE)) as connection:
        return connection.execute(query).fetchall()


def all_bytes(folder: Path) -> bytes:
    """The file and what SQLite puts beside it, as they are on the disk."""
    found = b""
    for path in sorted(folder.glob(f"{FILE}*")):
        with suppress(FileNotFoundError):  # SQLite has taken its journal away just now
            found += path.read_bytes()
    return found
