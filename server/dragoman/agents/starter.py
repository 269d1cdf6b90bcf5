"""What a new agent of a known kind begins as: a value that lints clean, and what is left to its author to fill in."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from typing import cast

from dragoman.agents.model import JsonValue
from dragoman.agents.provider import ProviderDefinition
from dragoman.secrets.reference import find_references

EXAMPLE_URL = "http://127.0.0.1:8765/v1/chat/completions"
"""Where `dragoman example-agent` listens."""

_PLACE_IN_URL = re.compile(r"(?<!\$)\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Gap:
    """What the author of an agent has to fill in: `name` stands for it in the value at `path`, or that is empty."""

    path: tuple[str, ...]
    name: str


def start_agent(
    definition: ProviderDefinition,
    *,
    name: str = "",
    url: str = "",
    token: str = "",
    parameters: Mapping[str, JsonValue] | None = None,
    taken: Container[str] = (),
) -> dict[str, JsonValue]:
    """A new agent. What is not given comes from the definition; a name of ours is none of `taken`."""
    is_custom = definition.name == "custom"
    chosen = name or free_name("My agent" if is_custom else definition.title.partition(" (")[0], taken)
    agent: dict[str, JsonValue] = {"name": chosen}
    if not is_custom:
        agent["provider"] = definition.name
    agent["url"] = url or definition.url or EXAMPLE_URL
    if token or (definition.auth_type and not is_custom):
        agent["auth"] = start_auth(definition, token or token_reference(chosen if is_custom else definition.name))
    given = {**_needed_parameters(definition, str(agent["url"])), **(parameters or {})}
    if given:
        agent["parameters"] = given
    if is_custom:
        agent["connector"] = {
            "requestFormat": {"customFields": {"stream": True}},
            "responseFormat": "$.choices[0].delta.content",
        }
    return agent


def start_auth(definition: ProviderDefinition, token: str) -> dict[str, JsonValue]:
    """The `auth` of an agent of this kind. A header that its definition names is left to that."""
    return {"type": definition.auth_type or "Bearer", "token": token}


def token_reference(name: str) -> str:
    """Where a token is taken from that has no place of its own: `dify` gives `${env:DIFY_API_KEY}`."""
    return f"${{env:{variable_for(name)}}}"


def variable_for(name: str, what: str = "API_KEY") -> str:
    """The environment variable that holds a secret of an agent or provider of this name."""
    words = re.findall(r"[A-Z0-9]+", name.upper())
    prefix = "_".join(words)
    return f"{prefix}_{what}" if prefix and not prefix[0].isdigit() else f"AGENT_{what}"


def variables_in(token: str) -> list[str]:
    """The environment variables that a text refers to."""
    return [reference.name for reference in find_references(token) if reference.source == "env"]


def free_name(wanted: str, taken: Container[str], separator: str = " ") -> str:
    """`wanted`, or with the first number behind it that makes it a name nobody has."""
    if wanted not in taken:
        return wanted
    return next(name for number in count(2) if (name := f"{wanted}{separator}{number}") not in taken)


def gaps_in(agent: Mapping[str, JsonValue]) -> Iterator[Gap]:
    """What is left to fill in before an agent can be asked: places in its url, and empty parameters."""
    parameters = cast("dict[str, JsonValue]", agent.get("parameters", {}))
    for name in _PLACE_IN_URL.findall(str(agent["url"])):
        if name not in parameters:
            yield Gap(("url",), name)
    for name, value in parameters.items():
        if value == "":
            yield Gap(("parameters", name), name)


def _needed_parameters(definition: ProviderDefinition, url: str) -> dict[str, JsonValue]:
    """Those that the kind of agent needs, with the first example of a value; "" where the author alone knows one."""
    properties = cast("dict[str, dict[str, JsonValue]]", definition.parameters.get("properties", {}))
    needed: dict[str, JsonValue] = {}
    for name in definition.needs:
        if name not in definition.request.in_url or f"{{{name}}}" in url:
            examples = cast("list[JsonValue]", properties.get(name, {}).get("examples") or [""])
            needed[name] = examples[0]
    return needed
