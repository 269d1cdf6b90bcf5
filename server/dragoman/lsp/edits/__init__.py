"""Edits that never hurt: answers written into a document that its user goes on typing in. No protocol is known here.

`writer` is the state machine, `final` the one edit for what takes an answer whole; the other modules say where a place
in a text has gone to. What is left to their owner:

- Which way: `delivery_for`. With `NOTIFY` there is no writer.
- A `RegionWriter` for each region, found by the document's URI, told of everything its module lists until `is_over`:
  also after `Settled(is_proven=False)`, for then it may still send. Two writers in one document do each other no harm.
- `Send` → `workspace/applyEdit` with one `TextDocumentEdit` of that version, positions by the document's text as it is
  at that moment, no label (some editors print it each time), and nobody waiting: the answer is brought to `answered`. A
  client of ours may be told `continues`, to join the edit with the one before into one step of undo.
- `Stopped` → `rest` goes to the user by other means, with a sentence about `cause`; `undo`, if any, is offered.
- A place is never behind the last line end of a document: some editors make a new line for it. One at the end of a
  document that ends a line is right before that line end.

Where answers go: an empty place at the cursor (`AppendCursor`, `AppendCursorStream`, `InsertBeforeSelection`), the
selection or the whole text (`ReplaceSelection`, `ReplaceCurrentFile`: nothing is sent before there is an answer), a
region that grows (`StreamDiff`), `dragoman.syntax.chat_document.answer_frame` with its `before` and `after` in each
`Region`. A line put into a front matter can go by a writer as well: it finds its place again when the user types.
"""

from dragoman.lsp.edits.delivery import Delivery, delivery_for
from dragoman.lsp.edits.final import Anchored, Untouched, Withdrawn, final_edit, followed
from dragoman.lsp.edits.place import Gravity, Place
from dragoman.lsp.edits.region import Region
from dragoman.lsp.edits.results import Output, Send, Settled, StopCause, Stopped
from dragoman.lsp.edits.timing import Timing
from dragoman.lsp.edits.writer import RegionWriter

__all__ = [
    "Anchored",
    "Delivery",
    "Gravity",
    "Output",
    "Place",
    "Region",
    "RegionWriter",
    "Send",
    "Settled",
    "StopCause",
    "Stopped",
    "Timing",
    "Untouched",
    "Withdrawn",
    "delivery_for",
    "final_edit",
    "followed",
]
