"""What an agent of a workspace is trusted with: where its requests go and what is in them. Nothing is resolved here."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from hashlib import sha256
from typing import cast

from dragoman.agents.model import Agent, JsonValue
from dragoman.secrets.reference import Masked, find_references

_NOT_SENT = frozenset(
    {
        *("description", "icon", "enabled", "default_timeout"),
        *("response_action", "interactive", "flow_next", "transition", "response_format", "dialect"),
    }
)
"""Fields of the model that change nothing about where a request goes and what is in it. Every other one counts, so that
a new field asks once too often rather than once too seldom. The name counts: whoever has it, is asked by it."""


def fingerprint(agent: Agent, folder: str, provider: JsonValue = None) -> str:
    """A digest of all that decides what `agent` is sent and where to, with its references as they are written.

    `folder` is the workspace's. `provider` is the definition of the agent's provider where the workspace brings that
    along too; one that comes with this program, or from the user, needs no consent.
    """
    told = json.dumps([folder, _plain(agent), provider], sort_keys=True)
    return sha256(told.encode()).hexdigest()


def references_of(agent: Agent, provider: JsonValue = None) -> tuple[str, ...]:
    """The references that a request of `agent` would resolve, as they are written, each once; `provider` as above."""
    own = agent.connector.request_format
    places = [
        agent.url,
        agent.auth.token.reveal() if agent.auth else "",
        [own.fields or {}, own.custom_fields, own.custom_headers] if own else [],
        agent.parameters,
        provider,
    ]
    found = (text[one.start : one.end] for place in places for text in _texts(place) for one in find_references(text))
    return tuple(dict.fromkeys(found))


def _plain(value: object) -> JsonValue:
    """A part of an agent as JSON."""
    if is_dataclass(value):
        counting = (field.name for field in fields(value) if field.name not in _NOT_SENT)
        return {name: _plain(getattr(value, name)) for name in counting}
    if isinstance(value, Masked):
        return value.reveal()
    if isinstance(value, Mapping):
        return {key: _plain(entry) for key, entry in cast("Mapping[str, object]", value).items()}
    return cast("JsonValue", value)


def _texts(value: object) -> Iterator[str]:
    """All strings inside some JSON, but for the keys."""
    match value:
        case str():
            yield value
        case Mapping():
            for entry in cast("Mapping[str, object]", value).values():
                yield from _texts(entry)
        case list():
            for entry in cast("list[object]", value):
                yield from _texts(entry)
        case _:
            pass
