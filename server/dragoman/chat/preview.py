"""What would be sent for a prompt, to be looked at and to be tried with curl. Nothing is resolved and nothing is sent.

References stay as they stand in the agent's file. A token that stands there itself, a login in the url, and the values
of headers, query parameters and keys of the body whose names tell of a credential are `•••`.
"""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import dataclass, replace
from urllib.parse import unquote_plus

from dragoman.agents.model import Agent, AuthType, JsonValue
from dragoman.agents.placeholders import placeholders_in
from dragoman.chat.body import own_request_format
from dragoman.chat.conversation import TurnInput
from dragoman.chat.curl import curl_command
from dragoman.chat.marked import Hidden, Marks
from dragoman.chat.redaction import Redactor, basic_secrets
from dragoman.chat.request import HttpRequest, build_request, key_header
from dragoman.secrets.names import names_credential

_STAND_IN = "stand-in.invalid"
_URL = re.compile(r"(?:([^/?#:]*)://)?(?:([^/?#@]*)@)?([^/?#]*)(.*)", re.DOTALL)
_SCHEME = re.compile(r"(?:Basic|Bearer|Token|Api-?Key) +", re.IGNORECASE)
"""A word before a credential that is none itself."""

_CREDENTIAL_KEY = re.compile(r"api[-_]?key|authori[sz]ation|credential|passw|secret|token$", re.IGNORECASE)
"""Keys of a body; fewer than for headers, since bodies hold `max_tokens` and `session_id`."""


@dataclass(frozen=True, slots=True)
class Preview:
    """A request as it would be sent. Of a Basic login, what is encoded is shown. `curl` is for a POSIX shell."""

    method: str
    url: str
    headers: tuple[tuple[str, str], ...]
    body: str
    curl: str


def preview(turn: TurnInput) -> Preview:
    """The request that `turn` would send now. Raises `TurnFailedError` like `build_request`."""
    marks = Marks()
    origin, agent = _known_origin(turn.agent, marks)
    request = build_request(replace(turn, agent=agent), marks)
    cover = _Cover(marks)
    headers = [(name, cover.header(name, value, _token_header(turn))) for name, value in request.headers]
    cover.login(request.address.user_and_password)
    cover.template(_templates(turn))
    url = cover.query(_url(request, origin))
    body = cover.rest(request.body.decode())
    lines = [f"{name}: {value}" if value else f"{name};" for name, value in headers if name != cover.login_header]
    login = next((value.removeprefix("Basic ") for name, value in headers if name == cover.login_header), None)
    return Preview(
        method="POST",
        url=marks.shown(url),
        headers=tuple((name, marks.shown(value)) for name, value in headers),
        body=marks.shown(body),
        curl=curl_command(
            marks.pieces(url),
            map(marks.pieces, lines),
            marks.pieces(body),
            marks.pieces(login) if login else None,
        ),
    )


def _known_origin(agent: Agent, marks: Marks) -> tuple[str, Agent]:
    """The agent with an origin that can be read, and what stands there itself: "" where that can be read already."""
    url = marks.marked(agent.url)
    match = _URL.fullmatch(url)
    assert match is not None, "every text matches"
    scheme, login, place, rest = match.groups()
    if not marks.are_in(f"{scheme or ''}{place}"):
        return "", replace(agent, url=url)
    origin = f"{scheme}://{place}" if scheme else place
    return origin, replace(agent, url=f"http://{login + '@' if login else ''}{_STAND_IN}{rest}")


def _url(request: HttpRequest, origin: str) -> str:
    url = str(request.address.url)
    return origin + url.removeprefix(f"http://{_STAND_IN}") if origin else url


def _token_header(turn: TurnInput) -> str:
    """The name of the header that carries the token, in lower case."""
    auth = turn.agent.auth
    return key_header(turn, auth).lower() if auth and auth.type is AuthType.API_KEY else "authorization"


def _templates(turn: TurnInput) -> list[JsonValue]:
    """What of the agent's own goes into the body."""
    own = own_request_format(turn)
    fields = [] if own is None else [{**(own.fields or {})}, {**own.custom_fields}]
    return [*fields, {**turn.agent.parameters}]


def _credentials_in(value: JsonValue, key: str = "") -> Iterator[str]:
    """The texts under keys whose names tell of a credential."""
    match value:
        case str() if _CREDENTIAL_KEY.search(key) and not placeholders_in(value):
            yield value
        case list():
            for item in value:
                yield from _credentials_in(item, key)
        case dict():
            for name, part in value.items():
                yield from _credentials_in(part, name)
        case _:
            pass


class _Cover:
    """Puts marks over what must not be seen, and over what repeats it elsewhere. References stay visible."""

    def __init__(self, marks: Marks) -> None:
        self._marks = marks
        self._secrets: set[str] = set()
        self.login_header = ""
        """The header of a login that cannot be encoded, since a reference is in it; what it encodes is shown."""

    def header(self, name: str, value: str, token_header: str) -> str:
        if name.lower() != token_header and not names_credential(name):
            return value
        scheme = _SCHEME.match(value)
        word, credential = (scheme[0], value[scheme.end() :]) if scheme else ("", value)
        if word.strip().lower() == "basic":
            credential = self._decoded(name, credential)
        return word + self._over(name, credential)

    def login(self, user_and_password: str) -> None:
        """What stands before the host of the url; it is sent as a header."""
        if user_and_password and not self._marks.are_in(user_and_password):
            self._secrets.update(basic_secrets(user_and_password))

    def template(self, value: JsonValue) -> None:
        """The agent's part of a body, before it is filled."""
        for credential in _credentials_in(value):
            self._over("", self._marks.marked(credential))

    def query(self, url: str) -> str:
        base, mark, query = url.partition("?")
        items = [self._query_item(item) for item in query.split("&")] if mark else []
        return self.rest(base) + mark + "&".join(items)

    def rest(self, text: str) -> str:
        """Text that is no credential itself but may repeat one."""
        redact = Redactor(self._secrets)
        return redact(text, self._marks.mark(Hidden("SECRET")))

    def _query_item(self, item: str) -> str:
        name, equals, value = item.partition("=")
        key = unquote_plus(name)
        if not names_credential(key):
            return name + equals + self.rest(value)
        self._secrets.add(unquote_plus(value))
        return name + equals + self._over(key, value)

    def _over(self, name: str, credential: str) -> str:
        """Marks over all of `credential` but the references in it."""
        covered: list[str] = []
        for piece in self._marks.pieces(credential):
            if not isinstance(piece, str):
                covered.append(self._marks.mark(piece))
            elif piece == ":":  # between a name and its password
                covered.append(piece)
            else:
                self._secrets.add(piece)
                covered.append(self._marks.mark(Hidden(name)))
        return "".join(covered)

    def _decoded(self, name: str, credential: str) -> str:
        """What a Basic login encodes, if a reference is in that; else the login as it is."""
        try:
            text = b64decode(credential, validate=True).decode()
        except ValueError:
            return credential
        if self._marks.are_in(text):
            self.login_header = name
            return text
        self._secrets.update(basic_secrets(text))
        return credential
