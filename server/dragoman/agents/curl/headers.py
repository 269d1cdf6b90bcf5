"""What the headers of a command say: who asks, what the agent needs besides, and what need not be sent."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from dragoman.agents.curl.concealment import Concealment
from dragoman.agents.model import JsonValue
from dragoman.agents.provider import ProviderDefinition
from dragoman.agents.starter import variable_for
from dragoman.secrets.names import names_credential

_OF_THE_SENDER = re.compile(
    r":?(?:accept(?:-.*)?|content-(?:type|length|encoding)|host|authority|method|path|scheme|connection|user-agent|"
    r"transfer-encoding|cache-control|pragma|dnt|origin|referer|priority|te|sec-.*|upgrade-insecure-requests|expect)",
    re.IGNORECASE,
)
"""Headers that every client chooses for itself; a browser's copy of a request is full of them."""

_SCHEME = re.compile(r"(bearer|basic) +(.+)", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Headers:
    """`auth` as in an agent's file, {} for none; `custom` are the others that an agent may need."""

    auth: Mapping[str, JsonValue] = field(default_factory=dict[str, JsonValue])
    custom: Mapping[str, str] = field(default_factory=dict[str, str])
    left_out: tuple[str, ...] = ()


def read_headers(
    headers: Iterable[tuple[str, str]], user: str, definition: ProviderDefinition, secrets: Concealment
) -> Headers:
    """Sort the headers of a command. `user` is `name:password`, which counts where no header says who asks."""
    known = {name.lower(): value for name, value in definition.request.headers.items()}
    own = [(name, value) for name, value in headers if not _OF_THE_SENDER.fullmatch(name)]
    left_out = tuple(name for name, _ in headers if _OF_THE_SENDER.fullmatch(name) and not _is_content_type(name))
    own = [(name, value) for name, value in own if known.get(name.lower()) != value]
    credential = next(_credentials(own), None)
    auth: dict[str, JsonValue] = {}
    if credential is not None:
        auth = _auth(*credential, definition, secrets)
    elif user:
        auth = _basic(user, secrets)
    others = [header for header in own if header != credential]
    return Headers(auth, {name: _concealed(name, value, secrets) for name, value in others}, left_out)


def _is_content_type(name: str) -> bool:
    return name.lower() in ("content-type", "accept")


def _credentials(headers: list[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Those that say who asks, the best first: a cookie or a session does so only for a browser."""
    yield from (header for header in headers if header[0].lower() == "authorization")
    yield from (header for header in headers if re.search(r"key|token|secret", header[0], re.IGNORECASE))


def _auth(name: str, value: str, definition: ProviderDefinition, secrets: Concealment) -> dict[str, JsonValue]:
    scheme = _SCHEME.fullmatch(value)
    if name.lower() == "authorization" and scheme:
        if scheme[1].lower() == "bearer":
            return {"type": "Bearer", "token": secrets.reference(scheme[2], "API_KEY", "the token behind “Bearer”")}
        return _basic(scheme[2], secrets)
    token = secrets.reference(value, "API_KEY", f"the value of the header {name}")
    if name.lower() == definition.key_header.lower():
        return {"type": "ApiKey", "token": token}
    return {"type": "ApiKey", "token": token, "header": name}


def _basic(user_and_password: str, secrets: Concealment) -> dict[str, JsonValue]:
    meaning = "user and password as user:password (behind “Basic”, a header has them in base64)"
    return {"type": "Basic", "token": secrets.reference(user_and_password, "LOGIN", meaning)}


def _concealed(name: str, value: str, secrets: Concealment) -> str:
    if not names_credential(name):
        return secrets.with_variables(value)
    return secrets.reference(value, variable_for(name, "").rstrip("_"), f"the value of the header {name}")
