"""Answers written into open documents: the state machine of `lsp.edits`, and the client that it writes to.

    writers = session.writers
    writer = writers.open(uri, Place.of(document.text, Span(offset, offset)))   # None: this client takes no edits
    writer.show(Region("as far as it has come"))                                # as often as there is more
    end = await writer.finish(Region("all of it"))                              # Settled or Stopped

Edits are `workspace/applyEdit` of one version, without a label: some editors print each. Any number of writers can be
at work on one document. What a writer that has stopped did not bring about is in `Stopped.rest`, up to the last word
that it was shown, and is its owner's to show elsewhere.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Protocol

from lsprotocol import types

from dragoman.lsp.edits import (
    Anchored,
    Delivery,
    Place,
    Region,
    RegionWriter,
    Send,
    Settled,
    Stopped,
    Timing,
    Untouched,
    Withdrawn,
    delivery_for,
    followed,
)
from dragoman.lsp.edits.results import Output
from dragoman.lsp.edits.timing import DEFAULT_TIMING
from dragoman.lsp.positions import range_of
from dragoman.syntax.text import LineIndex, TextEdit

if TYPE_CHECKING:
    from dragoman.lsp.session import Session


class Watcher(Protocol):
    """Somebody who is told of what happens to one document."""

    def changed(self, texts: Sequence[str], version: int) -> None:
        """The document has become `texts[-1]`, by way of the others."""
        ...

    def closed(self) -> None:
        """The document was closed."""
        ...


class DocumentWriters:
    """The writers and anchors of a session. Tell it of every change: `changed`, `closed`."""

    def __init__(self, session: Session, timing: Timing = DEFAULT_TIMING) -> None:
        self._session = session
        self._timing = timing
        self._watchers: dict[str, list[Watcher]] = {}

    @property
    def delivery(self) -> Delivery:
        """How answers get into documents of this client."""
        client = self._session.client
        setting = self._session.project.settings.delivery
        return delivery_for(setting, applies_edits=client.apply_edit, versioned=client.versioned_edits)

    def open(
        self, uri: str, place: Place, when_lost: Callable[[Stopped], None] = lambda _stopped: None
    ) -> DocumentWriter | None:
        """A writer at `place` of the newest version. None: the document is not open, or the client takes no edits.

        `when_lost` is told if an end that was not proven when `finish` returned turns out not to have come about.
        """
        document = self._session.project.document(uri)
        if document is None or self.delivery is Delivery.NOTIFY:
            return None
        region_writer = RegionWriter(
            document.text,
            document.version,
            place,
            delivery=self.delivery,
            versioned=self._session.client.versioned_edits,
            timing=self._timing,
        )
        writer = DocumentWriter(self._session, uri, region_writer, when_lost, self._forget)
        self._watchers.setdefault(uri, []).append(writer)
        return writer

    def anchor(self, uri: str, place: Place) -> Anchor:
        """Follows `place` of the newest version, until it is let go."""
        document = self._session.project.document(uri)
        at = Untouched(place) if document else Withdrawn()
        anchor = Anchor(uri, document.text if document else "", at, self._forget)
        self._watchers.setdefault(uri, []).append(anchor)
        return anchor

    def changed(self, uri: str, texts: Sequence[str], version: int) -> None:
        """`textDocument/didChange`: the text after each of its changes."""
        for watcher in [*self._watchers.get(uri, ())]:
            watcher.changed(texts, version)

    def closed(self, uri: str) -> None:
        """`textDocument/didClose`."""
        for watcher in self._watchers.pop(uri, ()):
            watcher.closed()

    def _forget(self, uri: str, watcher: Watcher) -> None:
        watchers = self._watchers.get(uri, [])
        if watcher in watchers:
            watchers.remove(watcher)
        if not watchers:
            self._watchers.pop(uri, None)


class Anchor:
    """Where a place of a document is by now, as long as nobody has changed what stands there."""

    def __init__(self, uri: str, text: str, at: Anchored, forget: Callable[[str, Watcher], None]) -> None:
        self.uri = uri
        self._text = text
        self._at = at
        self._forget = forget

    @property
    def place(self) -> Place | None:
        """The place in the newest version; None if what stood there is no longer as it was."""
        return self._at.place if isinstance(self._at, Untouched) else None

    def let_go(self) -> None:
        """Nobody asks for that place any more."""
        self._forget(self.uri, self)

    def changed(self, texts: Sequence[str], version: int) -> None:
        """See `Watcher`."""
        for text in texts:
            self._at = followed(self._at, self._text, text)
            self._text = text

    def closed(self) -> None:
        """See `Watcher`."""
        self._at = Withdrawn()


class DocumentWriter:
    """Writes one region of one open document. See the module."""

    def __init__(
        self,
        session: Session,
        uri: str,
        writer: RegionWriter,
        when_lost: Callable[[Stopped], None],
        forget: Callable[[str, Watcher], None],
    ) -> None:
        self.uri = uri
        self.stopped: Stopped | None = None
        """Why nothing more is written, once that is so."""
        self._session = session
        self._writer = writer
        self._when_lost = when_lost
        self._forget = forget
        self._loop = asyncio.get_running_loop()
        self._timer: asyncio.TimerHandle | None = None
        self._end: asyncio.Future[Settled | Stopped] = self._loop.create_future()

    @property
    def place(self) -> Place:
        """Where the region is in the newest version, and what stands there."""
        return self._writer.place

    @property
    def text_behind(self) -> str:
        """What stands behind the region in the newest version."""
        return self._writer.text[self._writer.place.span.end :]

    def show(self, region: Region) -> None:
        """Take `region` as what is to stand there from now on."""
        self._take(self._writer.show(region, self._loop.time()))

    async def finish(self, region: Region) -> Settled | Stopped:
        """Take `region` as what is to stand there in the end, and wait for that. To be called once."""
        self._take(self._writer.finish(region, self._loop.time()))
        end = await asyncio.shield(self._end)
        return _with_all_of(end, region.answer) if isinstance(end, Stopped) else end

    # What the registry tells

    def changed(self, texts: Sequence[str], version: int) -> None:
        """See `Watcher`."""
        self._take(self._writer.changed(texts, version, self._loop.time()))

    def closed(self) -> None:
        """See `Watcher`."""
        self._take(self._writer.closed())

    # What the state machine says

    def _take(self, outputs: Sequence[Output]) -> None:
        for output in outputs:
            match output:
                case Send():
                    self._send(output)
                case Settled():
                    self._settle(output)
                case Stopped():
                    self._stop(output)
        self._set_timer()
        if self._writer.is_over:
            self._forget(self.uri, self)

    def _settle(self, settled: Settled) -> None:
        if not self._end.done():
            self._end.set_result(settled)

    def _stop(self, stopped: Stopped) -> None:
        self.stopped = stopped
        if self._end.done():
            self._when_lost(stopped)
        else:
            self._end.set_result(stopped)

    def _set_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        wake_at = self._writer.wake_at
        self._timer = None if wake_at is None else self._loop.call_at(wake_at, self._wake)

    def _wake(self) -> None:
        self._take(self._writer.woke(self._loop.time()))

    def _send(self, send: Send) -> None:
        edit = self._workspace_edit(send.version, send.edit)
        sent = self._session.server.protocol.send_request(
            types.WORKSPACE_APPLY_EDIT, types.ApplyWorkspaceEditParams(edit)
        )
        sent.add_done_callback(lambda done: self._answered(send.id, done))

    def _answered(self, edit_id: int, answer: Future[Any]) -> None:
        """An error of the client, too, says that the edit was not applied."""
        is_applied = answer.exception() is None and answer.result().applied
        self._take(self._writer.answered(edit_id, is_applied, self._loop.time()))

    def _workspace_edit(self, version: int, edit: TextEdit) -> types.WorkspaceEdit:
        client = self._session.client
        range_ = range_of(LineIndex(self._writer.text), edit.span, client.encoding)
        text_edit = types.TextEdit(range_, edit.new_text)
        if not client.versioned_edits:
            return types.WorkspaceEdit(changes={self.uri: [text_edit]})
        document = types.OptionalVersionedTextDocumentIdentifier(uri=self.uri, version=version)
        return types.WorkspaceEdit(document_changes=[types.TextDocumentEdit(document, [text_edit])])


def _with_all_of(stopped: Stopped, answer: str) -> Stopped:
    """The same for an answer that has grown since: what came later is part of the rest."""
    delivered = stopped.delivered if answer.startswith(stopped.delivered) else ""
    return replace(stopped, delivered=delivered, rest=answer[len(delivered) :])
