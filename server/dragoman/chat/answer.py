"""The answer of one turn as it grows: what was told of it, what was seen, and in the end whether the turn failed."""

from __future__ import annotations

from dragoman.chat.agent_message import presentable
from dragoman.chat.errors import agent_failure, cut_off, empty_answer, failure, no_match
from dragoman.chat.events import (
    SAMPLED,
    ErrorCode,
    FollowUp,
    Notice,
    ReasoningDelta,
    Remedy,
    StopReason,
    TurnError,
    Usage,
)
from dragoman.chat.reading import Meaning
from dragoman.chat.redaction import Redactor
from dragoman.chat.telling import Telling


class Answer:
    """`ended`: no more is wanted. `error`: why the turn fails, final after `conclude`. `was_cut`: the end lacks.

    `longest` is how many characters one turn takes in, reasoning included.
    """

    def __init__(self, agent: str, response_format: str | None, redact: Redactor, longest: int) -> None:
        self.ended = False
        self.error: TurnError | None = None
        self.was_cut = False
        self.has_match = False
        self.has_reasoning = False
        self.documents = 0
        self.stop_reason = StopReason.COMPLETED
        self.telling = Telling()
        self._agent = agent
        self._response_format = response_format
        self._redact = redact
        self._room = longest
        self._weak_error: str | None = None
        self._samples: list[str] = []
        self._room_for_samples = SAMPLED
        self._unread = 0
        self._follow_ups: tuple[str, ...] = ()
        self._usage: Usage | None = None

    @property
    def says_nothing(self) -> bool:
        """No text place, reasoning or error in it so far."""
        return not (self.has_match or self.has_reasoning or self.error or self._weak_error)

    def say(self, text: str) -> None:
        """More text, perhaps empty, from a place where text was expected."""
        self.has_match = True
        self.telling.say(text)
        self.spend(text)

    def add(self, meaning: Meaning, source: str) -> None:
        """What a document means; `source` is its text."""
        self._count(source)
        if meaning.learned:
            self.telling.tell(meaning.learned)
        if meaning.error is not None:
            self.fail(meaning.error)
            return
        if meaning.reasoning:
            self.has_reasoning = True
            self.spend(meaning.reasoning)
            self.telling.tell(ReasoningDelta(meaning.reasoning))
        self._add_text(meaning)
        self._add_extras(meaning)
        self.stop_reason = meaning.stop or self.stop_reason
        self.ended = self.ended or meaning.ends

    def add_text(self, text: str | None, source: str) -> None:
        """A document that has nothing but text, or, if that is None, no place for it."""
        self._count(source)
        if text is not None:
            self.say(text)

    def fail(self, words: str) -> None:
        """An error beyond doubt, in the agent's words: nothing that follows matters."""
        self.error = self.error or self._in_agents_words(words)
        self.ended = True

    def suspect(self, words: str | None) -> None:
        """A weak sign of an error: it is told at the end; the first one counts."""
        self._weak_error = self._weak_error or words

    def refuse(self, cause: str, remedy: Remedy | None = None, *, limit: str = "") -> None:
        """The answer cannot be read, or not any further; `limit` is the setting that would let it go on."""
        advice = f"Check url, or raise the setting limits.{limit}." if limit else "Check url."
        self.error = self.error or failure(
            ErrorCode.BAD_STREAM, self._agent, cause, advice, blame=("url",), remedy=remedy
        )
        self.was_cut = self.telling.has_text
        self.ended = True

    def leave_out(self, reason: str) -> None:
        """A part that should have been JSON cannot be read; said once."""
        self._unread += 1
        if self._unread == 1:
            words = f"Agent “{self._agent}” sent an event that cannot be read, which was left out: {reason}."
            self.telling.tell(Notice("warning", "bad_json", words))

    def spend(self, text: str) -> None:
        """Take in `text`; an answer that does not stop is stopped."""
        self._room -= len(text)
        if self._room < 0 and not self.ended:
            self.refuse("sent an answer that is too long to be kept", limit="answer")

    def conclude(self, cut: TurnError | None) -> None:
        """Nothing more comes. The agent's error goes before a cut, and a cut before text that was not found."""
        if self._follow_ups:
            self.telling.tell(FollowUp(self._follow_ups))
        if self.error is None and self._weak_error is not None:
            self.error = self._in_agents_words(self._weak_error)
        if self.error is None and (self.was_cut or cut is not None):
            self.was_cut = True
            self.error = cut or cut_off(self._agent)
        if self.error is None and not self.telling.has_text:
            self.error = self._without_text()

    def _count(self, source: str) -> None:
        """One more document; some of those in which no text was found are kept, to show what they are like."""
        self.documents += 1
        if not self.has_match and self._room_for_samples > 0:
            self._samples.append(source)
            self._room_for_samples -= len(source)

    def _add_text(self, meaning: Meaning) -> None:
        if meaning.text is not None:
            self.say(meaning.text)
        if meaning.replacement is not None:
            self.has_match = True
            self.telling.replace(meaning.replacement)
        if meaning.final is not None:
            self.has_match = True
            # A last word that is empty takes nothing back.
            self.telling.replace(meaning.final or self.telling.text)

    def _add_extras(self, meaning: Meaning) -> None:
        for source in meaning.sources:
            self.telling.tell(source)
        self._follow_ups += meaning.follow_ups
        if meaning.usage is not None:
            self._usage = meaning.usage if self._usage is None else self._usage.updated(meaning.usage)
            self.telling.tell(self._usage)
        if not meaning.text:
            self.suspect(meaning.weak_error)

    def _in_agents_words(self, words: str) -> TurnError:
        return agent_failure(self._agent, presentable(words, self._redact))

    def _without_text(self) -> TurnError | None:
        """The error for an answer without any text, if that is one."""
        if self.has_match or self.has_reasoning:
            words = f"Agent “{self._agent}” answered with an empty text."
            self.telling.tell(Notice("info", "empty_answer", words))
            return None
        if self.documents:
            return no_match(self._agent, self._response_format, self._samples, self._redact)
        return empty_answer(self._agent, unreadable=self._unread > 0)
