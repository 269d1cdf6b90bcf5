"""Writes the answer to a question of a chat document into it, while it streams and the user types on."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from dragoman.chat.events import Notice, ReplaceText, StopReason, TextDelta, TurnEvent, TurnOutcome
from dragoman.chat.turn import Turn
from dragoman.lsp.chat_documents.asking import Asked, ready
from dragoman.lsp.consume import consume
from dragoman.lsp.deliver import deliver
from dragoman.lsp.dialogs import say
from dragoman.lsp.document_writer import DocumentWriter
from dragoman.lsp.edits import Delivery, Place, Region, StopCause, Stopped
from dragoman.lsp.progress import turn_progress
from dragoman.lsp.session import Session
from dragoman.lsp.turn_messages import TurnEventNumbering
from dragoman.lsp.turn_request import start_turn
from dragoman.paths import named_path
from dragoman.syntax.chat_document import AnswerFrame, answer_frame, set_front_matter
from dragoman.syntax.chat_document.writing import repeated_answer_frame

_SECONDS_BETWEEN = 0.05
"""What comes within this time is taken together: the whole answer is looked at each time."""

_WHY = {
    StopCause.EDITED: "since it was edited where the answer is written",
    StopCause.CLOSED: "since it was closed",
    StopCause.ASTRAY: "since the editor has written a piece of it elsewhere, where you may want to undo it",
    StopCause.UNVERSIONED: "since this editor cannot be told which version of it is meant",
}


def start_answer(session: Session, asked: Asked) -> None:
    """Ask the agent and write what it says, once what was asked before in this document is all written."""
    former = session.document_writing.get(asked.uri)
    session.document_turns[asked.uri] = asked.turn_id
    session.document_writing[asked.uri] = session.background(_answer(session, asked, former))


async def _answer(session: Session, asked: Asked, former: asyncio.Task[None] | None) -> None:
    try:
        if former is not None:
            await asyncio.wait({former})
        prepared = await ready(session, asked)
        if session.writers.delivery is Delivery.NOTIFY:
            await deliver(session, prepared)
        else:
            await _write(session, asked, await start_turn(session, prepared))
    except JsonRpcException as error:  # the command has been answered long since
        say(session, error.message, types.MessageType.Error)
    finally:
        session.coming.pop(asked.turn_id, None)
        _forget_turn(session, asked)
        if session.document_writing.get(asked.uri) is asyncio.current_task():
            del session.document_writing[asked.uri]


def _forget_turn(session: Session, asked: Asked) -> None:
    """Another question can be sent from now on."""
    if session.document_turns.get(asked.uri) == asked.turn_id:
        del session.document_turns[asked.uri]


async def _write(session: Session, asked: Asked, turn: Turn) -> None:
    answering = _begin(session, asked, turn)
    async with turn_progress(session, turn):
        await consume(session, turn, TurnEventNumbering(turn.id), lambda _messages: None, answering)
    assert turn.outcome is not None, "a turn that is consumed has an outcome"
    _forget_turn(session, asked)
    stopped = await answering.end(turn.outcome)
    if turn.outcome.error is not None and not answering.tells_errors:
        say(session, turn.outcome.error.message, types.MessageType.Error)
    if stopped is not None and stopped.rest:
        _say_what_is_missing(session, asked.uri, turn.outcome, stopped)
    if turn.outcome.text or turn.outcome.error is None:
        session.conversations_there[turn.conversation_id] = True
        await _name_conversation(session, asked.uri, turn.conversation_id)


def _begin(session: Session, asked: Asked, turn: Turn) -> _Answering:
    """The place for the answer in the document as it is by now; the user may have been asked something meanwhile."""
    document = session.project.chat_document(asked.uri)
    if document is None:
        return _Answering(None, None, is_repeated=False)
    former = asked.question.answer
    if former is None:
        frame = answer_frame(document, turn.agent, turn.id)
    else:
        again = document.answer(former.answer_id or "")
        if again is None:
            return _Answering(None, None, is_repeated=True)
        frame = repeated_answer_frame(again, document, turn.agent, turn.id)
    writer = session.writers.open(asked.uri, Place.of(document.text, frame.place))
    answering = _Answering(writer, frame, is_repeated=former is not None)
    answering.begin()
    return answering


class _Answering:
    """One answer on its way into a document. Without a writer, there is no place for it any more."""

    def __init__(self, writer: DocumentWriter | None, frame: AnswerFrame | None, *, is_repeated: bool) -> None:
        self._writer, self._frame = writer, frame
        self._is_repeated = is_repeated
        """It takes the place of an answer, which stands until there is a word of it."""
        self._former = writer.place.text if writer else ""
        self._text: list[str] = []
        self._timer: asyncio.TimerHandle | None = None
        self.tells_errors = False
        """Whether the document says how the turn ended."""

    def begin(self) -> None:
        """Show who answers."""
        if not self._is_repeated:
            self._show()

    def take(self, events: Sequence[TurnEvent]) -> Sequence[Notice]:
        """More of the answer; nothing is to be told of it besides."""
        for event in events:
            match event:
                case TextDelta(delta):
                    self._text.append(delta)
                case ReplaceText(text):
                    self._text = [text]
                case _:
                    continue
            if self._timer is None:
                self._timer = asyncio.get_running_loop().call_later(_SECONDS_BETWEEN, self._show)
        return ()

    def finish(self, turn: Turn) -> Sequence[Notice]:
        """The turn has ended; `end` writes what is left to be written."""
        if self._timer is not None:
            self._timer.cancel()
        return ()

    async def end(self, outcome: TurnOutcome) -> Stopped | None:
        """Write what is left to be written, and how it ended. Returns what has not come through."""
        if self._writer is None or self._frame is None:
            return Stopped(StopCause.CLOSED, "", outcome.text)
        is_last = not self._writer.text_behind.strip()
        after = self._frame.ended(_note(outcome), with_next_turn=is_last and not self._is_repeated)
        region = Region(outcome.text, self._frame.before, after)
        if self._is_repeated and not outcome.text:
            region = Region(self._former)
        end = await self._writer.finish(region)
        if isinstance(end, Stopped):
            return end
        self.tells_errors = region.answer == outcome.text
        return None

    def _show(self) -> None:
        self._timer = None
        if self._writer is not None and self._frame is not None:
            self._text = ["".join(self._text)]
            self._writer.show(Region(self._text[0], self._frame.before, self._frame.after))


async def _name_conversation(session: Session, uri: str, conversation_id: str) -> None:
    """Write into the front matter which conversation this is, for agents that keep it themselves."""
    document = session.project.chat_document(uri)
    edit = set_front_matter(document, "conversation", conversation_id) if document else None
    if document is None or edit is None:
        return
    writer = session.writers.open(uri, Place.of(document.text, edit.span))
    if writer is not None:
        await writer.finish(Region(edit.new_text))


def _note(outcome: TurnOutcome) -> str:
    if outcome.error is not None:
        return outcome.error.message
    if outcome.stop_reason is StopReason.CANCELLED:
        return "You have stopped this answer."
    return "The answer is not complete." if outcome.incomplete else ""


def _say_what_is_missing(session: Session, uri: str, outcome: TurnOutcome, stopped: Stopped) -> None:
    name, why = named_path(uri).name, _WHY.get(stopped.cause, "since the editor did not take it")
    kept = session.project.settings.history.enabled
    where = f" It is in the history, as conversation {outcome.conversation_id}." if kept else ""
    message = f"The answer of {outcome.agent} is not all in {name}, {why}.{where}"
    say(session, message, types.MessageType.Warning)
