"""From an agent, a prompt and a conversation to the request that is sent: address, headers and body.

This is the one place where references to secrets are resolved and tokens are read.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import quote

from dragoman import __version__
from dragoman.agents.headers import OURS_ALWAYS
from dragoman.agents.model import Agent, Auth, AuthType, JsonValue
from dragoman.chat.body import KeyPath, ValueOf, build_body, own_request_format, placeholder_values
from dragoman.chat.conversation import ConversationValue, TurnInput
from dragoman.chat.errors import TurnFailedError, failure
from dragoman.chat.events import ErrorCode
from dragoman.chat.redaction import Redactor, basic_secrets, basic_value, named_secrets
from dragoman.chat.stop_template import is_all_known, stop_path, stop_values
from dragoman.chat.template import Values, fill, fill_object
from dragoman.chat.transport.address import Address, read_address
from dragoman.chat.transport.content_coding import accepted_encodings
from dragoman.secrets.reference import Reference
from dragoman.secrets.resolve import ReferenceValues, Resolver, UnresolvedReferenceError

ACCEPT = "text/event-stream, application/x-ndjson, application/json, text/plain;q=0.9, text/html;q=0.8, */*;q=0.5"

_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_FORBIDDEN_IN_HEADER = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds. `first_byte`: from the request sent to the first byte of the body. Any byte resets `between_bytes`."""

    connect: float = 10.0
    first_byte: float = 60.0
    between_bytes: float = 120.0

    @classmethod
    def of(cls, agent: Agent) -> Timeouts:
        """`defaultTimeout` stands for all three."""
        limit = agent.default_timeout
        return cls() if limit is None else cls(limit, limit, limit)


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """A request, ready to be sent. All that may hold a secret is left out of its `repr`."""

    agent: str
    address: Address
    headers: tuple[tuple[str, str], ...] = field(repr=False)
    body: bytes = field(repr=False)
    timeouts: Timeouts
    redact: Redactor
    method: str = "POST"


def build_request(turn: TurnInput, references: ReferenceValues | None = None) -> HttpRequest:
    """The request for one turn, to be sent unless `references` gives something else than their values.

    Raises `TurnFailedError`, code `config`, where the agent's file must be corrected.
    """
    secrets = _Secrets(turn.agent.name, references or Resolver())
    query = turn.provider.request.query
    address = _address(turn, secrets, query, placeholder_values(turn, query))
    return _request(turn, secrets, address, _encode(build_body(turn, secrets.value_of), turn.agent.name))


def build_stop_request(turn: TurnInput, learned: Mapping[str, ConversationValue]) -> HttpRequest | None:
    """The request that tells the agent of a turn to stop; None where it has none, or not all is known for it.

    `learned` is what the agent has named in the turn. Raises `TurnFailedError` like `build_request`.
    """
    call, secrets = turn.provider.request.stop, _Secrets(turn.agent.name, Resolver())
    if call is None:
        return None
    values = stop_values(turn, call, learned, build_body(turn, secrets.value_of))
    address = _address(turn, secrets, call.query, values)
    path = stop_path(address.path, call, values)
    if path is None or not is_all_known(call, values):
        return None
    filled = fill_object(call.body, values, secrets.value_of(("provider",)))
    body = _encode(filled, turn.agent.name) if call.body else b""
    return replace(_request(turn, secrets, address.at(path), body), method=call.method)


def reads_keyring(turn: TurnInput) -> bool:
    """Whether building the request may have to wait for the system's keyring."""
    agent, own, provider = turn.agent, own_request_format(turn), turn.provider.request
    texts = [agent.url, agent.auth.token.reveal() if agent.auth else "", json.dumps([*agent.parameters.values()])]
    texts.append(json.dumps([{**provider.body}, {**provider.query}]))
    if own is not None:
        texts.append(json.dumps([own.fields and {**own.fields}, {**own.custom_fields}, {**own.custom_headers}]))
    return any("${keyring:" in text for text in texts)


class _Secrets:
    """Resolves references, naming the key to blame, and gathers everything that must not be shown."""

    def __init__(self, agent: str, references: ReferenceValues) -> None:
        self._agent = agent
        self._resolver = references
        self._found: set[str] = set()

    def value_of(self, key: KeyPath) -> ValueOf:
        """What resolves a reference that stands under `key`."""

        def resolve(reference: Reference) -> str:
            try:
                return self._resolver.value_of(reference)
            except UnresolvedReferenceError as error:
                refers = f"{'.'.join(key)} refers to ${{{reference.source}:{reference.name}}}"
                raise _wrong(self._agent, f"{refers}, but {error}", key) from None

        return resolve

    def resolved(self, text: str, key: KeyPath) -> str:
        """`text` with its references resolved; placeholders mean nothing in it."""
        return str(fill(text, {}, self.value_of(key)))

    def keep(self, *secrets: str) -> None:
        """These must not be shown."""
        self._found.update(secrets)

    def redactor(self) -> Redactor:
        """Takes out all that was found so far."""
        return Redactor({*self._found, *self._resolver.values})


def _request(turn: TurnInput, secrets: _Secrets, address: Address, body: bytes) -> HttpRequest:
    headers = _headers(turn, address, secrets)
    return HttpRequest(turn.agent.name, address, headers, body, Timeouts.of(turn.agent), secrets.redactor())


def _address(turn: TurnInput, secrets: _Secrets, query_template: Mapping[str, str], values: Values) -> Address:
    url = _with_parameters(secrets.resolved(turn.agent.url, ("url",)), turn, secrets)
    query = fill_object(query_template, values, secrets.value_of(("provider",)))
    try:
        address = read_address(url, {name: str(value) for name, value in query.items()})
    except ValueError as error:
        raise _wrong(turn.agent.name, f"its url {error}", ("url",)) from None
    if address.user_and_password:
        secrets.keep(*basic_secrets(address.user_and_password))
    for name, value in address.url.params.multi_items():
        secrets.keep(*named_secrets(name, value))
    return address


def _with_parameters(url: str, turn: TurnInput, secrets: _Secrets) -> str:
    """`url` with the parameters that stand in it as `{name}`, escaped."""
    for name in turn.provider.request.in_url:
        place = f"{{{name}}}"
        if place in url:
            value = turn.agent.parameters.get(name)
            if not isinstance(value, str):
                raise _wrong(turn.agent.name, f"its url needs parameters.{name}", ("url",))
            url = url.replace(place, quote(secrets.resolved(value, ("parameters", name)), safe=""))
    return url


def _headers(turn: TurnInput, address: Address, secrets: _Secrets) -> tuple[tuple[str, str], ...]:
    """Ours, then the agent's own, which win. Names are compared without case."""
    own = own_request_format(turn)
    custom: Mapping[str, str] = {} if own is None else own.custom_headers
    headers = {name.lower(): (name, value) for name, value in _our_headers(turn, address, secrets)}
    for name, text in custom.items():
        value = secrets.resolved(text, ("connector", "requestFormat"))
        secrets.keep(*named_secrets(name, value))
        if name.lower() not in OURS_ALWAYS:
            headers[name.lower()] = _checked(turn.agent.name, name, value, ("connector", "requestFormat"))
    return tuple(headers.values())


def _our_headers(turn: TurnInput, address: Address, secrets: _Secrets) -> Iterator[tuple[str, str]]:
    yield "Content-Type", "application/json"
    yield "Accept", ACCEPT
    yield "Accept-Encoding", accepted_encodings()
    yield "User-Agent", f"dragoman/{__version__}"
    for name, value in turn.provider.request.headers.items():
        if name.lower() not in OURS_ALWAYS:
            yield _checked(turn.agent.name, name, value, ("provider",))
    auth = turn.agent.auth
    if auth is not None and auth.token:
        yield _credential(turn, auth, secrets)
    elif address.user_and_password:
        yield "Authorization", basic_value(address.user_and_password)


def _credential(turn: TurnInput, auth: Auth, secrets: _Secrets) -> tuple[str, str]:
    """The header that carries the token."""
    token = secrets.resolved(auth.token.reveal(), ("auth", "token"))
    secrets.keep(token)
    match auth.type:
        case AuthType.BEARER:
            name, value = "Authorization", f"Bearer {token}"
        case AuthType.BASIC:
            secrets.keep(*basic_secrets(token))
            name, value = "Authorization", basic_value(token)
        case AuthType.API_KEY:
            name, value = key_header(turn, auth), token
    _checked(turn.agent.name, name, token, ("auth", "token"))
    return name, value


def key_header(turn: TurnInput, auth: Auth) -> str:
    """The name of the header for a token that travels as `ApiKey`."""
    return auth.header or turn.provider.key_header


def _checked(agent: str, name: str, value: str, key: KeyPath) -> tuple[str, str]:
    """A header that can be sent as it is. A line end in it would let it add headers of its own."""
    if not _HEADER_NAME.fullmatch(name):
        raise _wrong(agent, f"{'.'.join(key)} names a header that cannot be: {name!r}", key)
    if _FORBIDDEN_IN_HEADER.search(value):
        raise _wrong(
            agent, f"the value for the header {name} in {'.'.join(key)} has a line end or control character", key
        )
    return name, value.strip(" \t")


def _encode(body: Mapping[str, JsonValue], agent: str) -> bytes:
    try:
        return json.dumps(body, ensure_ascii=False, allow_nan=False).encode()
    except UnicodeEncodeError:
        # Half of a surrogate pair has no UTF-8 form; JSON's escapes carry it.
        return json.dumps(body, allow_nan=False).encode()
    except ValueError:
        raise _wrong(
            agent, "its request holds a number that JSON cannot write", ("connector", "requestFormat")
        ) from None


def _wrong(agent: str, cause: str, key: KeyPath) -> TurnFailedError:
    """The agent's file must be corrected; nothing was sent."""
    error = failure(ErrorCode.CONFIG, agent, f"cannot be asked: {cause}", "Correct it in the agent's file.", blame=key)
    return TurnFailedError(error)
