"""Which framing a body has: chosen from the response, by its type and, where that is not enough, its first bytes."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from dragoman.chat.framing.frames import Decoder
from dragoman.chat.framing.json_body import JsonBodyDecoder
from dragoman.chat.framing.ndjson import NdjsonDecoder
from dragoman.chat.framing.sse import SseDecoder
from dragoman.chat.framing.text import TextDecoder
from dragoman.chat.framing.utf8 import skip_byte_order_mark
from dragoman.settings import Limits

Framing: TypeAlias = Literal["sse", "ndjson", "json", "text"]

FRAMINGS: Final[dict[Framing, Callable[[Limits], Decoder]]] = {
    "sse": SseDecoder,
    "ndjson": NdjsonDecoder,
    "json": JsonBodyDecoder,
    "text": TextDecoder,
}


@dataclass(frozen=True, slots=True)
class Response:
    """What is known of a response when its framing is chosen."""

    media_type: str
    """In lower case, without parameters; "" if there is none."""

    head: bytes
    """The first bytes of the body."""

    head_is_all: bool
    """More bytes are not to be waited for."""

    expects_documents: bool
    """There is a `responseFormat`, or a provider that reads events or JSON."""

    allows_html: bool
    """A page is an answer: the `responseAction` is `WebView`."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """The body cannot be an answer. `reason` is a clause whose subject is the body."""

    reason: str


Choice: TypeAlias = Framing | Refusal | None
"""None: more bytes are needed."""


def choose_framing(response: Response) -> Choice:
    """The framing of `response`: the first row of the table that knows its type decides."""
    for pattern, choose in _BY_MEDIA_TYPE:
        if pattern.fullmatch(response.media_type):
            return choose(response)
    return _text(response)


def media_type_of(content_type: str | None) -> str:
    """The media type in a `Content-Type` header, in lower case, "" without one. Parameters are ignored."""
    found = _MEDIA_TYPE.match(content_type or "")
    return found[1].lower() if found else ""


def _event_stream(response: Response) -> Choice:
    """Events, unless an agent answers in JSON under their name, as some do for errors."""
    start = _first_sign(response)
    if start is None:
        return "sse" if response.head_is_all else None
    return "json" if response.head[start] in b"{[" else "sse"


def _html(response: Response) -> Choice:
    if response.expects_documents and not response.allows_html:
        return Refusal("it is an HTML page")
    return "text"


def _binary(response: Response) -> Choice:
    return Refusal(f"it is binary ({response.media_type})")


def _text(response: Response) -> Choice:
    """Text, or what agents send under its name; looked for only where it is expected, so that a text stays a text."""
    if not response.expects_documents:
        return "text"
    start = _first_sign(response)
    if start is not None and response.head[start] in b"{[":
        return "json"
    begins_events = None if start is None else _begins_events(response.head, start)
    if begins_events is None and not response.head_is_all:
        return None
    return "sse" if begins_events else "text"


def _first_sign(response: Response) -> int | None:
    """Where the first byte stands that is not blank."""
    mark = skip_byte_order_mark(response.head)
    found = None if mark is None else _SIGN.search(response.head, mark)
    return found.start() if found else None


def _begins_events(head: bytes, start: int) -> bool | None:
    """Whether the line of the byte at `start` is a field or comment of an event stream; None if it may become one."""
    if head[start - 1 : start] in (b" ", b"\t"):
        return False
    line = head[start:]
    if _FIELD_OR_COMMENT.match(line):
        return True
    return None if any(field.startswith(line) for field in _FIELDS) else False


_MEDIA_TYPE = re.compile(r"\s*([\w!#$&^.+-]+/[\w!#$&^.+-]+)", re.ASCII)
_SIGN = re.compile(rb"[^ \t\r\n]")
_FIELDS = (b"data", b"event", b"id", b"retry")
_FIELD_OR_COMMENT = re.compile(rb":|(?:data|event|id|retry)[:\r\n]")

_BY_MEDIA_TYPE: Final[tuple[tuple[re.Pattern[str], Callable[[Response], Choice]], ...]] = (
    (re.compile(r"text/event-stream"), _event_stream),
    (re.compile(r"(application|text)/(x-)?(ndjson|jsonl|json-?lines?)"), lambda _: "ndjson"),
    (re.compile(r"(application|text)/(x-)?json(-seq)?|.+\+json(-seq)?"), lambda _: "json"),
    (re.compile(r"text/html|application/xhtml\+xml"), _html),
    (re.compile(r"(image|audio|video|font|multipart)/.+"), _binary),
    (re.compile(r"application/(octet-stream|pdf|(x-)?(zip|gzip|tar|protobuf)|wasm|cbor|(.+[.+-])?msgpack)"), _binary),
)
"""Any other type, and none, is text. `json-seq` (RFC 7464) is read as JSON, which skips its separators."""
