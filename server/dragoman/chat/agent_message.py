"""The part of an agent's error that is meant for people: found in JSON, event streams, HTML and bare text."""

from __future__ import annotations

import re
from html import unescape
from typing import cast
from urllib.parse import unquote

from dragoman.agents.model import JsonValue
from dragoman.chat.framing.json_text import Parsed, parse_json
from dragoman.chat.redaction import Redactor

LONGEST = 600
"""Characters of an agent's message that are shown."""

_TITLE = re.compile(r"<title[^>]*>(.*?)</title\s*>", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"<[^>]{0,500}>")
_EVENT_DATA = re.compile(r"^data: ?(.*)$", re.MULTILINE)
# C0 and C1 controls but tab and line feed, and the marks that end a line or turn the direction of text.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
_ERROR_MARKS = ("[ERROR]", "%5BERROR%5D")
"""The second is the first as `encodeURIComponent` writes it."""

# Where agents put the words, in the order in which they are looked for.
_FIELDS = (
    "message", "msg", "detail", "content", "error_message", "error", "data",
    "errors", "last_error", "response", "title", "status", "result", "statusUpdate", "parts", "text", "code",
)  # fmt: skip


def presentable(text: str, redact: Redactor) -> str:
    """`text` without secrets and control characters, cut to a length that fits a message."""
    # Secrets first: cutting could leave the half of one that is no longer recognised.
    clean = _UNPRINTABLE.sub(" ", redact(text)).strip()
    return clean if len(clean) <= LONGEST else clean[:LONGEST].rstrip() + "…"


def message_in_body(body: bytes) -> str:
    """What the body of an HTTP error says to people; "" if it says nothing."""
    if b"\0" in body:
        return ""
    text = body.decode("utf-8", "replace").strip().removeprefix("\ufeff")
    parsed = parse_json(text)
    if isinstance(parsed, Parsed):
        return message_in(cast("JsonValue", parsed.value)) or (text if parsed.value else "")
    if title := _TITLE.search(text):
        return " ".join(unescape(_TAG.sub(" ", title[1])).split())
    if text.startswith("<"):
        return " ".join(unescape(_TAG.sub(" ", text)).split())
    if data := _EVENT_DATA.search(text):
        return message_in_datum(data[1])
    return text


def message_in_datum(data: str) -> str:
    """What one datum of an event stream says to people."""
    marked = marked_error(data)
    text = data.strip() if marked is None else marked
    parsed = parse_json(text)
    if isinstance(parsed, Parsed):
        return message_in(cast("JsonValue", parsed.value)) or text
    return text


def marked_error(data: str) -> str | None:
    """What follows `[ERROR]` in a datum that begins with it; None for any other."""
    plain, encoded = _ERROR_MARKS
    text = data.strip()
    if text.startswith(encoded):
        text = unquote(text)
    return text[len(plain) :].strip() if text.startswith(plain) else None


def message_in(value: JsonValue) -> str:
    """The words in a JSON document: the first field that holds some, an `error` object's before all others."""
    match value:
        case str():
            return value.strip()
        case list():
            return "; ".join(filter(None, (_item(item) for item in value[:5])))
        case dict():
            error = value.get("error")
            nested = message_in(error) if isinstance(error, dict) else ""
            return nested or next(filter(None, (message_in(value.get(field)) for field in _FIELDS)), "")
        case int() if not isinstance(value, bool) and value:
            return str(value)
        case _:
            return ""


def _item(item: JsonValue) -> str:
    """One entry of a list; where a validator says which field it means, with that field."""
    words = message_in(item)
    place = item.get("loc") if isinstance(item, dict) else None
    if not words or not isinstance(place, list):
        return words
    return f"{'.'.join(map(str, place))}: {words}"
