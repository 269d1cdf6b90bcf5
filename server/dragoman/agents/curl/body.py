"""A body held against the template of a provider: what its placeholders stand for, and what is left as parameters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from dragoman.agents.model import JsonValue
from dragoman.agents.placeholders import PLACEHOLDER, placeholders_in
from dragoman.agents.provider import RequestDefinition

_CARRIES_PROMPT = frozenset({"content", "history"})


@dataclass(frozen=True, slots=True)
class Bound:
    """What a body says. `ids` are keys of the body whose values are one conversation's own."""

    prompt: str = field(repr=False)
    system: str = field(default="", repr=False)
    parameters: Mapping[str, JsonValue] = field(default_factory=dict[str, JsonValue], repr=False)
    ids: tuple[str, ...] = ()
    earlier_messages: int = 0


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a conversation, with the role's name as OpenAI has it."""

    role: str
    text: str


def bind(request: RequestDefinition, body: Mapping[str, JsonValue]) -> Bound | None:
    """What `body` says if it is one of these requests; None if it is not."""
    found: dict[str, JsonValue] = {}
    if not _binds({**request.body}, {**body}, found):
        return None
    messages = [Message("user", text) for text in [text_of(found.get("content"))] if text is not None]
    if "history" in found:
        read = _messages(request, found["history"])
        if read is None:
            return None
        messages = read
    prompts = [message.text for message in messages if message.role == "user"]
    systems = [message.text for message in messages if message.role in ("system", "developer")]
    if not prompts:
        return None
    return Bound(
        prompt=prompts[-1],
        system="\n\n".join([*filter(None, [text_of(found.get("system"))]), *systems]),
        parameters=_left_over(request.body, body),
        ids=tuple(_ids({**request.body}, {**body})),
        earlier_messages=len(messages) - len(systems) - 1,
    )


def text_of(value: JsonValue) -> str | None:
    """A text, or the texts of a list of blocks or messages; None for anything else."""
    match value:
        case str():
            return value
        case [*_, {"content": content}]:
            return text_of(content)
        case list():
            texts = [block["text"] for block in value if isinstance(block, dict) and isinstance(block.get("text"), str)]
            return "\n".join(str(text) for text in texts) if texts else None
        case _:
            return None


def constants_in_common(template: Mapping[str, JsonValue], body: Mapping[str, JsonValue]) -> int:
    """How many texts of a template stand at their places in a body; not those in lists, which most messages have."""
    return sum(1 for _ in _common({**template}, {**body}))


def _common(template: JsonValue, value: JsonValue) -> Iterator[str]:
    match template, value:
        case dict(), dict():
            for key, item in template.items():
                yield from _common(item, value.get(key))
        case str(), str() if template == value:
            yield template
        case _:
            pass


def _binds(template: JsonValue, value: JsonValue, found: dict[str, JsonValue]) -> bool:
    """Whether `value` has everything that carries a prompt; `found` takes what the placeholders stand for."""
    match template, value:
        case str(), _ if name := PLACEHOLDER.fullmatch(template):
            found[name[1]] = value
            return True
        case dict(), dict():
            return all(
                _binds(item, value[key], found) if key in value else not placeholders_in(item) & _CARRIES_PROMPT
                for key, item in template.items()
            )
        case [item, *_], [*_, last]:
            return _binds(item, last, found)
        case _:
            return not placeholders_in(template) & _CARRIES_PROMPT


def _messages(request: RequestDefinition, value: JsonValue) -> list[Message] | None:
    """The messages of a conversation, if all of them have the shape that is wanted here."""
    if not isinstance(value, list):
        return None
    ours = {theirs: role for role, theirs in request.roles.items()}
    messages: list[Message] = []
    for item in value:
        found: dict[str, JsonValue] = {}
        text = (
            text_of(found.get("text"))
            if _has_keys(request, item) and _binds({**request.message}, item, found)
            else None
        )
        if text is None:
            return None
        role = str(found.get("role", "user"))
        messages.append(Message(ours.get(role, role), text))
    return messages


def _has_keys(request: RequestDefinition, item: JsonValue) -> bool:
    carries_text = [key for key, part in request.message.items() if "text" in placeholders_in(part)]
    return isinstance(item, dict) and all(key in item for key in carries_text)


def _left_over(template: Mapping[str, JsonValue], body: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    """What the template does not put into the body itself."""
    left: dict[str, JsonValue] = {}
    for key, value in body.items():
        own = template.get(key)
        if isinstance(own, dict) and isinstance(value, dict):
            if deeper := _left_over(own, value):
                left[key] = deeper
        elif key not in template or (own != value and not placeholders_in(own)):
            left[key] = value
    return left


def _ids(template: JsonValue, value: JsonValue) -> Iterator[str]:
    """The keys of a body at which the template puts in what is known of the conversation, and which are not empty."""
    if not isinstance(template, dict) or not isinstance(value, dict):
        return
    for key, item in template.items():
        if isinstance(item, str) and placeholders_in(item) - _CARRIES_PROMPT - {"system"} and value.get(key):
            yield key
        yield from _ids(item, value.get(key))
