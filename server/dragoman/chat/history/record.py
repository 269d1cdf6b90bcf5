"""One turn on its way to the disk: what its steps add up to, and the rows that it makes.

Each time the whole row is written as it is by then. So a write that failed is simply done again.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, cast

from dragoman.chat.conversation import NO_CONTEXT, ConversationValue, Learned, TurnInput
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
    INSERT INTO turns (id, conversation_id, agent, prompt, began, parent, typed, context, is_handed_over,
                       number, text, reasoning, sources, incomplete)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9,
            (SELECT coalesce(max(number), 0) + 1 FROM turns WHERE conversation_id = ?2), '', '', '[]', 1)
"""
_FIND_TURN = "SELECT max(key) FROM turns WHERE id = ? AND conversation_id = ?"
_SAVE_TURN = """
    UPDATE turns SET text = ?, reasoning = ?, sources = ?, usage = ?, stop_reason = ?, incomplete = ?, error_code = ?,
        error_message = ?, ended = ?, agent_values = ?
    WHERE key = ?
"""
_SAVE_CONVERSATION = "UPDATE conversations SET updated = ? WHERE id = ?"
_INDEX_TURN = "INSERT INTO turn_index (rowid, prompt, text) SELECT key, prompt, text FROM turns WHERE key = ?"
_MARK_INDEXED = "UPDATE turns SET is_indexed = 1 WHERE key = ?"


@dataclass(frozen=True, slots=True)
class Beginning:
    """What is known of a turn when it begins. `prompt` is what is sent, `workspace` a path, or ""; `began` as `now`."""

    turn_id: str
    start: TurnInput
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
        beginning = self._beginning
        updated = (self._ended or beginning.began, keepable(beginning.start.conversation.id))
        store.connection.execute(_SAVE_CONVERSATION, updated)
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
        beginning, start = self._beginning, self._beginning.start
        prompt, id_ = self._clean(beginning.prompt), keepable(start.conversation.id)
        conversation = (id_, start.conversation.session_id, title_of(prompt), keepable(beginning.workspace))
        store.connection.execute(_BEGIN_CONVERSATION, (*conversation, beginning.began, beginning.began))
        turn = (keepable(beginning.turn_id), id_, keepable(start.agent.name), prompt, beginning.began)
        asked = (None, None) if start.context == NO_CONTEXT else (self._clean(start.prompt), self._context())
        row = (*turn, self._parent(store), *asked, start.body is not None)
        key = store.connection.execute(_BEGIN_TURN, row).lastrowid
        assert key is not None, "an INSERT that succeeds has made a row"
        return key

    def _parent(self, store: Store) -> int | None:
        """The row of the turn before this one; the next one before it where some were not kept."""
        conversation = self._beginning.start.conversation
        for turn in conversation.newest_first():
            identity = (keepable(turn.id), keepable(conversation.id))
            if (key := store.connection.execute(_FIND_TURN, identity).fetchone()[0]) is not None:
                return key
        return None

    def _context(self) -> str:
        """All that is text in it, cleaned, as JSON."""
        return json.dumps(self._cleaned(asdict(self._beginning.start.context)))

    def _cleaned(self, value: Any) -> Any:
        match value:
            case str():
                return self._clean(value)
            case dict():
                return {name: self._cleaned(part) for name, part in cast("dict[str, Any]", value).items()}
            case tuple():
                return [self._cleaned(part) for part in cast("tuple[Any, ...]", value)]
            case _:
                return value

    def _row(self) -> tuple[object, ...]:
        ending = self._ending
        error = ending.error if ending else None
        text = self._text.value
        return (
            text,
            self._reasoning.value,
            json.dumps([self._source(source) for source in self._sources]),
            self._told_usage(),
            ending.stop_reason.value if ending else None,
            ending is None or ending.cut or (ending.stop_reason is not StopReason.COMPLETED and text != ""),
            error.code.value if error else None,
            self._clean(error.message) if error else None,
            self._ended,
            json.dumps(self._agent_values()),
        )

    def _told_usage(self) -> str | None:
        """As JSON, without the parts that are not told: older versions that share the file know fewer of them."""
        if self._usage is None:
            return None
        return json.dumps({part: value for part, value in asdict(self._usage).items() if value is not None})

    def _source(self, source: Source) -> dict[str, str]:
        return {name: self._clean(value) for name, value in asdict(source).items() if value is not None}

    def _agent_values(self) -> Mapping[str, Mapping[str, ConversationValue]]:
        """What the agents call this conversation; a name with a secret in it is not kept."""
        start = self._beginning.start
        known, agent = start.conversation, start.agent.name
        learned = {name: value for name, value in self._learned.items() if self._redact(str(value)) == str(value)}
        return {**known.values, agent: {**known.values_of(agent), **learned}}


def title_of(prompt: str) -> str:
    """The first line of `prompt` that says something, not too long."""
    line = next((line.strip() for line in prompt.splitlines() if line.strip()), "")
    return line if len(line) <= LONGEST_TITLE else line[: LONGEST_TITLE - 1].rstrip() + "…"
