"""The list, the search, renaming, deleting, and what has become too old."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman.chat.engine import Ending
from dragoman.chat.events import StopReason, TextDelta
from dragoman.chat.history import queries
from dragoman.chat.history.queries import BadCursorError
from dragoman.chat.history.store import Store, open_store, prepare
from kept_turns import DAY, all_bytes, begin, keep, save


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with closing(open_store(tmp_path)) as opened:
        yield opened


def found(store: Store, query: str) -> list[str]:
    return [item.id for item in queries.page(store, query, None, 100).items]


def test_the_newest_come_first_page_by_page(store: Store) -> None:
    for number in range(7):
        keep(store, f"c{number}", "hi", began=number // 2 * 1000)  # two of the same time each
        store.connection.execute("UPDATE conversations SET updated = created")
    ids: list[str] = []
    cursor = None
    sizes: list[int] = []
    while cursor is not None or not sizes:
        page = queries.page(store, "", cursor, 3)
        ids += [item.id for item in page.items]
        sizes.append(len(page.items))
        cursor = page.cursor
    assert ids == ["c6", "c5", "c4", "c3", "c2", "c1", "c0"]
    assert sizes == [3, 3, 1]


def test_a_line_of_the_list(store: Store) -> None:
    keep(store, "c", "\n  What is it?\nIt is …", agent="first")
    keep(store, "c", "More", agent="second")
    [item] = queries.page(store, "", None, 1).items
    assert (item.title, item.agent, item.turns) == ("What is it?", "second", 2)
    assert queries.page(store, "", None, 1).cursor is None


@pytest.mark.parametrize("cursor", ["", "x", "-", "1", "²-a", "9" * 30 + "-a"])
def test_a_cursor_from_elsewhere(store: Store, cursor: str) -> None:
    with pytest.raises(BadCursorError):
        queries.page(store, "", cursor, 3)


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("The Straße in München", "münchen"),
        ("我说你好吗，世界", "你好"),
        ("我说你好吗，世界", "好"),
        ("我说你好吗，世界", "你好吗，世界"),
        ("Well 👩‍💻 done 🎉", "🎉"),
        ("Well 👩‍💻 done 🎉", "👩‍💻"),
        ('say "hello" twice', '"hello"'),
        ('say "hello" twice', '"'),
        ("it's -5 OR NOT (a*b)", "NOT"),
        ("it's -5 OR NOT (a*b)", "(a*b)"),
        ("it's -5 OR NOT (a*b)", "it's -5"),
        ("a NEAR b: col:x ^y + z", "col:x ^y + z"),
        ("100%_done", "0%_d"),
        ("C:\\path", "c:\\p"),
        ("snake_case_name", "CASE"),
    ],
)
@pytest.mark.parametrize("where", ["prompt", "text", "title", "a turn that runs"])
def test_a_query_means_itself(store: Store, text: str, query: str, where: str) -> None:
    keep(store, "other", "something else", "entirely")
    match where:
        case "prompt":
            keep(store, "c", f"first line\n{text}")
        case "text":
            keep(store, "c", "hi", text)
        case "title":
            keep(store, "c", "hi")
            queries.rename(store, "c", text)
        case _:
            record = begin("c", "hi")
            record.take((TextDelta(text),))
            save(store, record)
    assert found(store, query) == ["c"]


@pytest.mark.parametrize("query", ["hello%", "h_llo", "hel*", "hello OR x", '"hello world', "^hello", "wor ld NEAR"])
def test_nothing_is_a_wildcard_or_an_operator(store: Store, query: str) -> None:
    keep(store, "c", "hello world")
    assert found(store, query) == []


@pytest.mark.parametrize("query", ["ß0x", "straße", "STRASSE ß0X", "İst"])
def test_letters_that_fold_to_two(store: Store, query: str) -> None:
    keep(store, "c", "ß0x Straße İst", "Strasse")
    assert found(store, query) == ["c"]


def test_every_word_must_be_there_in_whichever_turn(store: Store) -> None:
    keep(store, "c", "first apples", "then pears")
    keep(store, "c", "plums")
    assert found(store, "plums APPLES ears") == ["c"]
    assert found(store, "plums cherries") == []


@given(st.text(max_size=8))
def test_no_query_fails(query: str) -> None:
    with closing(prepare(sqlite3.connect(":memory:", isolation_level=None))) as store:
        keep(store, "c", f"before{query}after")
        assert found(store, query) == ["c"]


def test_what_cannot_be_written_as_utf8_is_replaced(store: Store) -> None:
    keep(store, "c\ud800", "a\ud800b", "x\0y")
    kept = queries.conversation(store, "c\ud800")
    assert kept is not None
    assert [(turn.prompt, turn.text) for turn in kept.turns] == [("a\ufffdb", "x\ufffdy")]
    assert found(store, "x\0y") == ["c\ufffd"]


def test_a_new_title_stays(store: Store) -> None:
    keep(store, "c", "hi")
    assert queries.rename(store, "c", "Another")
    keep(store, "c", "more")
    assert queries.page(store, "", None, 9).items[0].title == "Another"
    assert not queries.rename(store, "nobody", "x")


def test_what_is_deleted_leaves_nothing_behind(store: Store, tmp_path: Path) -> None:
    keep(store, "c", "a question about quinces", "an answer about medlars")
    keep(store, "d", "stays")
    assert queries.delete(store, "c")
    assert not queries.delete(store, "c")
    assert queries.conversation(store, "c") is None
    assert found(store, "quinces") == []
    assert found(store, "") == ["d"]
    assert b"a question about" not in all_bytes(tmp_path)
    assert b"an answer about" not in all_bytes(tmp_path)


def test_a_turn_whose_conversation_was_deleted_does_not_bring_it_back(store: Store) -> None:
    keep(store, "c", "hi")
    record = begin("c", "more")
    save(store, record)
    assert queries.delete(store, "c")
    record.take((TextDelta("late"),))
    record.take(Ending(StopReason.COMPLETED))
    save(store, record)
    assert found(store, "") == []


def test_what_is_too_old_goes_turn_by_turn(store: Store) -> None:
    keep(store, "old", "1", began=1 * DAY)
    keep(store, "both", "hi", "old words", began=2 * DAY)
    keep(store, "both", "more", "new words", began=3 * DAY)
    queries.delete_older(store, 3 * DAY)
    assert found(store, "") == ["both"]
    assert found(store, "old") == []
    kept = queries.conversation(store, "both")
    assert kept is not None
    assert [turn.text for turn in kept.turns] == ["new words"]
