"""From the value of an agent's JSON object to the typed model. Never raises: what is wrong takes its default.

Telling people about what is wrong is the linter's work; an agent with errors is never prompted.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, TypeVar, cast

from dragoman.agents.model import (
    Agent,
    Auth,
    AuthType,
    Connector,
    Dialect,
    Interactive,
    RequestFormat,
    ResponseAction,
    Transition,
)
from dragoman.secrets.reference import Masked
from dragoman.syntax.jsonc import ObjectNode, parse, to_value

_MOST_SECONDS = 1e9
"""More is as good as forever, and some is more than a float can hold."""

_Enum = TypeVar("_Enum", bound=StrEnum)


def read_agent(value: Mapping[str, Any]) -> Agent:
    """The agent that `value` describes, with the defaults of the format filled in."""
    return Agent(
        name=_text(value, "name"),
        url=_text(value, "url"),
        description=_text(value, "description"),
        icon=_text(value, "icon"),
        enabled=value.get("enabled") is not False,
        system=_text(value, "system"),
        provider=_text(value, "provider") or "custom",
        auth=_read_auth(_object(value, "auth")),
        connector=_read_connector(_object(value, "connector")),
        response_action=_member(ResponseAction, value.get("responseAction"), ResponseAction.DIRECT),
        interactive=_member(Interactive, value.get("interactive"), Interactive.CHAT_PANEL),
        flow_next=_text(_object(value, "flow"), "next"),
        transition=tuple(_read_transition(value.get("transition"))),
        parameters=_object(value, "parameters"),
        default_timeout=_seconds(value.get("defaultTimeout")),
    )


def read_request_format(value: Any) -> RequestFormat | None:
    """What `connector.requestFormat` says: an object, or a string that holds one. None where it is absent or broken."""
    if isinstance(value, str):
        tree = parse(value)
        value = to_value(tree.root) if isinstance(tree.root, ObjectNode) and not tree.problems else None
    if not isinstance(value, dict):
        return None
    given = cast("dict[str, Any]", value)
    return RequestFormat(
        fields=_object(given, "fields") if isinstance(given.get("fields"), dict) else None,
        custom_fields=_object(given, "customFields"),
        message_keys=_texts(_object(given, "messageKeys")),
        custom_headers=_texts(_object(given, "customHeaders")),
    )


def _read_auth(value: Mapping[str, Any]) -> Auth | None:
    if not value:
        return None
    kind = _member(AuthType, value.get("type"), AuthType.BEARER)
    return Auth(kind, Masked(_text(value, "token")), _text(value, "header"))


def _read_connector(value: Mapping[str, Any]) -> Connector:
    return Connector(
        request_format=read_request_format(value.get("requestFormat")),
        response_format=_text(value, "responseFormat").strip(),
        dialect=_member(Dialect, value.get("dialect"), Dialect.JAYWAY),
    )


def _read_transition(value: object) -> list[Transition]:
    entries = cast("list[Any]", value) if isinstance(value, list) else []
    objects = [cast("dict[str, Any]", entry) for entry in entries if isinstance(entry, dict)]
    return [Transition(_text(entry, "source"), _text(entry, "target")) for entry in objects]


def _text(value: Mapping[str, Any], key: str) -> str:
    found = value.get(key)
    return found if isinstance(found, str) else ""


def _texts(value: Mapping[str, Any]) -> dict[str, str]:
    return {key: text for key, text in value.items() if isinstance(text, str)}


def _object(value: Mapping[str, Any], key: str) -> dict[str, Any]:
    found = value.get(key)
    return cast("dict[str, Any]", found) if isinstance(found, dict) else {}


def _member(enum: type[_Enum], value: object, default: _Enum) -> _Enum:
    return next((member for member in enum if member.value == value), default)


def _seconds(value: object) -> float | None:
    if isinstance(value, int | float) and not isinstance(value, bool) and value > 0:
        return float(min(value, _MOST_SECONDS))
    return None
