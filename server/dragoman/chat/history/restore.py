"""From the history back to a conversation that goes on: the states of it that its turns have left."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from dragoman.chat.conversation import NO_CONTEXT, ContextBlock, Conversation, PastTurn, PromptContext
from dragoman.chat.events import StopReason
from dragoman.chat.history.redacted import keepable

if TYPE_CHECKING:
    from dragoman.chat.history.store import Store

_NEWEST_OF_CONVERSATION = "SELECT key FROM turns WHERE conversation_id = ? ORDER BY number DESC LIMIT 1"
_NEWEST_OF_ID = "SELECT key FROM turns WHERE id = ? ORDER BY key DESC LIMIT 1"
_CONVERSATION = """
    SELECT conversations.id, session_id FROM conversations JOIN turns ON conversations.id = conversation_id
    WHERE key = ?
"""
_BRANCH = """
    WITH RECURSIVE branch (key, parent) AS (
        SELECT key, parent FROM turns WHERE key = ?
        UNION ALL
        SELECT turns.key, turns.parent FROM turns JOIN branch ON turns.key = branch.parent
    )
    SELECT id, agent, prompt, text, stop_reason, typed, context, is_handed_over, turns.agent_values
    FROM turns JOIN branch USING (key) ORDER BY key
"""


def restored(store: Store, conversation_id: str) -> Conversation | None:
    """The conversation as its newest turn has left it; None if there is none of that id."""
    return _left(store, _NEWEST_OF_CONVERSATION, conversation_id)


def left_by(store: Store, turn_id: str) -> Conversation | None:
    """The conversation as that turn has left it; None if there is none of that id."""
    return _left(store, _NEWEST_OF_ID, turn_id)


def _left(store: Store, find: str, id_: str) -> Conversation | None:
    found = store.connection.execute(find, (keepable(id_),)).fetchone()
    if found is None:
        return None
    conversation_id, session_id = store.connection.execute(_CONVERSATION, found).fetchone()
    last: PastTurn | None = None
    for row in store.connection.execute(_BRANCH, found):
        last = _past_turn(row, last)
    return Conversation(conversation_id, session_id, last)


def _past_turn(row: tuple[Any, ...], before: PastTurn | None) -> PastTurn:
    id_, agent, prompt, text, stop_reason, typed, context, is_handed_over, values = row
    return PastTurn(
        prompt=prompt,
        answer=text,
        failed=stop_reason != StopReason.COMPLETED,
        agent=agent,
        id=id_,
        typed=prompt if typed is None else typed,
        context=NO_CONTEXT if context is None else _context(json.loads(context)),
        is_handed_over=bool(is_handed_over),
        values=json.loads(values),
        before=before,
    )


def _context(kept: dict[str, Any]) -> PromptContext:
    blocks = tuple(ContextBlock(**block) for block in kept.pop("blocks"))
    return PromptContext(**kept, blocks=blocks)
