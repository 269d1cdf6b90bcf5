"""A diff that grows with the answer; complete, it is accepted or rejected. What is accepted is put in place by us.

Where the client has no diffs, its own question about an edit takes that place, and else marks as those of a merge
conflict, with code actions.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lsprotocol import types

from dragoman.chat.delivery.effects import Target
from dragoman.features.conflict import conflict_text
from dragoman.lsp.dialogs import ANSWER_SECONDS, apply_edit, show_on
from dragoman.lsp.document_writer import Anchor
from dragoman.lsp.edits import Delivery, Place, Region, StopCause, Stopped
from dragoman.lsp.effects.occasion import Occasion
from dragoman.lsp.effects.replacing import cause_of, replace_at, why_no_edits
from dragoman.lsp.positions import range_of
from dragoman.lsp.session import Session
from dragoman.lsp.to_proto import json_range
from dragoman.paths import path_of
from dragoman.project.document import Document
from dragoman.syntax.text import Span

_DIFF = "diff"


class ProposedText:
    """The text of one target, beside what stands there."""

    def __init__(self, occasion: Occasion, target: Target) -> None:
        self._occasion = occasion
        self._anchor = occasion.place.anchor(target)
        self._text = ""
        self._shown: str | None = None
        self._is_showing = False
        self._is_over = False

    def grow(self, delta: str) -> None:
        """More of the text."""
        self.rewrite(self._text + delta)

    def rewrite(self, text: str) -> None:
        """All of the text so far becomes this."""
        self._text = text
        if _DIFF in self._occasion.session.client.surfaces and not self._is_showing:
            self._is_showing = True
            self._occasion.session.background(self._show_as_it_grows())

    async def end(self, *, complete: bool) -> None:
        """To be accepted or rejected, or withdrawn."""
        self._is_over = True
        if not complete:
            await self._withdraw()
        elif why := await self.offer(self._text):
            self._occasion.warn(f"the answer was not put in place, since {why}. It is shown as text instead.")
            await self._occasion.show_text()

    async def _show_as_it_grows(self) -> None:
        """One diff on its way, never two; what comes meanwhile is gathered."""
        while self._shown != self._text and not self._is_over:
            self._shown = self._text
            if await self._show("growing") is None:
                return  # asked again when the answer is complete
        self._is_showing = False

    async def offer(self, text: str) -> str:
        """Ask about all of the text; "" if it is in place now, or was rejected, else why not, as a clause."""
        self._is_over, self._text = True, text
        answer = await self._show("complete", seconds=None)
        if answer is None:
            return await propose_without_diff(self._occasion.session, self._anchor, text, self._occasion.agent)
        is_accepted = answer.get("accepted") is True
        return await replace_at(self._occasion.session, self._anchor, text) if is_accepted else ""

    async def _withdraw(self) -> None:
        if self._shown is not None:
            await self._show("withdrawn")

    async def _show(self, state: str, seconds: float | None = ANSWER_SECONDS) -> Mapping[str, Any] | None:
        session, uri = self._occasion.session, self._anchor.uri
        document = session.project.document(uri)
        place = self._anchor.place
        if document is None or place is None:
            return None
        return await show_on(
            session,
            _DIFF,
            self._occasion.turn_id,
            agent=self._occasion.agent,
            textDocument={"uri": uri, "version": document.version},
            range=json_range(document.lines, place.span, session.client.encoding),
            text=self._text,
            state=state,
            seconds=seconds,
        )


async def propose_without_diff(session: Session, anchor: Anchor, text: str, agent: str) -> str:
    """Offer `text` for what stands at the anchor; "" if that is done, or rejected, else why not, as a clause."""
    document = session.project.document(anchor.uri)
    if anchor.place is None or document is None:
        return cause_of(StopCause.EDITED)
    if session.client.change_annotations and session.writers.delivery is not Delivery.NOTIFY:
        return await _ask_by_annotation(session, anchor, document, text, agent)
    whole = _whole_lines(document.text, anchor.place)
    lines = _proposed_lines(document.text, anchor.place.span, whole.span, text)
    writer = session.writers.open(anchor.uri, whole)
    if writer is None:
        return why_no_edits(session)
    end = await writer.finish(Region(conflict_text(_plain(whole.text), _plain(lines), agent)))
    return cause_of(end.cause) if isinstance(end, Stopped) else ""


async def _ask_by_annotation(session: Session, anchor: Anchor, document: Document, text: str, agent: str) -> str:
    """An edit that the client asks its user about; what the user rejects is refused as well, and no failure."""
    assert anchor.place is not None, "what is gone is not offered"
    path = path_of(document.uri)
    name = path.name if path else document.uri
    range_ = range_of(document.lines, anchor.place.span, session.client.encoding)
    edit = types.AnnotatedTextEdit("proposal", range_, text)
    identifier = types.OptionalVersionedTextDocumentIdentifier(uri=document.uri, version=document.version)
    annotation = types.ChangeAnnotation(f"{agent} proposes this for {name}", needs_confirmation=True)
    whole = types.WorkspaceEdit(
        document_changes=[types.TextDocumentEdit(identifier, [edit])], change_annotations={"proposal": annotation}
    )
    is_applied = await apply_edit(session, whole, f"Answer of {agent}", seconds=None)
    newest = session.project.document(document.uri)
    is_stale = newest is None or newest.version != document.version
    return cause_of(StopCause.REFUSED) if is_stale and not is_applied else ""


def _whole_lines(text: str, place: Place) -> Place:
    """The lines that a place touches, each with its end; those of an empty place are the one it is in."""
    start = max(text.rfind("\n", 0, place.span.start), text.rfind("\r", 0, place.span.start)) + 1
    if place.span.end > place.span.start and text[place.span.end - 1] == "\n":
        return Place.of(text, Span(start, place.span.end))
    end = text.find("\n", place.span.end)
    return Place.of(text, Span(start, len(text) if end < 0 else end + 1))


def _proposed_lines(document: str, place: Span, lines: Span, text: str) -> str:
    """The lines as they would be, with `text` at the place."""
    return document[lines.start : place.start] + text + document[place.end : lines.end]


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
