"""Short ways to put turns into a history, and to look at what is in it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from dragoman.chat.conversation import Conversation
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


def begin(conversation_id: str, prompt: str, *, agent: str = "a", began: int | None = None) -> TurnRecord:
    """A turn that has only begun."""
    conversation = Conversation(conversation_id, "session")
    record = TurnRecord(Beginning("t", conversation, agent, prompt, "/work", now() if began is None else began))
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
    return b"".join(path.read_bytes() for path in sorted(folder.glob(f"{FILE}*")))
