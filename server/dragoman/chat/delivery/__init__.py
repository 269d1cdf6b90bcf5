"""What becomes of an answer, and where it goes: two tables, and what follows from them.

    actions/  what the reply becomes        modes/  where it goes, by `interactive`
              by `responseAction`             panels.py     ChatPanel, RightPanel, RunPanel
      Direct     a text                       edits.py      AppendCursor, AppendCursorStream,
      Stream     a text, seen growing                       InsertBeforeSelection, ReplaceSelection,
      TextChunk  the prompt's input                         ReplaceCurrentFile, StreamDiff
      WebView    a page                       elsewhere.py  OutputFile, OnPaste
      DevIns     files, to be reviewed
      Flow       data to be handed on

So there are 6 + 11 small things, and no branch for any of the 66 pairs; docs/delivery.md lists what comes of each.

A mode looks at the `Place` of the prompt and gives a `Route`; an action takes the complete `Reply` along it. `plan`
makes of both a `Delivery`, which is told of the turn's events and gives `effects`: plain values that a front end
performs in one `match`. Nothing in this package waits, reads or writes; only `devins.changes` looks at files, by a
function that it is given.
"""

from __future__ import annotations

from dragoman.chat.delivery.notices import delivery_notices, joining_notices
from dragoman.chat.delivery.place import Place
from dragoman.chat.delivery.plan import Delivery, plan

__all__ = ["Delivery", "Place", "delivery_notices", "joining_notices", "plan"]
