"""What one JSON document of an answer means: pure, and compiled once for a turn from connector and provider."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from dragoman.agents.model import Agent, JsonValue
from dragoman.agents.provider import ProviderDefinition, Selector, SourceSelector
from dragoman.chat.agent_errors import strong_error, weak_error
from dragoman.chat.agent_message import message_in
from dragoman.chat.conversation import ConversationValue, Learned
from dragoman.chat.events import Source, StopReason, Usage
from dragoman.chat.paths import NOTHING, Nothing, Select, selection
from dragoman.chat.shapes import common_text, reasoning_in, text_of
from dragoman.chat.telling_words import telling_words


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a document says. `text`, `replacement` and `final` are None where the document has no such place."""

    text: str | None = None
    replacement: str | None = None
    final: str | None = None
    reasoning: str = ""
    error: str | None = None
    """The agent's words, where it reports an error beyond doubt."""
    weak_error: str | None = None
    """The same where it may be none; counts only without text."""
    sources: tuple[Source, ...] = ()
    follow_ups: tuple[str, ...] = ()
    usage: Usage | None = None
    learned: Learned | None = None
    stop: StopReason | None = None
    """Why the answer stopped, where that is more than that it was over."""
    ends: bool = False


@dataclass(frozen=True, slots=True)
class _Place:
    """A selector, compiled. Without `select` it means the datum itself."""

    selector: Selector
    select: Select | None


class Reading:
    """How the answers of one agent are read."""

    def __init__(self, agent: Agent, provider: ProviderDefinition) -> None:
        """Raises `BadPathError` where `responseFormat` is no path."""
        definition = provider.response
        self.definition = definition
        self.response_format = agent.connector.response_format if provider.accepts_connector else None
        """None where the provider lets no path of the agent count."""
        self._own = selection(self.response_format, agent.connector.dialect) if self.response_format else None
        self._text = _compiled(() if self._own else definition.text)
        self._final = _compiled(() if self._own else definition.final)
        self._replace = _compiled(definition.replace)
        self._reasoning, self._errors = _compiled(definition.reasoning), _compiled(definition.errors)
        self._follow_ups, self._end = _compiled(definition.follow_ups), _compiled(definition.end)
        self._sources = _CompiledSources(definition.sources) if definition.sources else None
        self._stop = _selections(definition.stop.paths if definition.stop else ())
        self._usage = {kind: _selections(paths) for kind, paths in definition.usage.items()}
        self._conversation = {name: _compiled(places) for name, places in definition.conversation.items()}
        self._turn = {name: _compiled(places) for name, places in definition.turn.items()}
        self._text_events, self._end_events = _datum_events(self._text), _datum_events(self._end)
        self._telling_words = telling_words(definition)

    @property
    def tries_common_shapes(self) -> bool:
        """Nobody said where the text is."""
        return not (self._own or self._text or self._final)

    def takes_datum(self, event: str) -> bool:
        """Whether the data of this event are text themselves."""
        return any(selector.concerns(event) for selector in self._text_events)

    def says_only_text(self, source: str, event: str | None) -> bool:
        """Whether a document, one of many, can mean nothing but its text; told from its source, which is quick."""
        words = self._telling_words
        if words is None or event == "error" or "\\u" in source:  # an escape may spell any word
            return False
        for word in words:  # noqa: SIM110 - twice as fast as a generator, for each token
            if word in source:
                return False
        return True

    def meaning(self, document: JsonValue, event: str | None, *, whole: bool) -> Meaning:
        """What `document` says. `event` is its event's name, None without one; `whole`: it may be all there is."""
        return Meaning(
            text=self.text_in(document, event),
            replacement=_first_text(self._replace, document, event),
            final=_first_text(self._final, document, event) if whole else None,
            reasoning=self._reasoning_in(document, event),
            error=strong_error(document, event) or self._error_in(document, event),
            weak_error=weak_error(document),
            sources=self._sources(document) if self._sources else (),
            follow_ups=tuple(_items(self._follow_ups, document, event)),
            usage=self._usage_in(document),
            learned=self._learned_from(document, event),
            stop=self._stop_in(document),
            ends=any(True for _ in _values(self._end, document, event)),
        )

    def ends_with(self, event: str) -> bool:
        """Whether an event of this name ends the turn, whatever its data."""
        return any(selector.concerns(event) for selector in self._end_events)

    def text_in(self, document: JsonValue, event: str | None) -> str | None:
        """The document's text; None where it has no place for it."""
        if self._own is not None:
            value = self._own(document)
            return None if isinstance(value, Nothing) else text_of(value)
        return common_text(document) if self.tries_common_shapes else _first_text(self._text, document, event)

    def _reasoning_in(self, document: JsonValue, event: str | None) -> str:
        if not self._reasoning:
            return reasoning_in(document)
        return _first_text(self._reasoning, document, event) or ""

    def _error_in(self, document: JsonValue, event: str | None) -> str | None:
        found = next((value for value in _values(self._errors, document, event) if value), None)
        return None if found is None else message_in(found) or "no details given"

    def _stop_in(self, document: JsonValue) -> StopReason | None:
        definition = self.definition.stop
        words = {word for select in self._stop if isinstance(word := select(document), str)}
        if definition is None or not words:
            return None
        refused = StopReason.REFUSED if words & definition.refused else None
        return StopReason.MAX_TOKENS if words & definition.max_tokens else refused

    def _usage_in(self, document: JsonValue) -> Usage | None:
        told = {part: PARTS_OF_USAGE[part](paths, document) for part, paths in self._usage.items()}
        return Usage(**told) if any(value is not None for value in told.values()) else None

    def _learned_from(self, document: JsonValue, event: str | None) -> Learned | None:
        if not isinstance(document, dict):
            return None
        conversation, turn = (_ids(places, document, event) for places in (self._conversation, self._turn))
        return Learned(conversation, turn) if conversation or turn else None


class _CompiledSources:
    """Reads the sources in a document."""

    def __init__(self, definition: SourceSelector) -> None:
        self._select = selection(definition.path)
        self._parts = [_selections(paths) for paths in (definition.title, definition.uri, definition.excerpt)]

    def __call__(self, document: JsonValue) -> tuple[Source, ...]:
        found = self._select(document)
        items = found if isinstance(found, list) else []
        return tuple(
            Source(*(_first_word(part, item) for part in self._parts)) for item in items if isinstance(item, dict)
        )


def _compiled(selectors: Iterable[Selector]) -> list[_Place]:
    return [_Place(selector, selection(selector.path) if selector.path else None) for selector in selectors]


def _datum_events(places: list[_Place]) -> list[Selector]:
    """The selectors that mean a datum itself."""
    return [place.selector for place in places if place.select is None]


def _selections(paths: Iterable[str]) -> list[Select]:
    return [selection(path) for path in paths]


def _values(places: list[_Place], document: JsonValue, event: str | None) -> Iterator[JsonValue]:
    """What stands at the places that an event of this name may have."""
    for place in places:
        value = place.select(document) if place.select and place.selector.concerns(event) else NOTHING
        if not isinstance(value, Nothing):
            yield value


def _first_text(places: list[_Place], document: JsonValue, event: str | None) -> str | None:
    """The text at the first place that has some, or null."""
    values = _values(places, document, event)
    return next((text_of(value) for value in values if value is None or _is_text(value)), None)


def _is_text(value: JsonValue) -> bool:
    """Whether `value` is text as it stands, or a list of pieces of it."""
    return isinstance(value, str) or (isinstance(value, list) and all(isinstance(item, str) for item in value))


def _ids(named: Mapping[str, list[_Place]], document: JsonValue, event: str | None) -> dict[str, ConversationValue]:
    """The value of each name that has one in the document."""
    found: dict[str, ConversationValue] = {}
    for name, places in named.items():
        known = next((value for value in _values(places, document, event) if _is_id(value)), None)
        if isinstance(known, str | int):
            found[name] = known
    return found


def _items(places: list[_Place], document: JsonValue, event: str | None) -> Iterator[str]:
    """The texts at all places, those of a list one by one."""
    for value in _values(places, document, event):
        yield from (item for item in (value if isinstance(value, list) else [value]) if isinstance(item, str) and item)


def _first_count(paths: list[Select], document: JsonValue) -> int | None:
    """The whole number at the first path that has one."""
    values = (select(document) for select in paths)
    return next((value for value in values if isinstance(value, int) and not isinstance(value, bool)), None)


def _first_amount(paths: list[Select], document: JsonValue) -> float | None:
    """The number at the first path that has one; some agents write it as text."""
    values = (select(document) for select in paths)
    return next((amount for value in values if (amount := _amount(value)) is not None), None)


def _amount(value: JsonValue | Nothing) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        amount = float(value)
    except (ValueError, OverflowError):
        return None
    return amount if math.isfinite(amount) else None


def _first_word(paths: list[Select], document: JsonValue) -> str | None:
    values = (select(document) for select in paths)
    return next((value for value in values if isinstance(value, str) and value), None)


PARTS_OF_USAGE: Mapping[str, Callable[[list[Select], JsonValue], Any]] = {
    "input": _first_count,
    "output": _first_count,
    "total": _first_count,
    "cost": _first_amount,
    "currency": _first_word,
}
"""Part of a usage → how it is taken from a document."""


def _is_id(value: object) -> bool:
    """Whether `value` can name a conversation: text or a number, not empty."""
    return isinstance(value, str | int) and bool(value) and value is not True
