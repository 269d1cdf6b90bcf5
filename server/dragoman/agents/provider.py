"""Provider definitions: what is known about a kind of agent, as data. One commented JSON file each.

A definition says how a request is built and what the parts of an answer mean; the engine holds no vendor's name. With
`like`, it is another definition in all that it does not say itself; objects are merged key by key.

`auth` is how such agents usually know who asks: a `type` ("" for not at all) and the `header` of a token that travels
as `ApiKey`. `url` is an address to start from; its `{name}` parts are for the person who writes the agent's file, or
for the parameters that `request.inUrl` names. `needs` names the parameters without which such an agent does not answer:
what begins a new agent has them, and they are proposed first.

`request`: `body` and `query` are templates. Their placeholders are those of an agent's own request format (`$content`,
`$history`, `$selection` …), `$system`, `$messageId` (new for each turn) and every name under `response.conversation`. A
key of the body is left out while nothing is known of all its placeholders. An agent's `parameters` are merged into the
body; a key whose placeholder has a value wins over them, a constant and `$sessionId` (our own choice) do not. `headers`
are sent as they are. `message` is the template of one message of `$history` (`$role`, `$text`), `roles` renames roles.

`request.stop` is the call by which such an agent is told to stop, made when a turn is stopped after all that it needs
is known. It goes to the agent's own server with the agent's own headers: `path` maps the end of the agent's path to
what stands there for the call, where `{name}` is one step of the path and `$name` a value. With no `path`, the address
is the agent's own; where none of the ends is that of the agent's path, there is no call. `method`, `query` and `body`
are the call's own. The values are all those of the request, those under `response.turn`, and the texts and numbers at
the top of the body that was sent.

`response`: places in the answer are named by selectors. A selector is a JsonPath (Jayway), or an object with `event`
(names of server-sent events; absent: any) and `path` (absent: the datum itself, as text). Text is only what is a string
there, or a list of strings.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from dragoman.agents.model import JsonValue


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
class StopCall:
    """How an agent is told to stop. `paths`: the end of its path → the end of the call's; empty: its own address."""

    method: str = "POST"
    paths: Mapping[str, str] = field(default_factory=dict[str, str])
    query: Mapping[str, str] = field(default_factory=dict[str, str])
    body: Mapping[str, JsonValue] = field(default_factory=dict[str, JsonValue])


@dataclass(frozen=True, slots=True)
class RequestDefinition:
    """How a request is built."""

    body: Mapping[str, JsonValue] = field(default_factory=dict[str, JsonValue])
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    query: Mapping[str, str] = field(default_factory=dict[str, str])
    message: Mapping[str, JsonValue] = field(default_factory=lambda: {"role": "$role", "content": "$text"})
    roles: Mapping[str, str] = field(default_factory=dict[str, str])
    in_url: tuple[str, ...] = ()
    stop: StopCall | None = None


@dataclass(frozen=True, slots=True)
class ResponseDefinition:
    """What the parts of an answer mean.

    `text` appends, `replace` replaces all text so far; with no `text`, the common shapes are tried. The data of the
    events in `gather` are pieces of one JSON document. `final` is the whole answer, in that document or in a response
    that is one. `conversation` maps a name to the places of a value that goes back with the next turn, `turn` that of
    one which concerns this turn alone; `usage` maps input, output, total, cost and currency to paths. With no
    `reasoning`, its common places are tried. `errors` hold what tells of one, `end` ends the turn; with `end_required`,
    a stream that just stops was cut.
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
    turn: Mapping[str, tuple[Selector, ...]] = field(default_factory=dict[str, tuple[Selector, ...]])
    percent_encoded: bool = False
    end_required: bool = False


@dataclass(frozen=True, slots=True)
class ProviderDefinition:
    """One kind of agent. `parameters` is the JSON Schema of its `parameters`; `like` names what it took over from."""

    name: str
    title: str
    description: str = ""
    documentation: str = ""
    billing: str = ""
    """The page where the vendor is paid; offered where an agent's host belongs to the same domain."""
    url: str = ""
    auth_type: str = "Bearer"
    key_header: str = "x-api-key"
    accepts_connector: bool = True
    like: str = ""
    needs: tuple[str, ...] = ()
    request: RequestDefinition = field(default_factory=RequestDefinition)
    response: ResponseDefinition = field(default_factory=ResponseDefinition)
    parameters: Mapping[str, JsonValue] = field(default_factory=dict[str, JsonValue])
