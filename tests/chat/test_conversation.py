"""States of a conversation: each can be gone on from, however long the way to it was."""

from __future__ import annotations

import sys

from dragoman.chat.conversation import Conversation, PastTurn

LONG = 100_000


def long_conversation() -> Conversation:
    conversation = Conversation("c", "s")
    for number in range(LONG):
        conversation = conversation.after(PastTurn(str(number), "x", agent="a"), {"last": number})
    return conversation


def test_a_long_conversation_is_shown_hashed_and_thrown_away() -> None:
    conversation = long_conversation()
    assert len(conversation.turns) == LONG
    assert len(repr(conversation)) < 1000
    assert hash(conversation) == hash(conversation)
    assert conversation != long_conversation()
    assert conversation.last is not None
    assert conversation.last == conversation.turns[-1]
    del conversation  # which must not go deeper with each turn


def test_a_state_costs_what_its_turn_costs() -> None:
    conversation = long_conversation()
    assert conversation.last is not None
    parts = (conversation, conversation.last, conversation.values, conversation.values_of("a"))
    assert sum(map(sys.getsizeof, parts)) < 1500


def test_branches() -> None:
    first = Conversation("c", "s").after(PastTurn("1", "A", agent="a"), {"id": 1})
    one = first.after(PastTurn("2", "B", agent="b"), {"id": 2})
    other = first.after(PastTurn("3", "C", agent="a"), {})
    assert [turn.prompt for turn in one.turns] == ["1", "2"]
    assert [turn.prompt for turn in other.turns] == ["1", "3"]
    assert (one.values, other.values) == ({"a": {"id": 1}, "b": {"id": 2}}, {"a": {"id": 1}})
    assert one.before_last().last is first.last
    assert first.before_last().last is None


def test_a_turn_that_failed_without_a_word_is_not_told() -> None:
    conversation = Conversation("c", "s").after(PastTurn("1", "", failed=True), {})
    conversation = conversation.after(PastTurn("2", "half", failed=True), {}).after(PastTurn("3", ""), {})
    assert [turn.prompt for turn in conversation.messages] == ["2", "3"]
