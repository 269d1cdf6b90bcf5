"""The templates of a provider's stop call: what they need, and the path that comes of them. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import quote
from uuid import uuid4

from dragoman.agents.model import JsonValue
from dragoman.agents.placeholders import placeholders_in
from dragoman.agents.provider import StopCall
from dragoman.chat.body import placeholder_values
from dragoman.chat.conversation import ConversationValue, TurnInput
from dragoman.chat.template import UNKNOWN, Unknown, Values

_STEP = re.compile(r"\{([A-Za-z_]\w*)\}", re.ASCII)
_STEP_OR_VALUE = re.compile(r"\{([A-Za-z_]\w*)\}|\$([A-Za-z_]\w*)", re.ASCII)


def stop_values(
    turn: TurnInput, call: StopCall, learned: Mapping[str, ConversationValue], body: Mapping[str, JsonValue]
) -> Values:
    """What the placeholders stand for: what was learned, else what they mean in a request, else a key of its body."""
    sent = {key: value for key, value in body.items() if isinstance(value, str | int) and not isinstance(value, bool)}
    of_turn = dict.fromkeys(turn.provider.response.turn, UNKNOWN)
    ours = {"messageId": uuid4().hex, **placeholder_values(turn, call.body)}
    return {**sent, **of_turn, **ours, **learned}


def is_all_known(call: StopCall, values: Values) -> bool:
    """Whether nothing is missing that query and body ask for."""
    names = placeholders_in(call.query) | placeholders_in(call.body)
    return not any(isinstance(values.get(name, UNKNOWN), Unknown) for name in names)


def stop_path(path: str, call: StopCall, values: Values) -> str | None:
    """The path of the call, made from the agent's own, both escaped; None where nothing fits or a value is missing."""
    if not call.paths:
        return path
    for end, instead in call.paths.items():
        match = re.search(_pattern(end), path)
        if match:
            filled = _filled(instead, match.groupdict(), values)
            return None if filled is None else path[: match.start()] + filled
    return None


def _pattern(end: str) -> str:
    """The end of a path as a regular expression; each `{name}` is one step."""
    pieces = _STEP.split(end)
    steps = [f"(?P<{piece}>[^/]+)" if index % 2 else re.escape(piece) for index, piece in enumerate(pieces)]
    return "".join(steps) + r"/?\Z"


def _filled(template: str, steps: Mapping[str, str], values: Values) -> str | None:
    """`template` with the steps as they were sent, and the values escaped; None where one of them is missing."""
    known = {name: quote(str(value), safe="") for name, value in values.items() if isinstance(value, str | int)}
    if any(step not in steps if step else name not in known for step, name in _STEP_OR_VALUE.findall(template)):
        return None
    return _STEP_OR_VALUE.sub(lambda match: steps[match[1]] if match[1] else known[match[2]], template)
