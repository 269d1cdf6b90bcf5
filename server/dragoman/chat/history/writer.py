"""The event loop's side of writing: what a turn does goes into a queue, and a thread of its own takes it from there.

Nothing here waits for the disk, and nothing here imports sqlite3: the thread does, when it is first needed.
"""

from __future__ import annotations

import threading
from collections.abc import AsyncGenerator
from contextlib import aclosing
from pathlib import Path
from queue import Empty, SimpleQueue

from dragoman.chat.engine import Batch, Ending
from dragoman.chat.events import Notice, StopReason
from dragoman.chat.history.inbox import Flush, Inbox, Item, Step
from dragoman.chat.history.record import TurnRecord


class HistoryWriter:
    """Writes into the file in `folder`. `troubles` holds sentences that the user has yet to be told."""

    def __init__(self, folder: Path, keep_days: int) -> None:
        self.troubles: SimpleQueue[str] = SimpleQueue()
        self._folder = folder
        self._keep_days = keep_days
        self._inbox = Inbox()
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None

    async def recorded(
        self, record: TurnRecord, steps: AsyncGenerator[Batch | Ending]
    ) -> AsyncGenerator[Batch | Ending]:
        """The steps of a turn, passed on as they are and kept on the way; and what went wrong with keeping them."""
        ending = Ending(StopReason.CANCELLED)
        try:
            async with aclosing(steps):
                async for step in steps:
                    if isinstance(step, Ending):
                        ending = step
                        if notices := self._notices():
                            yield notices
                    else:
                        self._put(Step(record, step))
                    yield step
        finally:
            self._put(Step(record, ending))

    def flush(self, seconds: float) -> None:
        """Wait until all that was taken so far is written, but no longer than this. Not for the event loop's thread."""
        item = Flush()
        self._put(item)
        item.done.wait(seconds)

    def close(self, seconds: float) -> None:
        """Write the rest and close the file. Not for the event loop's thread."""
        if self._thread is not None:
            self._inbox.put(Flush(closing=True))
            self._thread.join(seconds)

    def _put(self, item: Item) -> None:
        self._inbox.put(item)
        with self._starting:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="dragoman-history", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        from dragoman.chat.history.saving import Saver

        Saver(self._folder, self._keep_days, self._inbox, self.troubles.put).run()

    def _notices(self) -> Batch:
        try:
            return (Notice("warning", "history", self.troubles.get_nowait()),)
        except Empty:
            return ()
