"""From the frames of an answer to what they mean: text, reasoning, sources, errors, the end. No I/O.

The rules are those of docs/agents.md ("The answer"). What one document means is `reading`'s part, what
all of it adds up to is `answer`'s; here is decided what is a document, what is text, and what is neither.
"""

from __future__ import annotations

from collections.abc import Iterable
from io import StringIO
from typing import assert_never, cast

from dragoman.agents.model import JsonValue
from dragoman.chat.agent_errors import error_in_lone_document
from dragoman.chat.agent_message import marked_error, message_in_datum
from dragoman.chat.answer import Answer
from dragoman.chat.events import Remedy, TurnError
from dragoman.chat.framing.frames import (
    Datum,
    Document,
    Frame,
    Line,
    Malformed,
    Oversize,
    Text,
    UnfinishedDatum,
    WholeArray,
)
from dragoman.chat.framing.json_text import Parsed, parse_json
from dragoman.chat.percent import PercentDecoder
from dragoman.chat.reading import Reading
from dragoman.chat.redaction import Redactor
from dragoman.chat.telling import Extracted
from dragoman.settings import MEGABYTE

_DONE = ("[DONE]", '"[DONE]"')


class Extraction:
    """One answer on its way in. `answer` says whether it has ended, and why it failed.

    `document` is the last one in which there was text; it is no longer than what the settings let one document be.
    """

    def __init__(self, agent: str, reading: Reading, redact: Redactor, longest_answer: int) -> None:
        self.answer = Answer(agent, reading.response_format, redact, longest_answer)
        self.document: JsonValue = None
        self._reading = reading
        self._percent = PercentDecoder() if reading.definition.percent_encoded else None
        self._as_sent = StringIO()
        self._gathered = StringIO()
        self._first: JsonValue = None
        self._first_body: Document | None = None
        self._is_stream = False

    def feed(self, frames: Iterable[Frame]) -> list[Extracted]:
        """What `frames` mean, in order; neighbouring pieces of text are one."""
        for frame in frames:
            if self.answer.ended:
                break
            self._take(frame)
        return self.answer.telling.drain()

    def finish(self, cut: TurnError | None = None) -> list[Extracted]:
        """The body is over, or was cut off. What is left of it; after this, the answer's `error` is final."""
        stops_short = self._reading.definition.end_required and self._is_stream and not self.answer.ended
        self.answer.was_cut = self.answer.was_cut or stops_short
        self._take_gathered(is_cut=self.answer.was_cut or cut is not None)
        if self.answer.documents == 1:
            self._take_as_all_there_is()
        self.answer.conclude(cut)
        return self.answer.telling.drain()

    def _take(self, frame: Frame) -> None:
        match frame:
            case Datum(data, event):
                self._is_stream = True
                self._take_datum(data, event)
            case UnfinishedDatum(data, event):
                self._is_stream = True
                self._take_unfinished(data, event)
            case Line(text, ended):
                if ended:
                    self._take_datum(text, None)
                else:
                    self._take_unfinished(text, None)
            case Document(text, element=False) | Malformed(text=text) if text in _DONE and self.answer.documents:
                self.answer.ended = True
            case Document(text, value, element):
                self._first_body = None if element or self.answer.documents else frame
                self._take_document(cast("JsonValue", value), text, None, whole=not element)
                if not element:
                    self._take_string(value)
            case WholeArray(text):
                self._take_whole_array(text)
            case Text(text):
                self.answer.say(text)
            case Malformed(reason):
                self.answer.refuse(f"sent what cannot be read: {reason}", Remedy.URL)
            case Oversize(what, limit):
                setting = "answer" if what == "document" else what
                self.answer.refuse(f"sent too much at once: one {what} is over {limit / MEGABYTE:g} MB", limit=setting)
            case _:
                assert_never(frame)

    def _take_datum(self, data: str, event: str | None) -> None:
        """One event of a stream (`event` is its name) or one line of NDJSON."""
        is_object = data[:1] == "{"  # almost all are, and these can be no mark
        if not is_object and data.strip() in _DONE:
            self.answer.ended = True
        elif not is_object and marked_error(data) is not None:
            self.answer.fail(message_in_datum(data))
        elif event is not None and event in self._reading.definition.gather:
            self._gathered.write(data)
            self.answer.spend(data)
        elif event is not None and event != "error" and self._reading.takes_datum(event):
            self._take_text(data)
        elif data or event == "error":
            self._take_json(self._decoded(data), event)
        if event is not None and self._reading.ends_with(event):
            self.answer.ended = True

    def _take_unfinished(self, data: str, event: str | None) -> None:
        """The stream ended within an event or line: what is whole nevertheless counts, the rest was cut."""
        if data.strip() in _DONE or isinstance(parse_json(self._decoded(data, is_cut=True)), Parsed):
            self._take_datum(data, event)
        else:
            self.answer.was_cut = True

    def _take_text(self, data: str) -> None:
        """Data that are text themselves."""
        decoded = self._decoded(data)
        self._as_sent.write(data)
        self.answer.say(decoded)

    def _decoded(self, data: str, *, is_cut: bool = False) -> str:
        """`data` without percent encoding; what was decoded before it turned out that there is none is put right."""
        if self._percent is None:
            return data
        was_encoded = self._percent.is_encoded
        decoded = self._percent.decode(data, is_cut=is_cut)
        if was_encoded and not self._percent.is_encoded:
            self.answer.telling.replace(self._as_sent.getvalue())
        return decoded

    def _take_json(self, data: str, event: str | None) -> None:
        """A datum or line that should be JSON. Where nobody said where the text is, an event without JSON is text."""
        parsed = parse_json(data)
        is_plain = event is not None and self._reading.tries_common_shapes
        if isinstance(parsed, Parsed):
            value = cast("JsonValue", parsed.value)
            if value.__class__ is dict and self._reading.says_only_text(data, event):
                self._first = self._first if self.answer.documents else value
                text = self._reading.text_in(value, event)
                self.document = value if text else self.document
                self.answer.add_text(text, data)
                return
            self._take_document(value, data, event)
            self._take_string(value)
            if is_plain and not isinstance(value, dict | list | str):
                self.answer.say(data)
        elif event == "error":
            self.answer.fail(message_in_datum(data))
        elif is_plain:
            self.answer.say(data)
        elif data.strip():
            self.answer.leave_out(parsed.reason)

    def _take_document(self, value: JsonValue, source: str, event: str | None, *, whole: bool = False) -> None:
        if not self.answer.documents:
            self._first = value
        meaning = self._reading.meaning(value, event, whole=whole)
        if meaning.error is None and (meaning.text or meaning.replacement or meaning.final):
            self.document = value
        self.answer.add(meaning, source)

    def _take_string(self, value: object) -> None:
        """A document that is a string: text, where nobody said where the text is."""
        if isinstance(value, str) and self._reading.tries_common_shapes and not self.answer.ended:
            self.answer.say(value)

    def _take_whole_array(self, source: str) -> None:
        """All items of the body's array went by. If none had a text, the path is for the array itself."""
        parsed = parse_json(source)
        if not self.answer.says_nothing or not isinstance(parsed, Parsed):
            return
        self._take_document(cast("JsonValue", parsed.value), source, None, whole=True)
        if self.answer.says_nothing and self._reading.tries_common_shapes:
            self.answer.say(source)

    def _take_gathered(self, *, is_cut: bool) -> None:
        """The document that came in pieces: the agent's last word."""
        source = self._gathered.getvalue()
        parsed = parse_json(self._decoded(source, is_cut=is_cut)) if source else None
        if isinstance(parsed, Parsed):
            self._take_document(cast("JsonValue", parsed.value), source, None, whole=True)

    def _take_as_all_there_is(self) -> None:
        """The one document that came may mean what one among many does not."""
        if not self.answer.telling.has_text:
            self.answer.suspect(error_in_lone_document(self._first))
        if self._first_body and self.answer.says_nothing and self._reading.tries_common_shapes:
            self.answer.say(self._first_body.text)
