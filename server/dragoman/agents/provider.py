"""Provider definitions: what is known about a kind of agent, as data. One commented JSON file each, in `providers/`.

A definition says how a request is built and what the parts of an answer mean; the engine holds no vendor's name. With
`like`, it is another definition in all that it does not say itself; objects are merged key by key.

`auth` is how such agents usually know who asks: a `type` ("" for not at all) and the `header` of a token that travels
as `ApiKey`. `url` is an address to start from; its `{name}` parts are for the person who writes the agent's file, or
for the parameters that `request.inUrl` names.

`request`: `body` and `query` are templates. Their placeholders are those of an agent's own request format (`$content`,
`$history`, `$selection` …), `$system`, `$messageId` (new for each turn) and every name under `response.conversation`. A
key of the body is left out while nothing is known of all its placeholders. An agent's `parameters` are merged into the
body; a key whose placeholder has a value wins over them, a constant and `$sessionId` (our own choice) do not. `headers`
are sent as they are. `message` is the template of one message of `$history` (`$role`, `$text`), `roles` renames roles.

`response`: places in the answer are named by selectors. A selector is a JsonPath (Jayway), or an object with `event`
(names of server-sent events; absent: any) and `path` (absent: the datum itself, as text). Text is only what is a string
there, or a list of strings.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TypeAlias, cast

from dragoman.agents.model import JsonValue
from dragoman.syntax.jsonc import parse, to_value

_FOLDER = Path(__file__).parent / "providers"
_Json: TypeAlias = dict[str, JsonValue]


@dataclass(frozen=True, slots=True)
class Selector:
    """A place in the answer: in events of these names (empty: any), at this path (empty: the datum as text)."""

    events: frozenset[str] = frozenset()
    path: str = ""

    def concerns(self, event: str | None) -> bool:
        """Whether an event of this name is meant; None for what is no server-sent event."""
        return not self.events or event in self.events


@dataclass(frozen=True, slots=True)
class SourceSelector:
    """Where the sources of an answer stand, and at which paths in each (the first that holds text) their parts are."""

    path: str
    title: tuple[str, ...] = ()
    uri: tuple[str, ...] = ()
    excerpt: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StopSelector:
    """Where it stands why the answer stopped, and which words there mean too many tokens or a refusal."""

    paths: tuple[str, ...]
    max_tokens: frozenset[str] = frozenset()
    refused: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class RequestDefinition:
    """How a request is built."""

    body: Mapping[str, JsonValue] = field(default_factory=dict[str, JsonValue])
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    query: Mapping[str, str] = field(default_factory=dict[str, str])
    message: Mapping[str, JsonValue] = field(default_factory=lambda: {"role": "$role", "content": "$text"})
    roles: Mapping[str, str] = field(default_factory=dict[str, str])
    in_url: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ResponseDefinition:
    """What the parts of an answer mean.

    `text` appends, `replace` replaces all text so far; with no `text`, the common shapes are tried. The data of the
    events in `gather` are pieces of one JSON document. `final` is the whole answer, in that document or in a response
    that is one. `conversation` maps a name to the places of a value that goes back with the next turn, `usage` the
    words input, output and total to the paths of a count. With no `reasoning`, its common places are tried. `errors`
    hold what tells of one, `end` ends the turn; with `end_required`, a stream that just stops was cut.
    """

    text: tuple[Selector, ...] = ()
    reasoning: tuple[Selector, ...] = ()
    replace: tuple[Selector, ...] = ()
    follow_ups: tuple[Selector, ...] = ()
    final: tuple[Selector, ...] = ()
    errors: tuple[Selector, ...] = ()
    end: tuple[Selector, ...] = ()
    gather: frozenset[str] = frozenset()
    sources: SourceSelector | None = None
    stop: StopSelector | None = None
    usage: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    conversation: Mapping[str, tuple[Selector, ...]] = field(default_factory=dict[str, tuple[Selector, ...]])
    percent_encoded: bool = False
    end_required: bool = False


@dataclass(frozen=True, slots=True)
class ProviderDefinition:
    """One kind of agent. `parameters` is the JSON Schema of an agent's `parameters`."""

    name: str
    title: str
    description: str = ""
    documentation: str = ""
    url: str = ""
    auth_type: str = "Bearer"
    key_header: str = "x-api-key"
    accepts_connector: bool = True
    request: RequestDefinition = field(default_factory=RequestDefinition)
    response: ResponseDefinition = field(default_factory=ResponseDefinition)
    parameters: Mapping[str, JsonValue] = field(default_factory=dict[str, JsonValue])


@cache
def provider_names() -> tuple[str, ...]:
    """The names that `provider` may have, sorted."""
    return tuple(sorted(file.stem for file in _FOLDER.glob("*.jsonc")))


@cache
def load_provider(name: str) -> ProviderDefinition | None:
    """The definition of that name, or None if there is none."""
    if name not in provider_names():
        return None
    return read_provider(name, (_FOLDER / f"{name}.jsonc").read_text("utf-8"))


def read_provider(name: str, text: str) -> ProviderDefinition:
    """A definition from the text of its file. Raises `ValueError` for a key that means nothing."""
    data = _read(text)
    request, response, auth = (_object(data.pop(key, {})) for key in ("request", "response", "auth"))
    definition = ProviderDefinition(
        name=name,
        title=str(data.pop("title", name)),
        description=str(data.pop("description", "")),
        documentation=str(data.pop("documentation", "")),
        url=str(data.pop("url", "")),
        auth_type=str(auth.pop("type", "Bearer")),
        key_header=str(auth.pop("header", "x-api-key")),
        accepts_connector=bool(data.pop("connector", True)),
        request=_request(request),
        response=_response(response),
        parameters=_object(data.pop("parameters", {})),
    )
    if left_over := [*data, *request, *response, *auth]:
        raise ValueError(f"provider {name}: unknown key {left_over[0]}")
    return definition


def _read(text: str) -> _Json:
    """The object in a file, with all that it takes over from the one that it is `like`."""
    data = _object(cast("JsonValue", to_value(parse(text).root)))
    like = data.pop("like", None)
    return data if like is None else _merged(_read((_FOLDER / f"{like}.jsonc").read_text("utf-8")), data)


def _merged(base: _Json, own: _Json) -> _Json:
    merged = {**base, **own}
    for key, value in own.items():
        inherited = base.get(key)
        if isinstance(value, dict) and isinstance(inherited, dict):
            merged[key] = _merged(inherited, value)
    return merged


def _request(data: _Json) -> RequestDefinition:
    """Takes what it understands out of `data`."""
    return RequestDefinition(
        body=_object(data.pop("body", {})),
        headers=_texts(data.pop("headers", {})),
        query=_texts(data.pop("query", {})),
        message=_object(data.pop("message", {"role": "$role", "content": "$text"})),
        roles=_texts(data.pop("roles", {})),
        in_url=_names(data.pop("inUrl", [])),
    )


def _response(data: _Json) -> ResponseDefinition:
    """Takes what it understands out of `data`."""
    sources, stop = _object(data.pop("sources", {})), _object(data.pop("stop", {}))
    return ResponseDefinition(
        text=_selectors(data.pop("text", [])),
        reasoning=_selectors(data.pop("reasoning", [])),
        replace=_selectors(data.pop("replace", [])),
        follow_ups=_selectors(data.pop("followUps", [])),
        final=_selectors(data.pop("final", [])),
        errors=_selectors(data.pop("errors", [])),
        end=_selectors(data.pop("end", [])),
        gather=frozenset(_names(data.pop("gather", []))),
        sources=_sources(sources) if sources else None,
        stop=_stop(stop) if stop else None,
        usage={kind: _names(paths) for kind, paths in _object(data.pop("usage", {})).items()},
        conversation={name: _selectors(places) for name, places in _object(data.pop("conversation", {})).items()},
        percent_encoded=bool(data.pop("percentEncoded", False)),
        end_required=bool(data.pop("endRequired", False)),
    )


def _sources(data: _Json) -> SourceSelector:
    parts = {part: _names(data.get(part, [])) for part in ("title", "uri", "excerpt")}
    return SourceSelector(path=str(data["path"]), **parts)


def _stop(data: _Json) -> StopSelector:
    meanings = (frozenset(_names(data.get(meaning, []))) for meaning in ("maxTokens", "refused"))
    return StopSelector(_names(data["path"]), *meanings)


def _selectors(value: JsonValue) -> tuple[Selector, ...]:
    return tuple(_selector(item) for item in cast("list[JsonValue]", value))


def _selector(value: JsonValue) -> Selector:
    if isinstance(value, str):
        return Selector(path=value)
    data = _object(value)
    return Selector(frozenset(_names(data.get("event", []))), str(data.get("path", "")))


def _names(value: JsonValue) -> tuple[str, ...]:
    """One name, or a list of them."""
    return (value,) if isinstance(value, str) else tuple(str(item) for item in cast("list[JsonValue]", value))


def _texts(value: JsonValue) -> dict[str, str]:
    return {key: str(item) for key, item in _object(value).items()}


def _object(value: JsonValue) -> _Json:
    if not isinstance(value, dict):
        raise ValueError(f"an object is wanted here, not {value!r}")
    return value
