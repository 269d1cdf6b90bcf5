"""Branches in the history: what a turn goes on from, also in files of the first version, and when a parent is gone."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from dragoman.chat.conversation import Conversation, Learned, PastTurn
from dragoman.chat.engine import Ending
from dragoman.chat.events import StopReason, TextDelta
from dragoman.chat.history import queries, restore
from dragoman.chat.history.export import as_json, as_markdown
from dragoman.chat.history.kept import KeptConversation
from dragoman.chat.history.store import FILE, MIGRATIONS, Store, migrate, open_store
from kept_turns import DAY, begin, save

NOW = 100 * DAY


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with closing(open_store(tmp_path)) as opened:
        yield opened


def keep(store: Store, turn_id: str, after: str = "", began: int = NOW) -> None:
    """A turn behind another one, which is found as a later session finds it."""
    before = restore.left_by(store, after) if after else None
    record = begin("c", f"prompt {turn_id}", turn_id=turn_id, after=before.last if before else None, began=began)
    record.take((TextDelta(f"answer {turn_id}"), Learned({"id": turn_id})))
    record.take(Ending(StopReason.COMPLETED))
    save(store, record)


def whole(store: Store) -> KeptConversation:
    found = queries.conversation(store, "c")
    assert found is not None
    return found


def ids(conversation: Conversation | None) -> list[str]:
    assert conversation is not None
    return [turn.id for turn in conversation.turns]


@pytest.fixture
def branched(store: Store) -> Store:
    """1 ─ 2 ─ 3, and 4 instead of 2."""
    for turn_id, after in (("1", ""), ("2", "1"), ("3", "2"), ("4", "1")):
        keep(store, turn_id, after)
    return store


def test_a_conversation_goes_on_from_its_newest_turn(branched: Store) -> None:
    restored = restore.restored(branched, "c")
    assert ids(restored) == ["1", "4"]
    assert restored is not None
    assert (restored.session_id, restored.values) == ("session", {"a": {"id": "4"}})
    assert restored.before_last().values == {"a": {"id": "1"}}
    assert [turn.answer for turn in restored.turns] == ["answer 1", "answer 4"]
    assert restore.restored(branched, "nobody") is None


def test_any_turn_can_be_gone_on_from(branched: Store) -> None:
    assert ids(restore.left_by(branched, "3")) == ["1", "2", "3"]
    assert restore.left_by(branched, "nobody") is None


def test_what_is_told_of_branches(branched: Store) -> None:
    told = as_json(whole(branched))
    assert [(turn["turnId"], turn.get("parentId")) for turn in told["turns"]] == [
        ("1", None),
        ("2", "1"),
        ("3", "2"),
        ("4", "1"),
    ]
    assert told["headTurnId"] == "4"
    text = as_markdown(whole(branched))
    assert [f"answer {n}" in text for n in "1234"] == [True, False, False, True]


def test_turns_whose_parent_is_gone_stay(store: Store) -> None:
    keep(store, "1", began=1 * DAY)
    keep(store, "2", after="1")
    keep(store, "3", after="2")
    queries.delete_older(store, 2 * DAY)
    assert ids(restore.restored(store, "c")) == ["2", "3"]
    assert [turn.parent_id for turn in whole(store).turns] == [None, "2"]
    assert queries.delete(store, "c")
    assert store.connection.execute("SELECT count(*) FROM turns").fetchone() == (0,)


def test_a_turn_that_was_not_kept_is_passed_over(store: Store) -> None:
    keep(store, "1")
    kept = restore.left_by(store, "1")
    assert kept is not None
    unkept = kept.after(PastTurn("2", "B", id="2"), {})
    record = begin("c", "3", turn_id="3", after=unkept.last)
    save(store, record)
    assert [turn.parent_id for turn in whole(store).turns] == [None, "1"]


def test_an_id_that_is_used_again_leads_in_no_circle(store: Store) -> None:
    for _ in range(3):
        newest = restore.restored(store, "c")
        record = begin("c", "again", turn_id="t", after=newest.last if newest else None)
        save(store, record)
    assert ids(restore.left_by(store, "t")) == ["t", "t", "t"]
    assert len(whole(store).branch) == 3


def test_a_file_of_the_first_version_goes_on_in_a_line(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / FILE, isolation_level=None)) as old:
        migrate(old, MIGRATIONS[:1])
        values = json.dumps({"a": {"id": "k"}})
        for conversation in "cd":
            row = (conversation, "session", "title", "", 1, 1, values)
            old.execute("INSERT INTO conversations VALUES (?, ?, ?, ?, ?, ?, ?)", row)
            for number in (2, 3, 5):  # those before were deleted
                old.execute(
                    """
                    INSERT INTO turns (id, conversation_id, number, agent, prompt, text, reasoning, sources,
                                       stop_reason, incomplete, began)
                    VALUES (?, ?, ?, 'a', ?, 'A', '', '[]', 'completed', 0, 1)
                    """,
                    (f"{conversation}{number}", conversation, number, f"prompt {number}"),
                )
    with closing(open_store(tmp_path)) as store:
        restored = restore.restored(store, "c")
        assert ids(restored) == ["c2", "c3", "c5"]
        assert restored is not None
        assert (restored.values, restored.before_last().values) == ({"a": {"id": "k"}}, {})
        assert (restored.turns[0].typed, restored.turns[0].answer) == ("prompt 2", "A")
        assert [turn.id for turn in whole(store).branch] == ["c2", "c3", "c5"]
        keep(store, "new", after="c5")
        assert ids(restore.restored(store, "c")) == ["c2", "c3", "c5", "new"]
