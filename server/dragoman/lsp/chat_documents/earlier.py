"""The conversation that a chat document shows, for the next turn to go on from: the file is the truth.

What an agent is told of earlier turns is what stands above the question, with all that the user has changed in it. What
agents call the conversation, such as the id of a thread of theirs, is not in the file: it comes from the turns of
`conversation:`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from dragoman.chat.conversation import Conversation, PastTurn
from dragoman.chat.sessions import Sessions
from dragoman.syntax.chat_document import Turn


async def state_before(sessions: Sessions, conversation_id: str, above: Sequence[Turn]) -> Conversation:
    """The conversation of that id as the turns `above` say that it went. Raises `HistoryError`."""
    await sessions.recall(conversation_id)
    now = sessions.conversation(conversation_id)
    shown = [turn for turn in above if turn.role == "agent" and turn.answer_id]
    left = await sessions.left_by(shown[-1].answer_id or "") if shown else None
    then = left if left is not None and left.id == conversation_id else now
    kept = {turn.id: turn for state in (now, then) for turn in state.newest_first()}
    last: PastTurn | None = None
    for turn in _past_turns(above, kept):
        last = replace(turn, before=last)
    return replace(now, last=last and replace(last, values=then.values))


def _past_turns(above: Sequence[Turn], kept: Mapping[str, PastTurn]) -> Iterator[PastTurn]:
    """One for each question and the last answer to it; a question without an answer is not told."""
    asked: Turn | None = None
    for turn, following in zip(above, [*above[1:], None], strict=False):
        asked = turn if turn.role == "user" and turn.text else asked
        is_last = following is None or following.role == "user"
        if turn.role == "agent" and asked is not None and is_last:
            yield _past_turn(asked, turn, kept.get(turn.answer_id or ""))


def _past_turn(asked: Turn, answer: Turn, kept: PastTurn | None) -> PastTurn:
    """As the file has it. The files that were sent along are told again only with the question that they were of."""
    if kept is not None and kept.typed == asked.text:
        return replace(kept, answer=answer.text, before=None)
    failed = answer.note is not None
    return PastTurn(asked.text, answer.text, failed, answer.name, answer.answer_id or "", asked.text)
