"""`dragoman/apply`: an answer, or one of its blocks of code, put where the user says, by hand so to speak."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, cast

from lsprotocol import types
from pygls.exceptions import JsonRpcException, JsonRpcInvalidParams

from dragoman.chat.delivery import Place
from dragoman.chat.delivery.effects import CreateFile, Proposal, Replace
from dragoman.chat.delivery.fences import fenced_blocks
from dragoman.chat.delivery.modes import edits, elsewhere
from dragoman.chat.delivery.route import Missing, Mode, Route
from dragoman.chat.delivery.taking import Taken, taken
from dragoman.chat.history.history import HistoryError
from dragoman.lsp.dialogs import say
from dragoman.lsp.edits import StopCause
from dragoman.lsp.effects.new_file import create_file
from dragoman.lsp.effects.occasion import Occasion
from dragoman.lsp.effects.proposal import ProposedText
from dragoman.lsp.effects.replacing import cause_of, replace_at
from dragoman.lsp.prompt_params import argument_of, needed_text, read_place
from dragoman.lsp.prompt_place import PromptPlace, place_of
from dragoman.lsp.session import Session
from dragoman.lsp.turn_messages import Json

_TARGETS: Mapping[str, Mode] = {
    "insert": edits.append_cursor,
    "replaceSelection": edits.replace_selection,
    "replaceFile": edits.replace_current_file,
    "newFile": elsewhere.output_file,
    "diff": edits.stream_diff,
}
_MOVED = {cause_of(StopCause.EDITED), cause_of(StopCause.CLOSED)}


def apply(session: Session, params: Mapping[str, Any]) -> Awaitable[Json]:
    """`dragoman/apply`: the place is taken as it is now."""
    place = PromptPlace(session, place_of(session, read_place(params)))
    return _answered(session, params, place)


def apply_command(session: Session, *arguments: Any) -> Json:
    """`dragoman.apply`: the same; what does not come about is told by a message."""
    params = argument_of(arguments)
    mode = _mode(params)
    _given_text(params)
    place = PromptPlace(session, place_of(session, read_place(params)))
    session.background(_commanded(session, params, place, mode))
    return {}


async def _commanded(session: Session, params: Mapping[str, Any], place: PromptPlace, mode: Mode) -> None:
    try:
        why = await _apply(session, params, place, mode)
    except JsonRpcException as error:
        why = error.message
    if why:
        say(session, f"Nothing was applied: {why}", types.MessageType.Warning)


async def _answered(session: Session, params: Mapping[str, Any], place: PromptPlace) -> Json:
    why = await _apply(session, params, place, _mode(params))
    if why in _MOVED:
        raise JsonRpcException(f"Nothing was applied: {why}.", types.LSPErrorCodes.ContentModified.value)
    return {"applied": not why}


async def _apply(session: Session, params: Mapping[str, Any], place: PromptPlace, mode: Mode) -> str:
    """Nothing if it is applied, else why not, as a clause."""
    try:
        _check_version(place.place, params)
        agent, text = _given_text(params) or await _of_turn(session, params)
        route = mode(place.place)
        if isinstance(route, Missing):
            raise JsonRpcInvalidParams(f"target: {route.what}.")
        occasion = Occasion(session, agent, str(params.get("turnId", "")), place, has_text=True)
        return await _put(occasion, route, text)
    finally:
        place.let_go()


async def _put(occasion: Occasion, route: Route, text: Taken) -> str:
    if isinstance(route.live, Proposal):
        proposed = ProposedText(occasion, route.live.target)
        return await proposed.offer(route.fit.whole(text.text))
    match route.whole(text) if route.whole else None:
        case Replace(target, new_text):
            return await replace_at(occasion.session, occasion.place.anchor(target), new_text)
        case CreateFile(name, new_text):
            return await create_file(occasion.session, name, new_text)
        case other:
            raise AssertionError(f"no target of this request: {other}")


def _mode(params: Mapping[str, Any]) -> Callable[[Place], Route | Missing]:
    mode = _TARGETS.get(needed_text(params, "target"))
    if mode is None:
        raise JsonRpcInvalidParams(f"target must be one of {', '.join(_TARGETS)}.")
    return mode


def _check_version(place: Place, params: Mapping[str, Any]) -> None:
    """A client may say which version it means."""
    named = params.get("textDocument")
    version = cast("Mapping[str, Any]", named).get("version") if isinstance(named, Mapping) else None
    if version is not None and (place.document is None or place.document.version != version):
        message = "Nothing was applied: the document has moved on."
        raise JsonRpcException(message, types.LSPErrorCodes.ContentModified.value)


def _given_text(params: Mapping[str, Any]) -> tuple[str, Taken] | None:
    """What the client gives itself, as its user has it before their eyes. Without it, there must be a turn."""
    if "text" not in params:
        needed_text(params, "turnId")
        return None
    return "an agent", Taken(needed_text(params, "text"), str(params.get("languageId", "")), is_block=True)


async def _of_turn(session: Session, params: Mapping[str, Any]) -> tuple[str, Taken]:
    agent, answer = await _answer_of(session, needed_text(params, "turnId"))
    return agent, _taken(answer, params.get("block"))


async def _answer_of(session: Session, turn_id: str) -> tuple[str, str]:
    """Who answered in a turn of this session or of the history, and what."""
    try:
        left = await session.sessions.left_by(turn_id)
    except HistoryError as error:
        raise JsonRpcException(str(error), types.LSPErrorCodes.RequestFailed.value) from error
    if left is None or left.last is None:
        raise JsonRpcInvalidParams("There is no turn of that id, neither in this session nor in the history.")
    if not left.last.answer:
        raise JsonRpcInvalidParams("That turn has no answer.")
    return left.last.agent, left.last.answer


def _taken(answer: str, block: object) -> Taken:
    """The block of that number, from 1; else what places for code take of an answer."""
    if block is None:
        return taken(answer)
    blocks = fenced_blocks(answer)
    if not isinstance(block, int) or not 1 <= block <= len(blocks):
        raise JsonRpcInvalidParams(f"block must be a number from 1 to {len(blocks)}.")
    chosen = blocks[block - 1]
    return Taken(chosen.content, chosen.language, is_block=True)
