"""What a client may say about a prompt, read from plain JSON; what is wrong is told by the name of the field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from lsprotocol import types
from pygls.exceptions import JsonRpcInvalidParams

INTENTS = {"explain": "explain", "fix": "fix", "tests": "write tests"}
"""`intent` of `dragoman.sendSelection` → the title of the prompt that is meant."""


@dataclass(frozen=True, slots=True)
class ContextItem:
    """One `ContextItem`: a piece of a document (`uri`, with or without `range`), or a text."""

    kind: str
    uri: str = ""
    range: types.Range | None = None
    text: str = ""
    label: str = ""
    language_id: str = ""


@dataclass(frozen=True, slots=True)
class PromptParams:
    """`PromptParams` of the protocol."""

    agent: str
    prompt: str
    turn_id: str | None = None
    conversation_id: str | None = None
    context: tuple[ContextItem, ...] = ()
    partial_result_token: str | int | None = None
    work_done_token: str | int | None = None


def read_prompt_params(params: Mapping[str, Any]) -> PromptParams:
    """Read the params of `dragoman/prompt`. Raises JsonRpcInvalidParams, naming the field."""
    return PromptParams(
        agent=needed_text(params, "agent"),
        prompt=needed_text(params, "prompt"),
        turn_id=optional_text(params, "turnId"),
        conversation_id=optional_text(params, "conversationId"),
        context=read_context(params.get("context")),
        partial_result_token=_token(params, "partialResultToken"),
        work_done_token=_token(params, "workDoneToken"),
    )


def read_context(value: object) -> tuple[ContextItem, ...]:
    """The context items that we know; others are ignored, as the protocol asks."""
    if value is None:
        return ()
    if not isinstance(value, list):
        raise JsonRpcInvalidParams("context must be an array.")
    items = [_context_item(entry) for entry in cast("list[Any]", value)]
    return tuple(item for item in items if item is not None)


def selection_item(argument: Mapping[str, Any]) -> ContextItem:
    """The selection that `dragoman.sendSelection` names."""
    return _selection(argument)


def needed_text(params: Mapping[str, Any], field: str) -> str:
    """A text that must be there."""
    return _checked(params.get(field), field)


def optional_text(params: Mapping[str, Any], field: str) -> str | None:
    """A text that may be absent or null."""
    value = params.get(field)
    if value is not None and not isinstance(value, str):
        raise JsonRpcInvalidParams(f"{field} must be a string.")
    return value


def argument_of(arguments: tuple[Any, ...]) -> Mapping[str, Any]:
    """The one object that each of our commands takes; {} where a client sends none."""
    argument: Any = arguments[0] if arguments else {}
    if not isinstance(argument, Mapping):
        raise JsonRpcInvalidParams("The argument of the command must be an object.")
    return cast("Mapping[str, Any]", argument)


def _context_item(value: Any) -> ContextItem | None:
    if not isinstance(value, Mapping):
        raise JsonRpcInvalidParams("context must hold objects.")
    item = cast("Mapping[str, Any]", value)
    match item.get("kind"):
        case "selection":
            return _selection(item)
        case "file":
            return ContextItem("file", _checked(item.get("uri"), "uri"), _optional_range(item.get("range")))
        case "text":
            label, language = optional_text(item, "label") or "", optional_text(item, "languageId") or ""
            return ContextItem("text", text=needed_text(item, "text"), label=label, language_id=language)
        case _:
            return None


def _selection(item: Mapping[str, Any]) -> ContextItem:
    document = item.get("textDocument")
    uri = cast("Mapping[str, Any]", document).get("uri") if isinstance(document, Mapping) else None
    return ContextItem("selection", _checked(uri, "textDocument.uri"), _range(item.get("range")))


def _range(value: Any) -> types.Range:
    try:
        start, end = value["start"], value["end"]
        return types.Range(
            types.Position(int(start["line"]), int(start["character"])),
            types.Position(int(end["line"]), int(end["character"])),
        )
    except (TypeError, KeyError, ValueError, OverflowError):
        raise JsonRpcInvalidParams("range must be a range.") from None


def _optional_range(value: Any) -> types.Range | None:
    return None if value is None else _range(value)


def _checked(value: Any, field: str) -> str:
    if not isinstance(value, str):
        raise JsonRpcInvalidParams(f"{field} must be a string.")
    return value


def _token(params: Mapping[str, Any], field: str) -> str | int | None:
    value = params.get(field)
    if value is not None and (not isinstance(value, str | int) or isinstance(value, bool)):
        raise JsonRpcInvalidParams(f"{field} must be a string or a number.")
    return value
