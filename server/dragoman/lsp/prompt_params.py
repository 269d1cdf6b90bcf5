"""What a client may say about a prompt, read from plain JSON; what is wrong is told by the name of the field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from lsprotocol import types
from pygls.exceptions import JsonRpcInvalidParams

INTENTS = {"explain": "explain", "fix": "fix", "tests": "write tests"}
"""`intent` of `dragoman.sendSelection` → the title of the prompt that is meant."""


_SEVERITIES = {severity.value: severity.name.lower() for severity in types.DiagnosticSeverity}


@dataclass(frozen=True, slots=True)
class DiagnosticItem:
    """What counts of a `Diagnostic` of LSP; "" for what is not given."""

    range: types.Range
    message: str
    severity: str = ""
    source: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class ContextItem:
    """One `ContextItem`: a piece of a document (`uri`, with or without `range`), a text, or a document's diagnostics.

    Without `diagnostics`, those are meant that the server has itself.
    """

    kind: str
    uri: str = ""
    range: types.Range | None = None
    text: str = ""
    label: str = ""
    language_id: str = ""
    diagnostics: tuple[DiagnosticItem, ...] | None = None


@dataclass(frozen=True, slots=True)
class Retry:
    """The turn to ask again; another agent, or another prompt, where they are given."""

    turn_id: str
    agent: str | None = None
    prompt: str | None = None


@dataclass(frozen=True, slots=True)
class EditorPlace:
    """Where the user is in a document; of the cursor, or of what is selected, one may be missing."""

    uri: str
    cursor: types.Position | None = None
    selection: types.Range | None = None


@dataclass(frozen=True, slots=True)
class PromptParams:
    """`PromptParams` of the protocol. With `retry`, agent, prompt and context are those of that turn.

    `delivers`: the answer goes where its agent asks for, at `place`.
    """

    agent: str
    prompt: str
    turn_id: str | None = None
    conversation_id: str | None = None
    after_turn_id: str | None = None
    context: tuple[ContextItem, ...] = ()
    partial_result_token: str | int | None = None
    work_done_token: str | int | None = None
    retry: Retry | None = None
    delivers: bool = False
    place: EditorPlace | None = None


def read_prompt_params(params: Mapping[str, Any]) -> PromptParams:
    """Read the params of `dragoman/prompt`. Raises JsonRpcInvalidParams, naming the field."""
    return PromptParams(
        agent=needed_text(params, "agent"),
        prompt=needed_text(params, "prompt"),
        turn_id=optional_text(params, "turnId"),
        conversation_id=optional_text(params, "conversationId"),
        after_turn_id=optional_text(params, "afterTurnId"),
        context=(context := read_context(params.get("context"))),
        delivers=_delivers(params),
        place=read_place(params, context),
        partial_result_token=_token(params, "partialResultToken"),
        work_done_token=_token(params, "workDoneToken"),
    )


def read_retry_params(params: Mapping[str, Any]) -> PromptParams:
    """Read the params of `dragoman/retry`. Raises JsonRpcInvalidParams, naming the field."""
    turn_id = needed_text(params, "turnId")
    return PromptParams(
        agent="",
        prompt="",
        turn_id=optional_text(params, "newTurnId"),
        partial_result_token=_token(params, "partialResultToken"),
        work_done_token=_token(params, "workDoneToken"),
        retry=Retry(turn_id, optional_text(params, "agent"), optional_text(params, "prompt")),
        delivers=_delivers(params),
        place=read_place(params),
    )


def read_place(params: Mapping[str, Any], context: Sequence[ContextItem] = ()) -> EditorPlace | None:
    """Where the user is: by `textDocument` with `position` or `range`, else by the first selection of the context."""
    selected = next((item for item in context if item.kind == "selection"), None)
    if params.get("textDocument") is None:
        return EditorPlace(selected.uri, selection=selected.range) if selected else None
    uri, position = _uri_of_document(params), params.get("position")
    range_ = optional_range(params.get("range"))
    if range_ is None and selected is not None and selected.uri == uri:
        range_ = selected.range
    return EditorPlace(uri, None if position is None else _position(position), range_)


def read_context(value: object) -> tuple[ContextItem, ...]:
    """The context items that we know; others are ignored, as the protocol asks."""
    if value is None:
        return ()
    if not isinstance(value, list):
        raise JsonRpcInvalidParams("context must be an array.")
    items = [_context_item(entry) for entry in cast("list[Any]", value)]
    return tuple(item for item in items if item is not None)


def selection_items(argument: Mapping[str, Any]) -> tuple[ContextItem, ...]:
    """The selection that `dragoman.sendSelection` names, and its diagnostics where there are some."""
    selection = _selection(argument)
    diagnostics = _diagnostics(argument.get("diagnostics"), "diagnostics")
    problems = ContextItem("diagnostics", selection.uri, diagnostics=diagnostics)
    return (selection, problems) if diagnostics else (selection,)


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
            return ContextItem("file", _checked(item.get("uri"), "uri"), optional_range(item.get("range")))
        case "diagnostics":
            uri, range_ = _checked(item.get("uri"), "uri"), optional_range(item.get("range"))
            return ContextItem("diagnostics", uri, range_, diagnostics=_diagnostics(item.get("items"), "items"))
        case "text":
            label, language = optional_text(item, "label") or "", optional_text(item, "languageId") or ""
            return ContextItem("text", text=needed_text(item, "text"), label=label, language_id=language)
        case _:
            return None


def _selection(item: Mapping[str, Any]) -> ContextItem:
    return ContextItem("selection", _uri_of_document(item), _range(item.get("range")))


def _uri_of_document(params: Mapping[str, Any]) -> str:
    document = params.get("textDocument")
    uri = cast("Mapping[str, Any]", document).get("uri") if isinstance(document, Mapping) else None
    return _checked(uri, "textDocument.uri")


def _delivers(params: Mapping[str, Any]) -> bool:
    deliver = params.get("deliver", "client")
    if deliver not in ("client", "server"):
        raise JsonRpcInvalidParams('deliver must be "client" or "server".')
    return deliver == "server"


def _diagnostics(value: Any, field: str) -> tuple[DiagnosticItem, ...] | None:
    if value is None:
        return None
    if not isinstance(value, list) or not all(isinstance(entry, Mapping) for entry in cast("list[Any]", value)):
        raise JsonRpcInvalidParams(f"{field} must be an array of diagnostics.")
    return tuple(_diagnostic(entry) for entry in cast("list[Mapping[str, Any]]", value))


def _diagnostic(entry: Mapping[str, Any]) -> DiagnosticItem:
    severity, code = entry.get("severity"), entry.get("code")
    return DiagnosticItem(
        _range(entry.get("range")),
        _checked(entry.get("message"), "message"),
        _SEVERITIES.get(severity, "") if isinstance(severity, int) else "",
        optional_text(entry, "source") or "",
        str(code) if isinstance(code, str | int) else "",
    )


def _range(value: Any) -> types.Range:
    try:
        return types.Range(_position(value["start"]), _position(value["end"]))
    except (TypeError, KeyError, JsonRpcInvalidParams):
        raise JsonRpcInvalidParams("range must be a range.") from None


def _position(value: Any) -> types.Position:
    try:
        return types.Position(int(value["line"]), int(value["character"]))
    except (TypeError, KeyError, ValueError, OverflowError):
        raise JsonRpcInvalidParams("position must be a position.") from None


def optional_range(value: Any) -> types.Range | None:
    """A range that may be absent or null."""
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
