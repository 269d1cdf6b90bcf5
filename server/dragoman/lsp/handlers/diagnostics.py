"""Publishing diagnostics, once for all changes that have arrived, and telling that the agents have changed."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING

from lsprotocol import types

from dragoman.agents.catalog import built_in_catalog
from dragoman.features.agents import agent_statuses, diagnose_worst
from dragoman.lint.diagnostic import Diagnostic, Severity
from dragoman.lsp.chat_documents.checks import chat_document_diagnostics
from dragoman.lsp.session import Session
from dragoman.lsp.to_proto import json_diagnostic
from dragoman.project.document import Document
from dragoman.syntax.text import Span

if TYPE_CHECKING:
    from dragoman.chat.events import TurnOutcome

MOST_PER_FILE = 200
"""More in one file help nobody, and cost the editor; the worst are told, and at the end of the file how many more."""

_AFTER_THE_SEARCH = "unknown-provider"
"""The rule that needs the definitions of the workspace."""

_SECONDS_OF_QUIET = 0.3
"""How long typing must rest before clients look at the list of agents again."""


class DiagnosticsPublisher:
    """Remembers which documents have changed and publishes when the loop has taken all messages that were there."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._changed: dict[str, None] = {}
        self._published: set[str] = set()
        self._announcement: asyncio.TimerHandle | None = None
        self._announced: tuple[object, ...] | None = None
        self._catalogs: tuple[object, ...] = (built_in_catalog(), built_in_catalog())
        self._told_too_early: set[str] = set()
        """Files of which something was held back that the search for definitions may show to be wrong."""

    def schedule(self, uri: str) -> None:
        """Publish for this document soon."""
        if not self._changed:
            asyncio.get_running_loop().call_soon(self._publish_changed)
        self._changed[uri] = None

    def schedule_all(self) -> None:
        """Publish for all open agent files soon, and withdraw from documents that are none any more."""
        for uri in {*self._session.project.open_files(), *self._published}:
            self.schedule(uri)
        self.schedule_chats()

    def schedule_chats(self) -> None:
        """Publish for all chat documents soon: the agents that they name may be others now."""
        for uri in self._session.project.open_chat_documents():
            self.schedule(uri)

    def schedule_dependents(self) -> None:
        """Publish for all files soon, if agents can name other providers than when this was last asked."""
        project = self._session.project
        catalogs = (project.providers("user"), project.providers("workspace"))
        if catalogs != self._catalogs:
            self._catalogs = catalogs
            self.schedule_all()
        for uri in self._told_too_early:
            self.schedule(uri)
        self._told_too_early.clear()

    def turn_ended(self, outcome: TurnOutcome) -> None:
        """A failed turn is told at the key to blame; a good one withdraws what was said before."""
        uri = self._session.failures.take(self._session.project, outcome)
        if uri is not None:
            self.schedule(uri)

    def clear(self, uri: str) -> None:
        """The document was closed: what was said of it is withdrawn."""
        if uri in self._published:
            self._published.discard(uri)
            self._send(uri, None, [])
        self.announce_agents()

    def announce_agents(self) -> None:
        """Tell a client that knows our extension, after a moment of quiet, if the agents are others than before."""
        if not self._session.client.dragoman:
            return
        if self._announcement is not None:
            self._announcement.cancel()
        self._announcement = asyncio.get_running_loop().call_later(_SECONDS_OF_QUIET, self._announce)

    def _announce(self) -> None:
        agents = tuple(agent_statuses(self._session.project))
        if agents != self._announced:
            self._announced = agents
            self._session.server.notify_raw("dragoman/agentsChanged", {})

    def _publish_changed(self) -> None:
        changed, self._changed = self._changed, {}
        chats = self._session.project.open_chat_documents()
        if not changed.keys() <= {*chats}:
            changed |= dict.fromkeys(chats)
        for uri in changed:
            self._publish(uri)

    def _publish(self, uri: str) -> None:
        project = self._session.project
        document = project.document(uri)
        if document is None:
            return
        if uri not in project.open_files() and not project.is_chat_document(uri):
            self.clear(uri)
            return
        self._published.add(uri)
        found = self._found(document)
        client = self._session.client
        self._send(uri, document.version, [json_diagnostic(document, diagnostic, client) for diagnostic in found])
        self.announce_agents()

    def _found(self, document: Document) -> list[Diagnostic]:
        """What is told of a document."""
        if self._session.project.is_chat_document(document.uri):
            return chat_document_diagnostics(self._session, document, partial(self.schedule, document.uri))
        of_turns = self._session.runtime_diagnostics(document.uri)
        worst = diagnose_worst(self._session.project, document.uri, MOST_PER_FILE - 1 - len(of_turns))
        found = self._certain(document.uri, worst.diagnostics) + of_turns
        if not worst.is_whole:  # what the client has sent meanwhile comes first
            self.schedule(document.uri)
        if worst.left_out:
            message = f"There are {worst.left_out} more problems in this file, none of them worse than these."
            end = Span(len(document.text), len(document.text))
            found.append(Diagnostic("too-many", message, end, Severity.INFORMATION))
        return found

    def _certain(self, uri: str, found: list[Diagnostic]) -> list[Diagnostic]:
        """Without what cannot be known before the workspace was searched: no warning that goes away by itself."""
        if self._session.searched.is_set() or not any(diagnostic.code == _AFTER_THE_SEARCH for diagnostic in found):
            return found
        self._told_too_early.add(uri)
        return [diagnostic for diagnostic in found if diagnostic.code != _AFTER_THE_SEARCH]

    def _send(self, uri: str, version: int | None, diagnostics: list[dict[str, object]]) -> None:
        params: dict[str, object] = {"uri": uri, "diagnostics": diagnostics}
        if version is not None:
            params["version"] = version
        self._session.server.notify_raw(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS, params)
