"""One edit in a document, of what stands there untouched; and why it was not made."""

from __future__ import annotations

from dragoman.lsp.document_writer import Anchor
from dragoman.lsp.edits import Delivery, Region, StopCause, Stopped
from dragoman.lsp.session import Session

_CAUSES = {
    StopCause.EDITED: "what stood there has been changed meanwhile",
    StopCause.CLOSED: "the document was closed",
    StopCause.REFUSED: "the editor did not take the edit",
    StopCause.UNCONFIRMED: "the editor did not say what became of the edit",
    StopCause.ASTRAY: "the editor has written a piece of it elsewhere, where you may want to undo it",
    StopCause.UNVERSIONED: "this editor cannot be told which version of the document an edit is for",
}


async def replace_at(session: Session, anchor: Anchor, text: str) -> str:
    """Put `text` in place of what stands at the anchor; "" if it stands there now, else why not, as a clause."""
    if anchor.place is None:
        return cause_of(StopCause.EDITED)
    writer = session.writers.open(anchor.uri, anchor.place)
    if writer is None:
        return why_no_edits(session)
    end = await writer.finish(Region(text))
    return cause_of(end.cause) if isinstance(end, Stopped) else ""


def cause_of(cause: StopCause) -> str:
    """Why a writer has stopped, as a clause."""
    return _CAUSES[cause]


def why_no_edits(session: Session) -> str:
    """Why there is no writer, as a clause."""
    if session.writers.delivery is not Delivery.NOTIFY:
        return cause_of(StopCause.CLOSED)
    return "the setting “delivery” is “notify”" if session.client.apply_edit else "this editor takes no edits"
