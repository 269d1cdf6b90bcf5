"""What one JSON document of an answer means: pure, and compiled once for a turn from connector and provider."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from dragoman.agents.model import Agent, JsonValue
from dragoman.agents.provider import ProviderDefinition, Selector, SourceSelector
from dragoman.chat.agent_errors import strong_error, weak_error
from dragoman.chat.conversation import ConversationValue
from dragoman.chat.events import Source, Usage
from dragoman.chat.paths import Nothing, Select, selection
from dragoman.chat.shapes import common_text, reasoning_in, text_of


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
    learned: Mapping[str, ConversationValue] | None = None
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
        self.response_format = agent.connector.response_format if provider.accepts_connector else ""
        self._text = _compiled(definition.text)
        if self.response_format:
            path = Selector(path=self.response_format)
            self._text = [_Place(path, selection(self.response_format, agent.connector.dialect))]
        self._replace, self._final = _compiled(definition.replace), _compiled(definition.final)
        self._reasoning, self._errors = _compiled(definition.reasoning), _compiled(definition.errors)
        self._follow_ups, self._end = _compiled(definition.follow_ups), _compiled(definition.end)
        self._sources = selection(definition.sources.path) if definition.sources else None
        self._usage = {kind: selection(path) for kind, path in definition.usage.items()}
        self._learned = {name: [*map(selection, paths)] for name, paths in definition.conversation.items()}

    @property
    def tries_common_shapes(self) -> bool:
        """Nobody said where the text is."""
        return not self._text and not self._final

    def takes_datum(self, event: str) -> bool:
        """Whether the data of this event are text themselves."""
        return any(place.select is None and place.selector.concerns(event) for place in self._text)

    def meaning(self, document: JsonValue, event: str | None, *, whole: bool) -> Meaning:
        """What `document` says. `event` is its event's name, None without one; `whole`: it may be all there is."""
        return Meaning(
            text=common_text(document) if self.tries_common_shapes else _first_text(self._text, document, event),
            replacement=_first_text(self._replace, document, event),
            final=_first_text(self._final, document, event) if whole else None,
            reasoning=_first_text(self._reasoning, document, event) or reasoning_in(document),
            error=strong_error(document, event) or _first_text(self._errors, document, event) or None,
            weak_error=weak_error(document),
            sources=self._sources_in(document),
            follow_ups=tuple(_items(self._follow_ups, document, event)),
            usage=self._usage_in(document),
            learned=self._learned_from(document),
            ends=_first_text(self._end, document, event) is not None,
        )

    def ends_with(self, event: str) -> bool:
        """Whether an event of this name ends the turn, whatever its data."""
        return any(place.select is None and place.selector.concerns(event) for place in self._end)

    def _sources_in(self, document: JsonValue) -> tuple[Source, ...]:
        definition = self.definition.sources
        if self._sources is None or definition is None:
            return ()
        found = self._sources(document)
        items = found if isinstance(found, list) else []
        return tuple(_source(item, definition) for item in items if isinstance(item, dict))

    def _usage_in(self, document: JsonValue) -> Usage | None:
        counts = {kind: select(document) for kind, select in self._usage.items()}
        whole = {kind: int(count) for kind, count in counts.items() if isinstance(count, int | float)}
        return Usage(**whole) if whole else None

    def _learned_from(self, document: JsonValue) -> Mapping[str, ConversationValue] | None:
        if not isinstance(document, dict):
            return None
        learned: dict[str, ConversationValue] = {}
        for name, paths in self._learned.items():
            values = (select(document) for select in paths)
            known = next((value for value in values if _is_id(value)), None)
            if isinstance(known, str | int):
                learned[name] = known
        return learned or None


def _compiled(selectors: Iterable[Selector]) -> list[_Place]:
    return [_Place(selector, selection(selector.path) if selector.path else None) for selector in selectors]


def _first_text(places: list[_Place], document: JsonValue, event: str | None) -> str | None:
    """The text at the first place that has a value."""
    for place in places:
        if place.select is not None and place.selector.concerns(event):
            value = place.select(document)
            if not isinstance(value, Nothing):
                return text_of(value)
    return None


def _items(places: list[_Place], document: JsonValue, event: str | None) -> Iterable[str]:
    """The texts of all places, those of a list one by one."""
    for place in places:
        value = place.select(document) if place.select and place.selector.concerns(event) else None
        yield from (item for item in (value if isinstance(value, list) else [value]) if isinstance(item, str) and item)


def _is_id(value: object) -> bool:
    """Whether `value` can name a conversation: text or a number, not empty."""
    return isinstance(value, str | int) and bool(value) and value is not True


def _source(item: dict[str, JsonValue], definition: SourceSelector) -> Source:
    return Source(_part(item, definition.title), _part(item, definition.uri), _part(item, definition.excerpt))


def _part(item: dict[str, JsonValue], names: tuple[str, ...]) -> str | None:
    values = (item.get(name) for name in names)
    return next((value for value in values if isinstance(value, str) and value), None)
