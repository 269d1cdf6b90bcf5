"""Publishing diagnostics, once for all changes that have arrived, and telling that the agents have changed."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from lsprotocol import types

from dragoman.agents.catalog import built_in_catalog
from dragoman.features.agents import agent_statuses, diagnose
from dragoman.lsp.session import Session
from dragoman.lsp.to_proto import json_diagnostic

if TYPE_CHECKING:
    from dragoman.chat.events import TurnOutcome

MOST_PER_FILE = 200
"""More in one file help nobody, and cost the editor; the worst are told."""

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

    def schedule(self, uri: str) -> None:
        """Publish for this document soon."""
        if not self._changed:
            asyncio.get_running_loop().call_soon(self._publish_changed)
        self._changed[uri] = None

    def schedule_all(self) -> None:
        """Publish for all open agent files soon, and withdraw from documents that are none any more."""
        for uri in {*self._session.project.open_files(), *self._published}:
            self.schedule(uri)

    def schedule_dependents(self) -> None:
        """Publish for all files soon, if agents can name other providers than when this was last asked."""
        project = self._session.project
        catalogs = (project.providers("user"), project.providers("workspace"))
        if catalogs != self._catalogs:
            self._catalogs = catalogs
            self.schedule_all()

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
        for uri in changed:
            self._publish(uri)

    def _publish(self, uri: str) -> None:
        project = self._session.project
        document = project.document(uri)
        if document is None:
            return
        if uri not in project.open_files():
            self.clear(uri)
            return
        self._published.add(uri)
        found = diagnose(project, uri) + self._session.runtime_diagnostics(uri)
        if len(found) > MOST_PER_FILE:
            found = sorted(found, key=lambda diagnostic: diagnostic.severity)[:MOST_PER_FILE]
        client = self._session.client
        self._send(uri, document.version, [json_diagnostic(document, diagnostic, client) for diagnostic in found])
        self.announce_agents()

    def _send(self, uri: str, version: int | None, diagnostics: list[dict[str, object]]) -> None:
        params: dict[str, object] = {"uri": uri, "diagnostics": diagnostics}
        if version is not None:
            params["version"] = version
        self._session.server.notify_raw(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS, params)
