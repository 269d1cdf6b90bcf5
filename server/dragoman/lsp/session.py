"""What the handlers of one session share."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from lsprotocol import types

from dragoman.features.chat_document.workspace_files import WorkspaceFiles
from dragoman.lsp import logs
from dragoman.lsp.client import Client
from dragoman.lsp.logs import describe
from dragoman.lsp.server import DragomanServer
from dragoman.paths import data_folder
from dragoman.project.project import Project
from dragoman.settings import Settings

if TYPE_CHECKING:
    from dragoman.chat.events import TurnOutcome
    from dragoman.chat.history.history import History
    from dragoman.chat.sessions import Sessions
    from dragoman.lint.diagnostic import Diagnostic
    from dragoman.lsp.document_writer import DocumentWriters
    from dragoman.lsp.runtime_failures import RuntimeFailures
    from dragoman.lsp.trust_question import TrustAnswer

_log = logging.getLogger("dragoman.lsp")


@dataclass
class Session:
    """One client's session: the server to speak through, and the owners of state."""

    server: DragomanServer
    project: Project = field(default_factory=Project)
    client: Client = field(default_factory=Client)
    searched: asyncio.Event = field(default_factory=asyncio.Event)
    """Set while what is known of the workspace's agents is up to date; prompts wait for it."""
    searches: int = 0
    """How many searches for agents have begun."""
    coming: dict[str, asyncio.Event] = field(default_factory=dict[str, asyncio.Event])
    """Turns that are asked for but not started yet → what is set when they are stopped before that."""
    handed_to: dict[str, str] = field(default_factory=dict[str, str])
    """Turns of a flow → the turn that its agent handed on to."""
    progress_tokens: dict[str | int, str] = field(default_factory=dict[str | int, str])
    """Tokens of progress with a cancel button → the turn that it stops."""
    last_place: tuple[str, types.Range] | None = None
    """Where the user was last, as far as the client tells, in a document that is no chat document."""
    proposals: tuple[int, Sequence[str]] = (0, ())
    """The number of the last answer to a completion, and what is to be said of its items when they are looked at."""
    told_later: dict[str, Any] = field(default_factory=dict[str, Any])
    """What the client was not told at the start: sections of its `textDocument` → what it would have been told."""
    registered: tuple[types.Registration, ...] = ()
    """What it was told later."""
    document_turns: dict[str, str] = field(default_factory=dict[str, str])
    """Chat documents in which a question is being answered → the turn."""
    document_writing: dict[str, asyncio.Task[None]] = field(default_factory=dict[str, asyncio.Task[None]])
    """Chat documents → what writes into them; a little longer than the turn lasts."""
    conversations_there: dict[str, bool] = field(default_factory=dict[str, bool])
    """Conversations that chat documents name → whether there is one of that id, as far as that was looked up."""
    when_ended: Callable[[TurnOutcome], None] = lambda _outcome: None
    """Called at the end of each turn."""
    when_trust_changed: Callable[[], None] = lambda: None
    """Called when an agent of the workspace may be asked, or may not any more."""
    trust_questions: dict[str, asyncio.Future[TrustAnswer]] = field(
        default_factory=dict[str, "asyncio.Future[TrustAnswer]"]
    )
    """Agents about which the user is being asked, by fingerprint → what comes of it."""
    _tasks: set[asyncio.Task[Any]] = field(default_factory=set[asyncio.Task[Any]])

    @cached_property
    def sessions(self) -> Sessions:
        """The turns that run; the chat engine is imported when it is first asked for."""
        from dragoman.chat.sessions import Sessions
        from dragoman.chat.transport.client import Transport

        settings = self.project.settings
        sessions = Sessions(Transport(settings.network), settings.limits, self.history)
        sessions.on_secrets = logs.conceal
        return sessions

    @cached_property
    def history(self) -> History:
        """The conversations of earlier sessions, and of this one."""
        from dragoman.chat.history.history import History

        return History(data_folder(), self.project.settings.history)

    @cached_property
    def writers(self) -> DocumentWriters:
        """What writes answers into open documents."""
        from dragoman.lsp.document_writer import DocumentWriters

        return DocumentWriters(self)

    def document_changed(self, uri: str, texts: Sequence[str], version: int) -> None:
        """Tell those who write into a document, or follow a place in it, of the text after each change."""
        if "writers" in vars(self):
            self.writers.changed(uri, texts, version)

    def document_closed(self, uri: str) -> None:
        """Tell them that there is nothing to follow any more."""
        if "writers" in vars(self):
            self.writers.closed(uri)

    @cached_property
    def workspace_files(self) -> WorkspaceFiles:
        """The files that links in chat documents can mean."""
        return WorkspaceFiles()

    @cached_property
    def failures(self) -> RuntimeFailures:
        """The agents whose last turn has failed; of the first prompt's time, like the chat engine."""
        from dragoman.lsp.runtime_failures import RuntimeFailures

        return RuntimeFailures()

    def runtime_diagnostics(self, uri: str) -> list[Diagnostic]:
        """What the last turns of its agents say of one file."""
        return self.failures.diagnostics(self.project, uri) if "failures" in vars(self) else []

    def apply_settings(self, settings: Settings) -> None:
        """Take new settings, for documents and for turns that start from now on."""
        logs.use_level(settings.log_level)
        self.project.apply_settings(settings)
        if "sessions" in vars(self):
            self.sessions.limits = settings.limits
            self.sessions.use_network(settings.network)
        if "history" in vars(self):
            self.history.settings = settings.history

    async def aclose(self) -> None:
        """End what runs; nothing is imported for it."""
        if "sessions" in vars(self):
            await self.sessions.aclose()
        if "history" in vars(self):
            await self.history.aclose()

    def background(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        """Run something that nobody waits for; what it raises is logged."""
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._finished)
        return task

    def stop(self, turn_id: str) -> bool:
        """End a turn, also one that has yet to start; False if there is none of that id.

        One that has handed its answer on goes on as the turn of the agent that took it.
        """
        while turn_id in self.handed_to:
            turn_id = self.handed_to[turn_id]
        stopped = self.coming.pop(turn_id, None)
        if stopped is not None:
            stopped.set()
        return self.sessions.stop(turn_id) or stopped is not None

    def stop_all(self) -> bool:
        """End every turn; False if there was none."""
        coming = [self.stop(turn_id) for turn_id in [*self.coming]]
        return self.sessions.stop_all() > 0 or bool(coming)

    def _finished(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            _log.error("in the background: %s", describe(error))
