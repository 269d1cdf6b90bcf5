"""What goes from the event loop to the thread that writes the history."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from queue import SimpleQueue
from typing import TypeAlias

from dragoman.chat.engine import Batch, Ending
from dragoman.chat.history.record import TurnRecord


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a turn."""

    record: TurnRecord
    step: Batch | Ending


@dataclass(frozen=True, slots=True)
class Flush:
    """Write all that came before this, then say that it is `done`. `closing`: nothing comes after it."""

    closing: bool = False
    done: threading.Event = field(default_factory=threading.Event)


Item: TypeAlias = Step | Flush


class Inbox:
    """What the thread has yet to take. `hurry` is set when somebody waits for it."""

    def __init__(self) -> None:
        self.items: SimpleQueue[Item] = SimpleQueue()
        self.hurry = threading.Event()

    def put(self, item: Item) -> None:
        """Leave an item to the thread."""
        self.items.put(item)
        if isinstance(item, Flush):
            self.hurry.set()
