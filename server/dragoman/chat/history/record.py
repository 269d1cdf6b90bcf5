"""One turn on its way to the disk: what its steps add up to, and the rows that it makes.

Each time the whole row is written as it is by then. So a write that failed is simply done again.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from dragoman.chat.conversation import Conversation, ConversationValue, Learned
from dragoman.chat.engine import Batch, Ending
from dragoman.chat.events import ReasoningDelta, ReplaceText, Source, StopReason, TextDelta, Usage
from dragoman.chat.history.redacted import RedactedText, keepable
from dragoman.chat.redaction import Confidential, Redactor

if TYPE_CHECKING:
    from dragoman.chat.history.store import Store

LONGEST_TITLE = 80
"""Characters of the first prompt that make a title."""

_BEGIN_CONVERSATION = """
    INSERT INTO conversations (id, session_id, title, workspace, created, updated, agent_values)
    VALUES (?, ?, ?, ?, ?, ?, '{}') ON CONFLICT (id) DO NOTHING
"""
_BEGIN_TURN = """
    INSERT INTO turns (id, conversation_id, agent, prompt, began, number, text, reasoning, sources, incomplete)
    VALUES (?1, ?2, ?3, ?4, ?5, (SELECT coalesce(max(number), 0) + 1 FROM turns WHERE conversation_id = ?2),
            '', '', '[]', 1)
"""
_SAVE_TURN = """
    UPDATE turns SET text = ?, reasoning = ?, sources = ?, usage = ?, stop_reason = ?, incomplete = ?, error_code = ?,
        error_message = ?, ended = ?
    WHERE key = ?
"""
_SAVE_CONVERSATION = "UPDATE conversations SET updated = ?, agent_values = ? WHERE id = ?"
_INDEX_TURN = "INSERT INTO turn_index (rowid, prompt, text) SELECT key, prompt, text FROM turns WHERE key = ?"
_MARK_INDEXED = "UPDATE turns SET is_indexed = 1 WHERE key = ?"


@dataclass(frozen=True, slots=True)
class Beginning:
    """What is known of a turn when it begins. `workspace` is a path, or ""; `began` counts as `now`."""

    turn_id: str
    conversation: Conversation
    agent: str
    prompt: str
    workspace: str
    began: int


def now() -> int:
    """Milliseconds since 1970, UTC."""
    return time.time_ns() // 1_000_000


class TurnRecord:
    """Belongs to one thread. `key` is the row's, None as long as nothing is written."""

    def __init__(self, beginning: Beginning) -> None:
        self.key: int | None = None
        self._beginning = beginning
        self._use(Redactor())
        self._knows_secrets = False
        self._sources: list[Source] = []
        self._usage: Usage | None = None
        self._learned: dict[str, ConversationValue] = {}
        self._ending: Ending | None = None
        self._ended: int | None = None

    @property
    def has_ended(self) -> bool:
        """Whether its last step was taken."""
        return self._ending is not None

    @property
    def is_writable(self) -> bool:
        """Whether it is known what must not be written."""
        return self._knows_secrets or self.has_ended

    def take(self, step: Batch | Ending) -> None:
        """The next step of the turn."""
        if isinstance(step, Ending):
            self._ending = step
            self._ended = now()
            return
        for event in step:
            match event:
                case TextDelta(delta):
                    self._text.add(delta)
                case ReplaceText(text):
                    self._text.replace(text)
                case ReasoningDelta(delta):
                    self._reasoning.add(delta)
                case Source():
                    self._sources.append(event)
                case Usage():
                    self._usage = event
                case Learned(values):
                    self._learned.update(values)
                case Confidential(redact):
                    self._use(redact)
                    self._knows_secrets = True
                case _:
                    # What stands in no conversation: status, notices, proposals of how to go on.
                    pass

    def save(self, store: Store) -> int:
        """Write everything so far, inside a transaction; gives the row's key."""
        key = self._begin(store) if self.key is None else self.key
        saved = store.connection.execute(_SAVE_TURN, (*self._row(), key))
        if saved.rowcount == 0:
            return key  # somebody has deleted it meanwhile
        start = self._beginning
        time_and_values = (self._ended or start.began, json.dumps(self._agent_values()))
        store.connection.execute(_SAVE_CONVERSATION, (*time_and_values, keepable(start.conversation.id)))
        if self._ending is not None and store.has_index:
            store.connection.execute(_INDEX_TURN, (key,))
            store.connection.execute(_MARK_INDEXED, (key,))
        return key

    def _use(self, redact: Redactor) -> None:
        self._redact = redact
        self._text = RedactedText(redact)
        self._reasoning = RedactedText(redact)

    def _clean(self, text: str) -> str:
        return keepable(self._redact(text))

    def _begin(self, store: Store) -> int:
        start = self._beginning
        prompt, id_ = self._clean(start.prompt), keepable(start.conversation.id)
        conversation = (id_, start.conversation.session_id, title_of(prompt), keepable(start.workspace))
        store.connection.execute(_BEGIN_CONVERSATION, (*conversation, start.began, start.began))
        turn = (keepable(start.turn_id), id_, keepable(start.agent), prompt, start.began)
        key = store.connection.execute(_BEGIN_TURN, turn).lastrowid
        assert key is not None, "an INSERT that succeeds has made a row"
        return key

    def _row(self) -> tuple[object, ...]:
        ending = self._ending
        error = ending.error if ending else None
        text = self._text.value
        return (
            text,
            self._reasoning.value,
            json.dumps([self._source(source) for source in self._sources]),
            json.dumps(asdict(self._usage)) if self._usage else None,
            ending.stop_reason.value if ending else None,
            ending is None or ending.cut or (ending.stop_reason is not StopReason.COMPLETED and text != ""),
            error.code.value if error else None,
            self._clean(error.message) if error else None,
            self._ended,
        )

    def _source(self, source: Source) -> dict[str, str]:
        return {name: self._clean(value) for name, value in asdict(source).items() if value is not None}

    def _agent_values(self) -> Mapping[str, Mapping[str, ConversationValue]]:
        """What the agents call this conversation; a name with a secret in it is not kept."""
        known, agent = self._beginning.conversation, self._beginning.agent
        learned = {name: value for name, value in self._learned.items() if self._redact(str(value)) == str(value)}
        return {**known.values, agent: {**known.values_of(agent), **learned}}


def title_of(prompt: str) -> str:
    """The first line of `prompt` that says something, not too long."""
    line = next((line.strip() for line in prompt.splitlines() if line.strip()), "")
    return line if len(line) <= LONGEST_TITLE else line[: LONGEST_TITLE - 1].rstrip() + "…"
