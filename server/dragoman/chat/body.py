"""The body of a request: the agent's own `requestFormat` or its provider's template, filled for one turn."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TypeAlias
from uuid import uuid4

from dragoman.agents.model import Agent, JsonValue, RequestFormat
from dragoman.agents.placeholders import placeholders_in
from dragoman.chat.conversation import PastTurn, TurnInput
from dragoman.chat.template import UNKNOWN, Unknown, Values, fill_object
from dragoman.secrets.reference import Reference

KeyPath: TypeAlias = tuple[str, ...]
ValueOf: TypeAlias = Callable[[Reference], str]
_Json: TypeAlias = dict[str, JsonValue]

_OUR_CHOICE = frozenset({"sessionId"})
"""Placeholders whose value an agent's `parameters` may choose instead."""


def build_body(turn: TurnInput, value_of: Callable[[KeyPath], ValueOf]) -> _Json:
    """The JSON object to send. `value_of` resolves the references that stand under a key of the agent."""
    if turn.body is not None:
        return {**turn.body}
    own = own_request_format(turn)
    if own is None:
        return _from_definition(turn, value_of)
    resolve = value_of(("connector", "requestFormat"))
    if own.fields is not None:
        return fill_object(own.fields, placeholder_values(turn, own.fields), resolve)
    # `messages` is built, so one among the custom fields has no say.
    custom = {key: value for key, value in own.custom_fields.items() if key != "messages"}
    return {
        "messages": _messages_beside(turn, custom),
        **fill_object(custom, placeholder_values(turn, custom), resolve),
    }


def own_request_format(turn: TurnInput) -> RequestFormat | None:
    """The agent's own `requestFormat`, if it has one that its provider lets count."""
    return turn.agent.connector.request_format if turn.provider.accepts_connector else None


def sent_prompt(turn: TurnInput) -> str:
    """The prompt and its context behind it; the selection is not repeated where the template asks for it itself."""
    if not turn.context.blocks:
        return turn.prompt
    has_selection = _asks_for_selection(turn)
    blocks = [block.text for block in turn.context.blocks if not (block.is_selection and has_selection)]
    return "\n\n".join([turn.prompt, *blocks] if turn.prompt else blocks)


def is_told_earlier_turns(turn: TurnInput) -> bool:
    """Whether the request tells of the earlier turns, those of other agents too."""
    own = own_request_format(turn)
    if own is not None and own.fields is None:
        return not _keeps_conversation(turn, own.custom_fields)
    return "history" in placeholders_in(_template(turn))


def placeholder_values(turn: TurnInput, template: Mapping[str, JsonValue]) -> Values:
    """What the placeholders of `template` stand for in this turn."""
    used = placeholders_in(template)
    prompt = sent_prompt(turn)
    return {
        **_conversation_values(turn),
        "content": prompt,
        "history": _history(turn, used) if "history" in used else [],
        "system": turn.agent.system or UNKNOWN,
        "sessionId": turn.conversation.session_id,
        "selection": turn.context.selection,
        "language": turn.context.language,
        "filePath": turn.context.file_path,
        "fileName": turn.context.file_name,
    }


def _history(turn: TurnInput, used: frozenset[str]) -> list[JsonValue]:
    """The earlier turns, and what of system prompt and prompt has no place of its own among the placeholders `used`."""
    system = [] if "system" in used else _system(turn.agent)
    prompts = [] if "content" in used else [("user", sent_prompt(turn))]
    return _messages(turn, [*system, *_earlier(turn.conversation.messages), *prompts])


def _from_definition(turn: TurnInput, value_of: Callable[[KeyPath], ValueOf]) -> _Json:
    """The provider's template and the agent's `parameters`, which win over the constants of the template."""
    definition = turn.provider.request
    values = {**placeholder_values(turn, definition.body), "messageId": uuid4().hex}
    template = {key: value for key, value in definition.body.items() if _is_known(value, values)}
    filled = fill_object(template, values, value_of(("provider",)))
    own = {key: value for key, value in turn.agent.parameters.items() if key not in definition.in_url}
    return _merged(filled, fill_object(own, {}, value_of(("parameters",))), template)


def _is_known(template: JsonValue, values: Values) -> bool:
    """Whether `template` holds more than placeholders of which nothing is known."""
    names = placeholders_in(template)
    return not names or any(not isinstance(values.get(name), Unknown) for name in names)


def _merged(filled: _Json, parameters: _Json, template: Mapping[str, JsonValue]) -> _Json:
    """`parameters` over `filled`, objects key by key; what a placeholder of `template` gave stays."""
    merged = {**filled}
    for key, value in parameters.items():
        given, source = filled.get(key), template.get(key)
        if isinstance(given, dict) and isinstance(source, dict) and isinstance(value, dict):
            merged[key] = _merged(given, value, source)
        elif key not in filled or not placeholders_in(source) - _OUR_CHOICE:
            merged[key] = value
    return merged


def _messages_beside(turn: TurnInput, custom_fields: Mapping[str, JsonValue]) -> list[JsonValue]:
    """`messages`: the whole conversation, or the prompt alone for an agent that is told which conversation it is."""
    keeps_conversation = _keeps_conversation(turn, custom_fields)
    earlier = turn.conversation.messages
    was_asked = any(past.agent == turn.agent.name for past in earlier)
    system = [] if keeps_conversation and was_asked else _system(turn.agent)
    return _messages(turn, [*system, *([] if keeps_conversation else _earlier(earlier)), ("user", sent_prompt(turn))])


def _keeps_conversation(turn: TurnInput, custom_fields: Mapping[str, JsonValue]) -> bool:
    """Whether the agent is told which conversation it is, and so knows itself what was said in it."""
    return bool(placeholders_in(custom_fields) & {"sessionId", *_conversation_values(turn)})


def _asks_for_selection(turn: TurnInput) -> bool:
    return "selection" in placeholders_in(_template(turn))


def _template(turn: TurnInput) -> Mapping[str, JsonValue]:
    """What the body is made from."""
    own = own_request_format(turn)
    if own is None:
        return turn.provider.request.body
    return own.custom_fields if own.fields is None else own.fields


def _conversation_values(turn: TurnInput) -> Values:
    """What the agent wants back. `$conversationId` always has a meaning, however its provider spells the name."""
    known = turn.conversation.values_of(turn.agent.name)
    spelled = {_spelling(name): value for name, value in known.items()}
    names = {"conversationId", *turn.provider.response.conversation}
    unknown: Mapping[str, JsonValue | Unknown] = dict.fromkeys(names, UNKNOWN)
    return {name: known.get(name, spelled.get(_spelling(name), unknown[name])) for name in names}


def _spelling(name: str) -> str:
    return name.replace("_", "").casefold()


def _system(agent: Agent) -> list[tuple[str, str]]:
    return [("system", agent.system)] if agent.system else []


def _earlier(turns: Iterable[PastTurn]) -> list[tuple[str, str]]:
    return [message for turn in turns for message in (("user", turn.prompt), ("assistant", turn.answer))]


def _messages(turn: TurnInput, messages: list[tuple[str, str]]) -> list[JsonValue]:
    """Role and text of each message, in the shape that the agent wants."""
    own, definition = own_request_format(turn), turn.provider.request
    template = definition.message
    if own is not None and own.message_keys:
        keys = own.message_keys
        template = {keys.get("role", "role"): "$role", keys.get("content", "content"): "$text"}
    return [
        fill_object(template, {"role": definition.roles.get(role, role), "text": text}, _as_written)
        for role, text in messages
    ]


def _as_written(reference: Reference) -> str:
    """Where a template holds what people and agents have said, references mean nothing."""
    return f"${{{reference.source}:{reference.name}}}"
