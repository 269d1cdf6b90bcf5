"""JSON-RPC 2.0 messages: a body in, a `Message` out; and what goes out as bytes."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias, cast

PARSE_ERROR = -32700
INVALID_REQUEST = -32600

RequestId: TypeAlias = str | int | float
"""Answered as it was sent; `"1"` and `1` are two ids."""


@dataclass(frozen=True, slots=True)
class Request:
    """A message that must be answered. `params` is None if absent."""

    id: RequestId
    method: str
    params: object


@dataclass(frozen=True, slots=True)
class Notification:
    """A message that must not be answered. `params` is None if absent."""

    method: str
    params: object


@dataclass(frozen=True, slots=True)
class Response:
    """The client's answer to a request of ours; `error` is None unless it failed."""

    id: object
    result: object
    error: object


@dataclass(frozen=True, slots=True)
class Invalid:
    """No message at all. `id` is that of the request if it can be told, `reason` a sentence for the answer."""

    id: RequestId | None
    code: int
    reason: str


Message: TypeAlias = Request | Notification | Response | Invalid


def read_message(body: bytes) -> Message:
    """What the client sent."""
    try:
        value: object = json.loads(body)
    except (ValueError, RecursionError):  # ValueError also stands for bad UTF-8 and for integers of thousands of digits
        return Invalid(None, PARSE_ERROR, "The message is not JSON.")
    if isinstance(value, list):
        return Invalid(None, INVALID_REQUEST, "Batches are not part of the Language Server Protocol.")
    if not isinstance(value, dict):
        return Invalid(None, INVALID_REQUEST, "A message must be a JSON object.")
    return _classify(cast("dict[str, object]", value))


def _classify(message: dict[str, object]) -> Message:
    id_, method = message.get("id"), message.get("method")
    if "method" not in message and ("result" in message or "error" in message):
        return Response(id_, message.get("result"), message.get("error"))
    usable_id = id_ if isinstance(id_, RequestId) and not isinstance(id_, bool) else None
    if message.get("jsonrpc") != "2.0":
        return Invalid(usable_id, INVALID_REQUEST, 'A message must have "jsonrpc": "2.0".')
    if not isinstance(method, str):
        return Invalid(usable_id, INVALID_REQUEST, "A message must have a method, and it must be a string.")
    if "id" not in message:
        return Notification(method, message.get("params"))
    if usable_id is None:
        return Invalid(None, INVALID_REQUEST, "The id of a request must be a string or a number.")
    return Request(usable_id, method, message.get("params"))


def encoder(default: Callable[[object], object]) -> Callable[[Mapping[str, object]], bytes]:
    """Make the bodies of messages, in UTF-8. `default` gives the JSON value of what is none yet.

    What `default` raises, the encoder raises. Lone surrogates have no UTF-8. A text can hold them if the client sent
    them escaped, so they are sent back escaped.
    """
    separators = (",", ":")
    plain = json.JSONEncoder(default=default, ensure_ascii=False, separators=separators, allow_nan=False)
    escaped = json.JSONEncoder(default=default, separators=separators, allow_nan=False)

    def encode(message: Mapping[str, object]) -> bytes:
        try:
            return plain.encode(message).encode()
        except UnicodeEncodeError:
            return escaped.encode(message).encode()

    return encode
