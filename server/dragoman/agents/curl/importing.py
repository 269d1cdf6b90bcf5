"""From the text of a `curl` command to the value of an agent, with a sentence on everything that was guessed."""

from __future__ import annotations

import json
import re
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, cast

from dragoman.agents.address import host_of
from dragoman.agents.catalog import ProviderCatalog
from dragoman.agents.curl.command import CurlCommand, CurlError, read_command
from dragoman.agents.curl.concealment import Concealment
from dragoman.agents.curl.custom import read_custom
from dragoman.agents.curl.headers import Headers, read_headers
from dragoman.agents.curl.recognise import Recognised, recognise
from dragoman.agents.curl.shell import read_command_line
from dragoman.agents.model import JsonValue
from dragoman.agents.placeholders import placeholders_in
from dragoman.agents.provider import ProviderDefinition
from dragoman.agents.starter import free_name

_LOGIN_IN_URL = re.compile(r"(?<=://)([^/?#@]*)@")


@dataclass(frozen=True, slots=True)
class Imported:
    """An agent, why it is as it is, and the environment variables to set: name → what it has to hold."""

    agent: dict[str, JsonValue] = field(repr=False)
    notes: tuple[str, ...]
    variables: Mapping[str, str]


class _Request(NamedTuple):
    """The part of an agent that says how it is asked."""

    keys: dict[str, JsonValue]
    notes: list[str]


def import_curl(text: str, catalog: ProviderCatalog, *, name: str = "", taken: Container[str] = ()) -> Imported:
    """The agent that the first `curl` command in `text` asks. Raises `CurlError`, whose text is a sentence.

    `catalog` holds the kinds of agents that can be recognised; a name of ours is none of `taken`.
    """
    line = read_command_line(text)
    if line is None:
        raise CurlError("There is no curl command in this text.")
    command = read_command(line)
    body = _json_object(command.body)
    recognised = recognise(command.url, body, catalog.definitions)
    definition = recognised.definition if recognised else catalog.definition("custom")
    assert definition is not None, "everybody has custom"
    chosen = name or free_name(_name_for(definition, command.url), taken)
    secrets = Concealment(definition.name if recognised else chosen)
    login = _LOGIN_IN_URL.search(command.url)
    headers = read_headers(command.headers, command.user or (login[1] if login else ""), definition, secrets)
    request = _known(recognised, headers, secrets) if recognised else _custom(body, headers, secrets)
    agent: dict[str, JsonValue] = {"name": chosen}
    if recognised:
        agent["provider"] = definition.name
    agent["url"] = secrets.in_url(_without_ids(_LOGIN_IN_URL.sub("", command.url), definition))
    if headers.auth:
        agent["auth"] = {**headers.auth}
    agent |= request.keys
    if command.max_time:
        agent["defaultTimeout"] = int(command.max_time) if command.max_time.is_integer() else command.max_time
    notes = (*request.notes, *_notes_on(command, headers), *([] if line.is_all else [_MORE_COMMANDS]))
    return Imported(agent, notes, secrets.meanings)


_MORE_COMMANDS = "Only the first curl command is taken; what stands behind it is left out."


def _json_object(text: str) -> dict[str, JsonValue]:
    try:
        value: Any = json.loads(text)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise CurlError("The data of the command are no JSON object, and Dragoman sends nothing else.")
    return cast("dict[str, JsonValue]", value)


def _name_for(definition: ProviderDefinition, url: str) -> str:
    if definition.name != "custom":
        return definition.title.partition(" (")[0]
    return (host_of(url) if "${" not in url else "") or "My agent"


def _known(recognised: Recognised, headers: Headers, secrets: Concealment) -> _Request:
    definition, bound = recognised.definition, recognised.bound
    how = "host and the shape of its body" if recognised.is_by_host else "path and the shape of its body"
    notes = [f"It is taken for “{definition.title}”, provider {definition.name}, by its {how}."]
    keys: dict[str, JsonValue] = {}
    if bound.system:
        keys["system"] = bound.system
        notes.append("The system prompt of the command is kept, as system.")
    if bound.parameters:
        keys["parameters"] = secrets.in_body({**bound.parameters})
        notes.append(f"Kept as parameters: {', '.join(bound.parameters)}.")
    if bound.earlier_messages > 0:
        notes.append(
            "Of the messages only the last is taken for a prompt; the others belong to an earlier conversation."
        )
    if bound.ids:
        notes.append(f"Left to Dragoman, which has its own for each conversation: {', '.join(bound.ids)}.")
    if headers.custom:
        names = ", ".join(headers.custom)
        notes.append(f"Left out, since provider {definition.name} says which headers are sent: {names}.")
    return _Request(keys, notes)


def _custom(body: dict[str, JsonValue], headers: Headers, secrets: Concealment) -> _Request:
    found = read_custom(cast("dict[str, JsonValue]", secrets.in_body(body)))
    notes = ["It fits no known kind of agent, so a connector says how it is asked.", *found.notes]
    request_format: dict[str, JsonValue] = {**found.request_format}
    if headers.custom:
        request_format["customHeaders"] = {**headers.custom}
        notes.append(f"Kept as headers of the request: {', '.join(headers.custom)}.")
    keys: dict[str, JsonValue] = {}
    if found.system:
        keys["system"] = found.system
        notes.append("The system prompt of the command is kept, as system.")
    if request_format:
        keys["connector"] = {"requestFormat": request_format}
    if found.has_usual_answer:
        notes.append("No responseFormat is needed if it answers as OpenAI does; else the failed turn shows what came.")
    else:
        notes.append(
            "Where its answer has the text is not known yet: ask it something; if the answer is not what you want, "
            "say where its text is in connector.responseFormat (dragoman jsonpath tries a path on a recorded answer)."
        )
    return _Request(keys, notes)


def _without_ids(url: str, definition: ProviderDefinition) -> str:
    """`url` without what the definition adds to its query for each conversation."""
    for name, template in definition.request.query.items():
        if placeholders_in(template):
            url = re.sub(rf"([?&]){re.escape(name)}=[^&#]*(&?)", lambda match: match[1] if match[2] else "", url)
    return url


def _notes_on(command: CurlCommand, headers: Headers) -> Iterator[str]:
    if headers.left_out:
        yield f"Left out, since every client chooses its own: {', '.join(headers.left_out)}."
    if command.max_time:
        yield "The time limit of the command is kept, as defaultTimeout."
    if command.is_insecure:
        yield "-k is not taken over: Dragoman checks certificates. SSL_CERT_FILE names an authority of your own."
    if command.ignored:
        yield f"Not taken over: {', '.join(command.ignored)}."
