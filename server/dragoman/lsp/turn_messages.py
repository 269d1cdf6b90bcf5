"""Turns in the words of our extension: `TurnEvent`, `TurnResult`, `TurnError` (docs/protocol.md, Types)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any, assert_never

from dragoman.chat.events import (
    FollowUp,
    Notice,
    ReasoningDelta,
    ReplaceText,
    Source,
    Start,
    Status,
    TextDelta,
    TurnError,
    TurnEvent,
    TurnOutcome,
    Usage,
)
from dragoman.lsp.positions import units

Json = dict[str, Any]


class TurnEventNumbering:
    """Numbers the events of one turn, and counts its text in UTF-16 as the protocol wants it."""

    def __init__(self, turn_id: str) -> None:
        self._turn_id = turn_id
        self._seq = 0
        self._text_length = 0

    def messages(self, events: Iterable[TurnEvent]) -> list[Json]:
        """The events as JSON, `seq` without gaps."""
        return [self.message(_fields(event), event) for event in events]

    def message(self, fields: Json, event: TurnEvent | None = None) -> Json:
        """One message with the turn's id and the next number."""
        message: Json = {"turnId": self._turn_id, "seq": self._seq, **fields}
        self._seq += 1
        match event:
            case TextDelta(delta):
                message["offset"] = self._text_length
                self._text_length += units(delta, "utf-16")
            case ReplaceText(text):
                self._text_length = units(text, "utf-16")
            case _:
                pass
        return message


def turn_result(
    outcome: TurnOutcome, *, with_text: bool, blamed: Json | None = None, actions: Sequence[Json] = ()
) -> Json:
    """A `TurnResult`. `blamed` is the `Location` of the key that the error is about, `actions` are what may help."""
    timings = outcome.timings
    result: Json = {
        "turnId": outcome.turn_id,
        "conversationId": outcome.conversation_id,
        "agent": outcome.agent,
        "stopReason": outcome.stop_reason.value,
        "textLength": units(outcome.text, "utf-16"),
        "incomplete": outcome.incomplete,
        "timings": _given(
            connectMs=_rounded(timings.connect_ms),
            firstByteMs=_rounded(timings.first_byte_ms),
            totalMs=_rounded(timings.total_ms),
        ),
    }
    if with_text:
        result["text"] = outcome.text
    if outcome.sources:
        result["sources"] = [_source(source) for source in outcome.sources]
    if outcome.follow_ups:
        result["followUps"] = list(outcome.follow_ups)
    if outcome.usage:
        result["usage"] = _usage(outcome.usage)
    if outcome.error:
        result["error"] = turn_error(outcome.error, blamed, actions)
    return result


def turn_error(error: TurnError, blamed: Json | None = None, actions: Sequence[Json] = ()) -> Json:
    """A `TurnError`."""
    return _given(
        code=error.code.value,
        message=error.message,
        httpStatus=error.http_status,
        retryAfterMs=error.retry_after_ms,
        agentMessage=error.agent_message,
        location=blamed,
        actions=[*actions] or None,
    )


def _fields(event: TurnEvent) -> Json:
    match event:
        case TextDelta(delta):
            return {"kind": "text", "delta": delta}
        case ReasoningDelta(delta):
            return {"kind": "reasoning", "delta": delta}
        case Start(conversation_id, agent):
            return {"kind": "start", "conversationId": conversation_id, "agent": agent}
        case ReplaceText(text):
            return {"kind": "replaceText", "text": text}
        case Source():
            return {"kind": "source", **_source(event)}
        case FollowUp(prompts):
            return {"kind": "followUp", "prompts": list(prompts)}
        case Usage():
            return {"kind": "usage", **_usage(event)}
        case Status(phase, detail):
            return _given(kind="status", phase=phase, detail=detail)
        case Notice(level, code, message):
            return {"kind": "notice", "level": level, "code": code, "message": message}
        case _:
            assert_never(event)


def _source(source: Source) -> Json:
    return _given(title=source.title, uri=source.uri, excerpt=source.excerpt)


def _usage(usage: Usage) -> Json:
    return _given(**asdict(usage))


def _given(**fields: Any) -> Json:
    return {name: value for name, value in fields.items() if value is not None}


def _rounded(milliseconds: float | None) -> float | None:
    return None if milliseconds is None else round(milliseconds, 1)
