"""The history as the rest of the chat sees it. Nothing here waits for the disk on the event loop's thread.

Whatever is wrong with the disk costs the history and never a turn.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import closing
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from dragoman.chat.body import sent_prompt
from dragoman.chat.conversation import Conversation, TurnInput
from dragoman.chat.engine import Batch, Ending
from dragoman.chat.history import queries, restore
from dragoman.chat.history.export import export
from dragoman.chat.history.kept import KeptConversation, Page
from dragoman.chat.history.record import Beginning, TurnRecord, now
from dragoman.chat.history.writer import HistoryWriter
from dragoman.settings import HistorySettings

if TYPE_CHECKING:
    from dragoman.chat.history.store import Store

FLUSH_SECONDS = 1.0
"""How long a question waits for what is still to be written, and how long the end of the program does."""

_T = TypeVar("_T")


class HistoryError(Exception):
    """What was asked of the history cannot be done now. The text is a sentence."""


class History:
    """The conversations kept in `folder`. Belongs to one event loop."""

    def __init__(self, folder: Path, settings: HistorySettings) -> None:
        self.settings = settings
        """Hold for the turns that start from now on, and for every question."""
        self._folder = folder

    def recorded(
        self, turn_id: str, start: TurnInput, steps: AsyncGenerator[Batch | Ending], workspace: str = ""
    ) -> AsyncGenerator[Batch | Ending]:
        """The steps of a turn, kept on their way if the settings say so. `workspace`: the path of a folder, or ""."""
        if not self.settings.enabled:
            return steps
        beginning = Beginning(turn_id, start, sent_prompt(start), workspace, now())
        return self._writer.recorded(TurnRecord(beginning), steps)

    async def page(self, query: str, cursor: str | None, limit: int) -> Page:
        """See `queries.page`. This and all that follow raise `HistoryError`."""
        return await self._ask(partial(queries.page, query=query, cursor=cursor, limit=limit), Page())

    async def conversation(self, conversation_id: str) -> KeptConversation | None:
        """The whole conversation, None if there is none of that id."""
        return await self._ask(partial(queries.conversation, conversation_id=conversation_id), None)

    async def restored(self, conversation_id: str) -> Conversation | None:
        """The conversation as the next turn goes on from it, None if there is none of that id."""
        return await self._ask(partial(restore.restored, conversation_id=conversation_id), None)

    async def left_by(self, turn_id: str) -> Conversation | None:
        """The conversation as that turn has left it, None if there is none of that id."""
        return await self._ask(partial(restore.left_by, turn_id=turn_id), None)

    async def rename(self, conversation_id: str, title: str) -> bool:
        """False if there is none of that id."""
        return await self._ask(partial(queries.rename, conversation_id=conversation_id, title=title), False)

    async def delete(self, conversation_id: str) -> bool:
        """False if there is none of that id."""
        return await self._ask(partial(queries.delete, conversation_id=conversation_id), False)

    async def export(self, conversation_id: str, file_format: str) -> Path | None:
        """Write it to a file (see `export.FORMATS`); None if there is none of that id."""
        conversation = await self.conversation(conversation_id)
        if conversation is None:
            return None
        try:
            return await asyncio.to_thread(export, conversation, file_format, self._folder / "exports")
        except OSError as error:
            raise HistoryError(f"The conversation cannot be written to a file: {error.strerror}.") from error

    async def aclose(self) -> None:
        """Write what is left to be written."""
        if "_writer" in vars(self):
            await asyncio.to_thread(self._writer.close, FLUSH_SECONDS)

    @cached_property
    def _writer(self) -> HistoryWriter:
        return HistoryWriter(self._folder, self.settings.keep_days)

    async def _ask(self, question: Callable[[Store], _T], without: _T) -> _T:
        """The answer to `question`; `without` where the settings want no history."""
        if not self.settings.enabled:
            return without
        return await asyncio.to_thread(self._answer, self._writer, question)

    def _answer(self, writer: HistoryWriter, question: Callable[[Store], _T]) -> _T:
        from dragoman.chat.history.store import FAILURES, open_store, why

        writer.flush(FLUSH_SECONDS)
        try:
            with closing(open_store(self._folder)) as store:
                return question(store)
        except FAILURES as error:
            raise HistoryError(f"The history cannot be read or written: {why(error)}.") from error
