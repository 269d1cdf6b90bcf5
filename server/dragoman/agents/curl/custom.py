"""A request that fits no known kind of agent, as a `connector`: where prompt and conversation go in its body."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import cast

from dragoman.agents.curl.body import text_of
from dragoman.agents.curl.command import CurlError
from dragoman.agents.model import JsonValue

PROMPT_KEYS = ("query", "prompt", "question", "input", "message", "content", "text", "q")
"""Keys under which a prompt is looked for, the likeliest first."""

_ROLE_KEYS = ("role", "author", "speaker")
_CONVERSATION = re.compile(r"(?:conversation|chat|thread|dialogue?)_?(?:id|uuid)", re.IGNORECASE)
_SESSION = re.compile(r"(?:session|visitor)_?(?:id|uuid|key)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class CustomRequest:
    """`request_format` as in an agent's file; `system` the system prompt that stood among the messages."""

    request_format: Mapping[str, JsonValue] = field(repr=False)
    system: str = field(default="", repr=False)
    notes: tuple[str, ...] = ()
    has_usual_answer: bool = False
    """Whether agents that are asked so answer in a shape that is read without a path."""


def read_custom(body: Mapping[str, JsonValue]) -> CustomRequest:
    """How a body like this is built for any prompt. Raises `CurlError` where no prompt can be found."""
    messages = body.get("messages")
    rest, ids = _with_ids({key: value for key, value in body.items() if key != "messages"})
    keys = _message_keys(messages)
    if keys is not None:
        return _of_messages(cast("list[dict[str, JsonValue]]", messages), keys, cast("dict[str, JsonValue]", rest), ids)
    filled, ids = _with_ids({**body})
    place = _prompt_place(filled)
    if place is None:
        raise CurlError(f"No prompt is found in the body: none of the keys {', '.join(PROMPT_KEYS)} holds a text.")
    note = f"The prompt goes to {_shown(place)}, in place of what the command says there."
    return CustomRequest({"fields": _put(filled, place, "$content")}, "", (note, *ids))


def _of_messages(
    messages: list[dict[str, JsonValue]], keys: dict[str, str], rest: dict[str, JsonValue], ids: list[str]
) -> CustomRequest:
    role, content = keys["role"], keys["content"]
    systems = [text_of(message[content]) or "" for message in messages if message.get(role) == "system"]
    request_format: dict[str, JsonValue] = {"customFields": rest} if rest else {}
    if (role, content) != ("role", "content"):
        request_format["messageKeys"] = {"role": role, "content": content}
    return CustomRequest(
        request_format,
        system="\n\n".join(systems),
        notes=("The messages of the conversation go to messages, in place of those in the command.", *ids),
        has_usual_answer=True,
    )


def _message_keys(messages: JsonValue) -> dict[str, str] | None:
    """What role and text are called in a list of messages; None for anything else."""
    if not isinstance(messages, list) or not messages or not isinstance(messages[-1], dict):
        return None
    last = messages[-1]
    role = next((key for key in _ROLE_KEYS if isinstance(last.get(key), str)), None)
    content = next((key for key in ("content", *PROMPT_KEYS) if text_of(last.get(key)) is not None), None)
    is_whole = role and content and all(isinstance(message, dict) and content in message for message in messages)
    return {"role": role, "content": content} if is_whole and role and content else None


def _with_ids(value: JsonValue, key: str = "") -> tuple[JsonValue, list[str]]:
    """`value` with placeholders for the ids of the conversation, and a sentence on each."""
    if isinstance(value, dict):
        filled = {name: _with_ids(item, name) for name, item in value.items()}
        return {name: item for name, (item, _) in filled.items()}, [
            note for _, notes in filled.values() for note in notes
        ]
    if not isinstance(value, str | None):
        return value, []
    if _CONVERSATION.fullmatch(key):
        return "$conversationId", [f"{key} is the id that the agent gives the conversation; the first turn has none."]
    if _SESSION.fullmatch(key):
        return "$sessionId", [f"{key} is an id that Dragoman makes for each conversation."]
    return value, []


def _prompt_place(value: JsonValue) -> tuple[str | int, ...] | None:
    """The path of the likeliest prompt: the nearest to the top, and of those under the likeliest key."""
    if isinstance(value, dict):
        for key in PROMPT_KEYS:
            if isinstance(value.get(key), str):
                return (key,)
        places = ((key, _prompt_place(item)) for key, item in value.items())
        return next(((key, *place) for key, place in places if place is not None), None)
    if isinstance(value, list) and value:  # of several messages the last is the prompt
        place = _prompt_place(value[-1])
        return None if place is None else (len(value) - 1, *place)
    return None


def _put(value: JsonValue, place: tuple[str | int, ...], text: str) -> JsonValue:
    if not place:
        return text
    step, *deeper = place
    if isinstance(value, dict):
        return {key: _put(item, tuple(deeper), text) if key == step else item for key, item in value.items()}
    items = cast("list[JsonValue]", value)
    return [_put(item, tuple(deeper), text) if index == step else item for index, item in enumerate(items)]


def _shown(place: tuple[str | int, ...]) -> str:
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in place).removeprefix(".")
