"""Where the user was when a prompt was made, and where that is by now: typing goes on while the agent thinks."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from dragoman.chat.delivery import Place
from dragoman.chat.delivery.effects import Target
from dragoman.lsp import edits
from dragoman.lsp.document_writer import Anchor
from dragoman.lsp.positions import offset_of, span_of
from dragoman.lsp.prompt_params import EditorPlace
from dragoman.lsp.session import Session
from dragoman.syntax.text import Span


def place_of(session: Session, given: EditorPlace | None) -> Place:
    """The place in the newest version of its document, if that is open."""
    document = session.project.document(given.uri) if given else None
    if given is None or document is None:
        return Place(datetime.now().astimezone())
    encoding = session.client.encoding
    cursor = None if given.cursor is None else offset_of(document.lines, given.cursor, encoding)
    span = None if given.selection is None else span_of(document.lines, given.selection, encoding)
    if span is not None and span.start == span.end:
        cursor, span = span.start if cursor is None else cursor, None
    return Place(datetime.now().astimezone(), document, span, cursor)


class PromptPlace:
    """A place, and every target that an answer to a prompt at it can have, followed until `let_go`."""

    def __init__(self, session: Session, place: Place) -> None:
        self.place = place
        self._session = session
        self._anchors: dict[Span, Anchor] = {}
        for target in (place.whole(), place.selected(), place.at_cursor(), place.before_selection()):
            if target is not None and target.span not in self._anchors:
                self._anchors[target.span] = self._followed(target)

    def anchor(self, target: Target) -> Anchor:
        """Where a target is by now."""
        return self._anchors[target.span]

    def now(self) -> Place:
        """The same place in the newest version, as far as it is still there."""
        document = self._session.project.document(self.place.document.uri) if self.place.document else None
        if document is None:
            return replace(self.place, document=None, selection=None, cursor=None)
        cursor = self._moved(Span(self.place.cursor, self.place.cursor)) if self.place.cursor is not None else None
        selection = self._moved(self.place.selection) if self.place.selection is not None else None
        return Place(datetime.now().astimezone(), document, selection, cursor.start if cursor else None)

    def let_go(self) -> None:
        """Nothing more will be put there."""
        for anchor in self._anchors.values():
            anchor.let_go()
        self._anchors.clear()

    def _moved(self, span: Span) -> Span | None:
        anchor = self._anchors.get(span)
        return anchor.place.span if anchor and anchor.place else None

    def _followed(self, target: Target) -> Anchor:
        return self._session.writers.anchor(target.uri, edits.Place(target.span, target.text))
