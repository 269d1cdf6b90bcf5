"""What is asked of the history: the list, the search, whole conversations; and renaming and deleting them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from dragoman.chat.events import Source, Usage
from dragoman.chat.history.kept import KeptConversation, KeptTurn, Page, Summary
from dragoman.chat.history.redacted import keepable

if TYPE_CHECKING:
    from dragoman.chat.history.store import Store

_LIST = """
    SELECT id, title, updated,
        (SELECT agent FROM turns WHERE conversation_id = conversations.id ORDER BY number DESC LIMIT 1),
        (SELECT count(*) FROM turns WHERE conversation_id = conversations.id)
    FROM conversations
    WHERE {conditions}
    ORDER BY updated DESC, id DESC LIMIT ?
"""
_HAS_WORD = "(contains(title, ?) OR id IN (SELECT conversation_id FROM turns WHERE {turn_has_word}))"
_SCAN = "(contains(prompt, ?) OR contains(text, ?))"
_LOOK_UP = f"(key IN (SELECT rowid FROM turn_index WHERE turn_index MATCH ?) OR (NOT is_indexed AND {_SCAN}))"
_SHORTEST_LOOKED_UP = 3
"""Characters; the index is one of trigrams."""

_CONVERSATION = "SELECT title, workspace, created, updated FROM conversations WHERE id = ?"
_TURNS = """
    SELECT turns.*, parents.id AS parent_id FROM turns LEFT JOIN turns AS parents ON parents.key = turns.parent
    WHERE turns.conversation_id = ? ORDER BY turns.number
"""
_REMOVE_FROM_INDEX = """
    INSERT INTO turn_index (turn_index, rowid, prompt, text)
    SELECT 'delete', key, prompt, text FROM turns WHERE is_indexed AND {condition}
"""


class BadCursorError(ValueError):
    """A cursor that no list has given."""


def page(store: Store, query: str, cursor: str | None, limit: int) -> Page:
    """Up to `limit` conversations, newest first, that have every word of `query` in them. Raises `BadCursorError`.

    A word is found inside of longer ones and in any case; no character in it means anything special.
    """
    conditions, values = ["TRUE"], list[object]()
    if cursor is not None:
        conditions.append("(updated, id) < (?, ?)")
        values += _read_cursor(cursor)
    for word in keepable(query).split():
        condition, word_values = _condition(word, has_index=store.has_index)
        conditions.append(condition)
        values += word_values
    rows = store.connection.execute(_LIST.format(conditions=" AND ".join(conditions)), (*values, limit + 1)).fetchall()
    items = tuple(Summary(id_, title, agent or "", _time(at), turns) for id_, title, at, agent, turns in rows[:limit])
    following = f"{rows[limit - 1][2]}-{rows[limit - 1][0]}" if len(rows) > limit else None
    return Page(items, following)


def conversation(store: Store, conversation_id: str) -> KeptConversation | None:
    """The whole conversation; None if there is none of that id."""
    row = store.connection.execute(_CONVERSATION, (keepable(conversation_id),)).fetchone()
    if row is None:
        return None
    title, workspace, created, updated = row
    return KeptConversation(
        conversation_id, title, workspace, _time(created), _time(updated), tuple(_turns(store, conversation_id))
    )


def rename(store: Store, conversation_id: str, title: str) -> bool:
    """Give it another title; False if there is none of that id."""
    change = "UPDATE conversations SET title = ? WHERE id = ?"
    with store.transaction():
        return store.connection.execute(change, (keepable(title), keepable(conversation_id))).rowcount > 0


def delete(store: Store, conversation_id: str) -> bool:
    """Remove it from the disk; False if there is none of that id."""
    id_ = keepable(conversation_id)
    with store.transaction():
        _remove_from_index(store, "conversation_id = ?", id_)
        deleted = store.connection.execute("DELETE FROM conversations WHERE id = ?", (id_,)).rowcount > 0
    _empty_log(store)
    return deleted


def delete_older(store: Store, before: int) -> None:
    """Remove the turns that began before a time, in milliseconds since 1970, and the conversations left empty."""
    if not store.connection.execute("SELECT 1 FROM turns WHERE began < ? LIMIT 1", (before,)).fetchone():
        return
    with store.transaction():
        _remove_from_index(store, "began < ?", before)
        store.connection.execute("DELETE FROM turns WHERE began < ?", (before,))
        store.connection.execute("DELETE FROM conversations WHERE id NOT IN (SELECT conversation_id FROM turns)")
    _empty_log(store)


def _condition(word: str, *, has_index: bool) -> tuple[str, list[object]]:
    """What a conversation with this word fulfils."""
    folded = word.casefold()
    # The index knows no folding that makes one letter two, such as that of ß.
    if has_index and len(word) >= _SHORTEST_LOOKED_UP and folded == word.lower() and len(folded) == len(word):
        phrase = '"' + folded.replace('"', '""') + '"'
        return _HAS_WORD.format(turn_has_word=_LOOK_UP), [folded, phrase, folded, folded]
    return _HAS_WORD.format(turn_has_word=_SCAN), [folded, folded, folded]


def _read_cursor(cursor: str) -> tuple[int, str]:
    updated, dash, id_ = cursor.partition("-")
    if not dash or not updated.isascii() or not updated.isdigit() or len(updated) > 18:
        raise BadCursorError("That cursor comes from no list.")
    return int(updated), keepable(id_)


def _turns(store: Store, conversation_id: str) -> Iterator[KeptTurn]:
    cursor = store.connection.execute(_TURNS, (keepable(conversation_id),))
    columns = [column[0] for column in cursor.description]
    for values in cursor:
        row: dict[str, Any] = dict(zip(columns, values, strict=True))
        yield KeptTurn(
            id=row["id"],
            agent=row["agent"],
            prompt=row["prompt"],
            typed=row["typed"],
            text=row["text"],
            reasoning=row["reasoning"],
            sources=tuple(Source(**source) for source in json.loads(row["sources"])),
            usage=Usage(**json.loads(row["usage"])) if row["usage"] else None,
            stop_reason=row["stop_reason"],
            incomplete=bool(row["incomplete"]),
            error_code=row["error_code"],
            error_message=row["error_message"],
            began=_time(row["began"]),
            key=row["key"],
            parent=row["parent"],
            parent_id=row["parent_id"],
        )


def _remove_from_index(store: Store, condition: str, value: object) -> None:
    if store.has_index:
        store.connection.execute(_REMOVE_FROM_INDEX.format(condition=condition), (value,))


def _empty_log(store: Store) -> None:
    """What was deleted is not to be read in the write-ahead log either; as far as no other editor reads just now."""
    store.connection.execute("PRAGMA wal_checkpoint (TRUNCATE)").fetchall()


def _time(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)
