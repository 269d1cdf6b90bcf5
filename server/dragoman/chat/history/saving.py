"""The thread that writes the history: gathers what has come in a tenth of a second, and saves it in one transaction."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from pathlib import Path
from queue import Empty

from dragoman.chat.history.inbox import Flush, Inbox, Item, Step
from dragoman.chat.history.queries import delete_older
from dragoman.chat.history.record import TurnRecord, now
from dragoman.chat.history.store import FAILURES, Store, is_busy, is_corrupt, open_store, set_aside, why

SECONDS_BETWEEN_WRITES = 0.1
"""A kill loses what came since the last write; 0.25 s is promised."""

_DAY = 24 * 60 * 60 * 1000

_logger = logging.getLogger(__name__)


class Saver:
    """Takes from `inbox` until it is told to close. `tell` gets at most one sentence for the user."""

    def __init__(self, folder: Path, keep_days: int, inbox: Inbox, tell: Callable[[str], None]) -> None:
        self._folder = folder
        self._keep_days = keep_days
        self._inbox = inbox
        self._tell = tell
        self._store: Store | None = None
        self._running: set[TurnRecord] = set()
        self._unsaved: dict[TurnRecord, None] = {}
        self._flushes: list[Flush] = []
        self._next_write = 0.0
        self._is_closing = False
        self._has_swept = False
        self._has_told = False
        self._has_repaired = False
        self._has_given_up = False

    def run(self) -> None:
        """Save what comes, as it comes. Turns that were stopped just now still have to say so before this closes."""
        while self._running or not self._is_closing:
            self._gather()
            self._save_or_give_up()
            self._next_write = time.monotonic() + SECONDS_BETWEEN_WRITES
            while self._flushes:
                self._flushes.pop().done.set()
        if self._store is not None:
            self._store.close()

    def _gather(self) -> None:
        """Wait for something to save, then until it is time to save it; somebody who waits is not kept waiting."""
        try:
            # What another editor kept us from saving is tried again, even if nothing new comes.
            self._take(self._inbox.items.get(timeout=SECONDS_BETWEEN_WRITES if self._unsaved else None))
            # Meanwhile items gather without waking this thread, which would cost every token.
            self._inbox.hurry.wait(max(0.0, self._next_write - time.monotonic()))
            self._inbox.hurry.clear()
            while True:
                self._take(self._inbox.items.get_nowait())
        except Empty:
            pass

    def _take(self, item: Item) -> None:
        match item:
            case Step(record, step):
                record.take(step)
                self._unsaved[record] = None
                (self._running.discard if record.has_ended else self._running.add)(record)
            case Flush(closing):
                self._flushes.append(item)
                self._is_closing = self._is_closing or closing

    def _save_or_give_up(self) -> None:
        """Whatever goes wrong, it ends here: a turn must not suffer from its history."""
        if self._has_given_up:
            self._unsaved.clear()
            return
        try:
            self._save()
        except FAILURES as error:
            self._handle(error)
        except Exception as error:  # noqa: BLE001 - a fault of ours; the next turn would only meet it again
            self._give_up(f"{type(error).__name__} inside this program")

    def _save(self) -> None:
        if self._store is None:
            self._store = open_store(self._folder)
        records = [record for record in self._unsaved if record.is_writable]
        if records:
            with self._store.transaction():
                keys = [record.save(self._store) for record in records]
            for record, key in zip(records, keys, strict=True):
                record.key = key
        self._unsaved.clear()
        if not self._has_swept:
            delete_older(self._store, now() - self._keep_days * _DAY)
            self._has_swept = True

    def _handle(self, error: Exception) -> None:
        if is_busy(error):
            self._warn("is not written at present: another program holds its file")
        elif is_corrupt(error) and not self._has_repaired:
            self._has_repaired = True
            self._begin_anew()
        else:
            self._give_up(why(error))

    def _begin_anew(self) -> None:
        """The file is broken: it is kept under another name, and what there is in memory goes into a new one."""
        if self._store is not None:
            self._store.close()
            self._store = None
        try:
            broken = set_aside(self._folder)
        except FAILURES as error:
            self._give_up(f"its file is broken and stays ({why(error)})")
            return
        if broken is not None:
            self._warn(f"begins anew: its file was broken and is now {broken.name}")
            for record in {*self._running, *self._unsaved}:
                record.key = None
        self._save_or_give_up()

    def _give_up(self, cause: str) -> None:
        self._has_given_up = True
        self._unsaved.clear()
        self._warn(f"is not kept until the next start: {cause}")

    def _warn(self, what: str) -> None:
        if not self._has_told:
            self._has_told = True
            _logger.warning("the history in %s %s", self._folder, what)
            self._tell(f"The history of conversations {what}.")
