"""The file of the history: who may read it, older and newer schemas, and what is wrong with it."""

from __future__ import annotations

import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from dragoman.chat.history import queries
from dragoman.chat.history.store import (
    FILE,
    MIGRATIONS,
    NewerHistoryError,
    Store,
    is_busy,
    is_corrupt,
    migrate,
    open_store,
    set_aside,
)
from kept_turns import keep, rows

ADD_COLOUR = ("ALTER TABLE conversations ADD COLUMN colour TEXT NOT NULL DEFAULT 'red'",)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with closing(open_store(tmp_path)) as opened:
        yield opened


def version(store: Store) -> int:
    return store.connection.execute("PRAGMA user_version").fetchone()[0]


def test_only_its_owner_may_read_it(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "dragoman"
    folder.parent.mkdir()
    with closing(open_store(folder)) as store:
        keep(store, "c", "hi")
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}
    assert modes == {FILE: 0o600, f"{FILE}-wal": 0o600, f"{FILE}-shm": 0o600}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_file_that_others_could_read_is_closed_to_them(tmp_path: Path) -> None:
    (tmp_path / FILE).touch(mode=0o644)
    open_store(tmp_path).close()
    assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600


def test_it_is_opened_at_once_by_many(tmp_path: Path) -> None:
    def begin(number: int) -> None:
        with closing(open_store(tmp_path)) as store:
            keep(store, f"c{number}", "hi")

    with ThreadPoolExecutor(8) as editors:
        list(editors.map(begin, range(24)))
    assert rows(tmp_path, "SELECT count(*) FROM turns") == [(24,)]


def test_every_version_is_brought_to_the_schema_of_today(tmp_path: Path) -> None:
    for old in range(len(MIGRATIONS)):
        folder = tmp_path / str(old)
        folder.mkdir()
        with closing(sqlite3.connect(folder / FILE, isolation_level=None)) as connection:
            migrate(connection, MIGRATIONS[:old])
        with closing(open_store(folder)) as store:
            keep(store, "c", "hi")
            assert version(store) == len(MIGRATIONS)


def test_a_step_keeps_what_is_there(store: Store) -> None:
    keep(store, "c", "hi")
    migrate(store.connection, [*MIGRATIONS, ADD_COLOUR])
    assert version(store) == len(MIGRATIONS) + 1
    assert store.connection.execute("SELECT id, colour FROM conversations").fetchall() == [("c", "red")]


def test_a_step_that_fails_changes_nothing(store: Store) -> None:
    with pytest.raises(sqlite3.OperationalError):
        migrate(store.connection, [*MIGRATIONS, (*ADD_COLOUR, "ALTER TABLE nothing ADD COLUMN x")])
    assert version(store) == len(MIGRATIONS)
    migrate(store.connection, [*MIGRATIONS, ADD_COLOUR])


def test_what_a_newer_version_wrote_is_left_alone(tmp_path: Path) -> None:
    with closing(open_store(tmp_path)) as store:
        migrate(store.connection, [*MIGRATIONS, ADD_COLOUR])
    with pytest.raises(NewerHistoryError):
        open_store(tmp_path)


@pytest.mark.parametrize("content", [b"This is no database. " * 100, b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_broken_file_gets_another_name(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE).write_bytes(content)
    with pytest.raises(sqlite3.DatabaseError) as raised:
        open_store(tmp_path)
    assert is_corrupt(raised.value)
    broken = set_aside(tmp_path)
    assert broken is not None
    assert broken.read_bytes() == content
    open_store(tmp_path).close()


def test_a_file_that_another_editor_has_made_anew_stays(tmp_path: Path) -> None:
    open_store(tmp_path).close()
    assert set_aside(tmp_path) is None
    assert (tmp_path / FILE).exists()


def test_a_locked_file_is_told_from_a_broken_one(store: Store, tmp_path: Path) -> None:
    with store.transaction(), closing(sqlite3.connect(tmp_path / FILE, timeout=0)) as other:
        with pytest.raises(sqlite3.OperationalError) as raised:
            other.execute("BEGIN IMMEDIATE")
        assert is_busy(raised.value)
        assert not is_corrupt(raised.value)


def test_a_build_without_the_index_writes_searches_and_deletes(store: Store) -> None:
    keep(store, "old", "indexed words")
    without = Store(store.connection, has_index=False)
    keep(without, "new", "plain words")
    for each in (store, without):
        assert {item.id for item in queries.page(each, "WORDS", None, 9).items} == {"old", "new"}
    assert queries.delete(without, "old")
    assert [item.id for item in queries.page(store, "words", None, 9).items] == ["new"]


def test_sqlite_is_not_imported_before_the_first_prompt() -> None:
    modules = "dragoman.lsp.handlers.chat, dragoman.lsp.handlers.conversations, dragoman.lsp.handlers.commands"
    code = f"import sys, {modules}; sys.exit('sqlite3' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
