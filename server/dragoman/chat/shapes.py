"""What is looked for where nobody said where it is: the common shapes of an answer, and of reasoning beside it."""

from __future__ import annotations

import json

from dragoman.agents.model import JsonValue

_REASONING = ("reasoning_content", "reasoning", "thinking")


def text_of(value: JsonValue) -> str:
    """A value as answer text: strings as they are, lists item after item, all else as JSON, null as nothing."""
    match value:
        case str():
            return value
        case None:
            return ""
        case list():
            return "".join(map(text_of, value))
        case _:
            return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def common_text(document: JsonValue) -> str | None:
    """The text at `choices[0].delta.content`, `choices[0].message.content` or `message.content`; None without one."""
    choice = _first_choice(document)
    for holder in (_field(choice, "delta"), _field(choice, "message"), _field(document, "message")):
        if isinstance(holder, dict) and "content" in holder:
            return text_of(holder["content"])
    return None


def reasoning_in(document: JsonValue) -> str:
    """The reasoning that `document` carries, in the places where models put it; "" if there is none."""
    if not isinstance(document, dict):
        return ""
    choice = _first_choice(document)
    holders = (
        _field(choice, "delta"),
        _field(choice, "message"),
        document.get("delta"),
        document.get("message"),
        document,
    )
    for holder in holders:
        if isinstance(holder, dict):
            for name in _REASONING:
                value = holder.get(name)
                if value and isinstance(value, str):
                    return value
    return ""


def _first_choice(document: JsonValue) -> JsonValue:
    choices = _field(document, "choices")
    return choices[0] if isinstance(choices, list) and choices else None


def _field(value: JsonValue, name: str) -> JsonValue:
    return value.get(name) if isinstance(value, dict) else None
