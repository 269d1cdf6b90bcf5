"""The history's file: how it is opened, and the steps that bring an older one to the schema of today.

SQLite in WAL mode: several editors read and write it at once, and a process that is killed leaves it whole. This module
is the only one that imports sqlite3, and it is imported when the history is first used.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Generator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

FILE = "history.sqlite3"

PATIENCE_SECONDS = 5.0
"""How long one editor waits for another one to finish writing."""

_PAUSE_SECONDS = 0.01

MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        """
        CREATE TABLE conversations (
            id TEXT PRIMARY KEY,
            session_id TEXT NOT NULL,
            title TEXT NOT NULL,
            workspace TEXT NOT NULL,
            created INTEGER NOT NULL,  -- milliseconds since 1970, UTC, as all times
            updated INTEGER NOT NULL,
            agent_values TEXT NOT NULL  -- JSON: agent → name → what the agent calls this conversation
        )
        """,
        "CREATE INDEX conversations_by_time ON conversations (updated, id)",
        """
        CREATE TABLE turns (
            key INTEGER PRIMARY KEY AUTOINCREMENT,  -- never used again, so that it means one turn for ever
            id TEXT NOT NULL,
            conversation_id TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
            number INTEGER NOT NULL,
            agent TEXT NOT NULL,
            prompt TEXT NOT NULL,
            text TEXT NOT NULL,
            reasoning TEXT NOT NULL,
            sources TEXT NOT NULL,  -- JSON, as `usage`
            usage TEXT,
            stop_reason TEXT,  -- NULL: it runs, or was killed
            incomplete INTEGER NOT NULL,
            error_code TEXT,
            error_message TEXT,
            began INTEGER NOT NULL,
            ended INTEGER,
            is_indexed INTEGER NOT NULL DEFAULT 0,
            UNIQUE (conversation_id, number)
        )
        """,
        "CREATE INDEX turns_by_time ON turns (began)",
    ),
    (
        "ALTER TABLE turns ADD COLUMN parent INTEGER REFERENCES turns (key) ON DELETE SET NULL",
        "ALTER TABLE turns ADD COLUMN typed TEXT",  # the prompt without its context; NULL: there was none
        "ALTER TABLE turns ADD COLUMN context TEXT",  # JSON, for who asks again; NULL: there was none
        "ALTER TABLE turns ADD COLUMN agent_values TEXT NOT NULL DEFAULT '{}'",  # instead of those of conversations
        """
        UPDATE turns SET parent = (
            SELECT key FROM turns AS earlier
            WHERE earlier.conversation_id = turns.conversation_id AND earlier.number < turns.number
            ORDER BY earlier.number DESC LIMIT 1
        )
        """,
        """
        UPDATE turns SET agent_values = (SELECT agent_values FROM conversations WHERE id = conversation_id)
        WHERE number = (SELECT max(number) FROM turns AS other WHERE other.conversation_id = turns.conversation_id)
        """,
        "CREATE INDEX turns_by_id ON turns (id)",
        "CREATE INDEX turns_by_parent ON turns (parent)",
    ),
    ("ALTER TABLE turns ADD COLUMN is_handed_over INTEGER NOT NULL DEFAULT 0",),  # its prompt is JSON of another agent
)
"""Step n makes version n + 1 (`PRAGMA user_version`) of version n. A step that was released is never changed."""

_INDEX = """
    CREATE VIRTUAL TABLE turn_index USING fts5 (
        prompt, text, content = 'turns', content_rowid = 'key', tokenize = 'trigram'
    )
"""
"""No step of the schema, since not every build of SQLite has FTS5: one without it searches without it."""


class NewerHistoryError(Exception):
    """The file was written by a version of this program that is newer."""

    def __init__(self) -> None:
        super().__init__("a newer version of Dragoman has written it")


FAILURES = (sqlite3.Error, OSError, NewerHistoryError)
"""What opening, reading and writing may raise."""


@dataclass(frozen=True, slots=True)
class Store:
    """An open file. Belongs to the thread that opened it. `has_index`: the full-text index can be used."""

    connection: sqlite3.Connection
    has_index: bool

    @contextmanager
    def transaction(self) -> Generator[None]:
        """All or nothing of what is written inside."""
        # IMMEDIATE: a transaction that begins by reading cannot wait for another editor once it wants to write.
        self.connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self.connection.rollback()
            raise
        self.connection.commit()

    def close(self) -> None:
        """Close the file."""
        self.connection.close()


def open_store(folder: Path) -> Store:
    """Open the history in `folder`, made if it is not there. Raises one of `FAILURES`."""
    path = folder / FILE
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    # SQLite gives the files beside this one the same permissions.
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    path.chmod(0o600)
    give_up = time.monotonic() + PATIENCE_SECONDS
    while True:
        connection = sqlite3.connect(path, timeout=PATIENCE_SECONDS, isolation_level=None)
        try:
            return prepare(connection)
        except BaseException as error:
            connection.close()
            if not is_busy(error) or time.monotonic() > give_up:
                raise
        # Two editors make the file at once: for its change to WAL mode SQLite does not wait by itself.
        time.sleep(_PAUSE_SECONDS)


def prepare(connection: sqlite3.Connection) -> Store:
    """Set a connection up for the history, its tables included."""
    for setting in ("journal_mode = WAL", "synchronous = NORMAL", "foreign_keys = ON", "secure_delete = ON"):
        connection.execute(f"PRAGMA {setting}")
    connection.create_function("contains", 2, _contains, deterministic=True)
    migrate(connection)
    return Store(connection, _make_index(connection))


def migrate(connection: sqlite3.Connection, steps: Sequence[Sequence[str]] = MIGRATIONS) -> None:
    """Take the steps that the file lacks, all or none of them."""
    if _version(connection) == len(steps):
        return
    with Store(connection, has_index=False).transaction():
        version = _version(connection)  # another editor may have been quicker
        if version > len(steps):
            raise NewerHistoryError
        for statement in (statement for step in steps[version:] for statement in step):
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {len(steps)}")


def set_aside(folder: Path) -> Path | None:
    """Give a broken file, and what SQLite put beside it, another name. None: another editor has done so already."""
    if _is_whole(folder):
        return None
    broken = folder / f"{FILE}.broken-{datetime.now(UTC):%Y%m%dT%H%M%S%f}"
    for ending in ("-wal", "-shm", ""):
        source = folder / f"{FILE}{ending}"
        if source.exists():
            source.rename(f"{broken}{ending}")
    return broken


def why(failure: Exception) -> str:
    """The cause of one of `FAILURES`, as a clause. It names nothing that was kept."""
    return (isinstance(failure, OSError) and failure.strerror) or str(failure)


def is_corrupt(error: BaseException) -> bool:
    """Whether the file is broken, or none of SQLite's at all."""
    return _code(error) in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def is_busy(error: BaseException) -> bool:
    """Whether another program holds the file, so that trying again may help."""
    return _code(error) in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def _is_whole(folder: Path) -> bool:
    try:
        with closing(open_store(folder)) as store:
            return store.connection.execute("PRAGMA quick_check (1)").fetchone()[0] == "ok"
    except sqlite3.DatabaseError as error:
        if is_corrupt(error):
            return False
        raise


def _make_index(connection: sqlite3.Connection) -> bool:
    """Whether there is a full-text index, once it was tried to make one."""
    try:
        if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'turn_index'").fetchone():
            connection.execute(_INDEX)
        connection.execute("SELECT 1 FROM turn_index LIMIT 0")
    except sqlite3.OperationalError as error:
        if "already exists" in str(error):  # another editor was quicker
            return True
        if _code(error) != sqlite3.SQLITE_ERROR:
            raise
        return False  # this build of SQLite has no FTS5, or one without trigrams
    return True


def _version(connection: sqlite3.Connection) -> int:
    return connection.execute("PRAGMA user_version").fetchone()[0]


def _contains(text: str, folded: str) -> bool:
    """SQL's own LIKE knows the case of ASCII only."""
    return folded in text.casefold()


def _code(error: BaseException) -> int | None:
    """SQLite's primary result code."""
    code: int | None = getattr(error, "sqlite_errorcode", None)
    return None if code is None else code & 0xFF
