"""Holds what a server sends in our extension to `schemas/protocol.schema.json`: strictly, so that it names every field.

The clients of the tests (`lsp_session.py`, `raw_client.py`) hand all that they send and receive to a `ProtocolWatch`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match
from lsprotocol import types

from dragoman.schema.store import Schema, schema_folder

SCHEMA: Schema = json.loads((schema_folder() / "protocol.schema.json").read_text(encoding="utf-8"))
GROUPS: Schema = SCHEMA["properties"]
COMMANDS: Schema = GROUPS["commands"]["properties"]
CLIENT_REQUESTS: Schema = GROUPS["clientRequests"]["properties"]
SERVER_MESSAGES: Schema = GROUPS["serverRequests"]["properties"] | GROUPS["serverNotifications"]["properties"]

Json = dict[str, Any]
Part = tuple[Schema | bool, Any]
"""A value, and the schema that tells of it."""


class ProtocolWatch:
    """Notes what is wrong with the messages of one server."""

    def __init__(self) -> None:
        self.parts: list[Part] = []
        """What was looked at since the last check."""
        self._faults: list[str] = []
        self._results: dict[object, Schema] = {}
        self._progress: dict[object, Schema] = {}

    def ask(self, id_: object, method: str, params: Any) -> None:
        """The client sends a request; `params` are plain, or a type of LSP."""
        if method == types.WORKSPACE_EXECUTE_COMMAND:
            command = params.get("command") if isinstance(params, dict) else params.command
            if command in COMMANDS:
                self._results[id_] = COMMANDS[command]["properties"]["result"]
        elif method in CLIENT_REQUESTS:
            parts = CLIENT_REQUESTS[method]["properties"]
            self._results[id_] = parts["result"]
            if "partialResult" in parts and "partialResultToken" in params:
                self._progress[str(params["partialResultToken"])] = parts["partialResult"]

    def take(self, message: Json) -> None:
        """The server sends something."""
        for schema, value in self._parts(message):
            self.parts.append((schema, value))
            self._faults += faults(value, schema)

    def check(self) -> None:
        """Fail if something was wrong since the last check."""
        found, self._faults = self._faults, []
        self.parts.clear()
        assert found == [], "schemas/protocol.schema.json does not tell of what the server sends"

    def _parts(self, message: Json) -> Iterator[Part]:
        method, params = message.get("method"), message.get("params")
        if method is None:
            expected = self._results.pop(message.get("id"), None)
            if expected is not None and "result" in message:
                yield expected, message["result"]
            yield from _handshake(message.get("result"))
            yield from _offered_commands(message.get("result"))
        elif method == types.PROGRESS:
            if str(params["token"]) in self._progress:
                yield self._progress[str(params["token"])], params["value"]
        elif method.startswith("dragoman/"):
            yield SERVER_MESSAGES[method]["properties"]["params"] if method in SERVER_MESSAGES else False, params


def faults(value: Any, schema: Schema | bool, *, strictly: bool = True) -> list[str]:
    """The worst that is wrong with a value; `strictly`, also a field that its schema does not name."""
    if isinstance(schema, bool):
        return [] if schema else [f"not in the schema: {value!r:.200}"]
    whole = _STRICT if strictly else _OPEN
    worst = best_match(whole.evolve(schema=closed(schema) if strictly else schema).iter_errors(value))
    return [f"{worst.json_path}: {worst.message} (in {value!r:.500})"] if worst else []


def closed(schema: Schema, *, is_value: bool = True) -> Schema:
    """The schema without leave for other fields than it names.

    Only what tells of a whole value is closed. What is a part of another schema, such as a branch of a `oneOf` or what
    a `$ref` leads to, knows only some of the fields.
    """
    changed: Schema = {"unevaluatedProperties": False} if is_value else {}
    for keyword, content in schema.items():
        match keyword:
            case "properties":
                changed[keyword] = {name: closed(value) for name, value in content.items()}
            case "items" | "additionalProperties":
                changed[keyword] = content if isinstance(content, bool) else closed(content)
            case "oneOf":
                changed[keyword] = [closed(part, is_value=False) for part in content]
            case "$defs":
                changed[keyword] = {name: closed(part, is_value=False) for name, part in content.items()}
            case _:
                changed[keyword] = content
    return changed


def _handshake(result: Any) -> Iterator[Part]:
    """What the result of `initialize` says of our extension."""
    if isinstance(result, dict) and "capabilities" in result:
        said = result["capabilities"].get("experimental") or {}
        if "dragoman" in said:
            yield GROUPS["capabilities"]["properties"]["server"], said["dragoman"]


def _offered_commands(value: Any) -> Iterator[Part]:
    """The arguments of those of our commands that a client can call next: actions, and what may help after an error."""
    if isinstance(value, list):
        for entry in value:
            yield from _offered_commands(entry)
    elif isinstance(value, dict):
        command = value.get("command")
        if isinstance(command, str) and command in COMMANDS:
            (argument,) = value["arguments"]
            yield COMMANDS[command]["properties"]["argument"], argument
        for entry in value.values():
            yield from _offered_commands(entry)


_STRICT = Draft202012Validator(closed(SCHEMA, is_value=False))
_OPEN = Draft202012Validator(SCHEMA)
