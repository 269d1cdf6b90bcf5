"""Publishing diagnostics, once for all changes that have arrived, and telling that the agents have changed.

A client that asks for diagnostics by itself (`pull_diagnostics.py`) is sent none: it is told to ask again, where what
it was told of a version is not true any more.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Collection
from functools import partial
from hashlib import blake2b
from typing import TYPE_CHECKING

from lsprotocol import types

from dragoman.agents.catalog import built_in_catalog
from dragoman.features.agents import agent_statuses, diagnose_worst, standing_in
from dragoman.lint.diagnostic import Diagnostic, Severity
from dragoman.lint.kept import Patience
from dragoman.lint.runner import STEP
from dragoman.lint.surroundings import Standing
from dragoman.lsp.chat_documents.checks import chat_document_diagnostics
from dragoman.lsp.session import Session
from dragoman.lsp.to_proto import json_diagnostic
from dragoman.project.document import Document
from dragoman.syntax.text import Span

if TYPE_CHECKING:
    from dragoman.chat.events import TurnOutcome

MOST_PER_FILE = 200
"""More in one file help nobody, and cost the editor; the worst are told, and at the end of the file how many more."""

_AFTER_THE_SEARCH = frozenset({"unknown-provider", "flow-next"})
"""The rules that need the definitions or the agents of the workspace."""

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
        self._standings: dict[str, Standing] = {}
        """What other files may have to do with the agents of each, when that was last looked at."""
        self.told: dict[str, tuple[int, str]] = {}
        """What a client that asks was told of open documents since it was last told to ask: version and result."""
        self.has_told_of_workspace = False
        """Whether it has asked about all files since then."""

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
        self.files_changed()

    def files_changed(self) -> None:
        """What is to be said of files that nobody has open may be something else now."""
        if self.has_told_of_workspace:
            self._ask_to_pull()

    def trust_changed(self) -> None:
        """An agent of the workspace may be asked, or may not any more."""
        self.schedule_chats()
        self.announce_agents()

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

    def agents_differ(self, uris: Collection[str]) -> bool:
        """Whether the agents of these files have other names than when this was last asked."""
        project = self._session.project
        standings = {uri: standing_in(project, uri) for uri in uris}
        known = {uri: self._standings.get(uri, ()) for uri in uris}
        self._standings.update(standings)
        return standings != known

    def agent_files_read(self) -> None:
        """Agent files were read from the disk: what is said of open ones may hang on the others."""
        project = self._session.project
        if self.agents_differ({*project.agent_file_uris(), *self._standings}):
            for uri in project.open_agent_files():
                self.schedule(uri)

    def turn_ended(self, outcome: TurnOutcome) -> None:
        """A failed turn is told at the key to blame; a good one withdraws what was said before."""
        uri = self._session.failures.take(self._session.project, outcome)
        if uri is not None:
            self.schedule(uri)
            self.files_changed()

    def clear(self, uri: str) -> None:
        """The document was closed: what was said of it is withdrawn."""
        self.told.pop(uri, None)
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
        patience = Patience(STEP)
        agents = tuple(agent_statuses(self._session.project, patience))
        if agents != self._announced:
            self._announced = agents
            self._session.server.notify_raw("dragoman/agentsChanged", {})
        if not patience.was_enough:
            self.announce_agents()

    def _publish_changed(self) -> None:
        changed, self._changed = self._changed, {}
        project = self._session.project
        chats = project.open_chat_documents()
        if not changed.keys() <= {*chats}:
            changed |= dict.fromkeys(chats)
        for uri in changed:
            self._publish(uri)
        if self.agents_differ(changed.keys()):
            self.files_changed()
            for uri in project.open_agent_files():
                if uri not in changed:
                    self.schedule(uri)

    def _publish(self, uri: str) -> None:
        project = self._session.project
        document = project.document(uri)
        if document is None:
            return
        if uri not in project.open_files() and not project.is_chat_document(uri):
            if uri in self.told:
                self._ask_to_pull()
            self.clear(uri)
            return
        if self._session.client.pulls_diagnostics:
            self._check_what_was_told(document)
        else:
            self._published.add(uri)
            self._send(uri, document.version, self.found(document)[0])
        self.announce_agents()

    def _check_what_was_told(self, document: Document) -> None:
        """Have the client ask again if it was told something else of this version; it asks about a new one anyway."""
        version, result = self.told.get(document.uri, (None, ""))
        if version == document.version and result_id(self.found(document)[0]) != result:
            self._ask_to_pull()

    def _ask_to_pull(self) -> None:
        self.told.clear()
        self.has_told_of_workspace = False
        self._session.server.workspace_diagnostic_refresh(None)

    def found(self, document: Document) -> tuple[list[dict[str, object]], bool]:
        """What is to be said of a document as plain JSON, and whether that is all; if not, it is asked for again."""
        found, is_whole = self._found(document)
        return [json_diagnostic(document, diagnostic, self._session.client) for diagnostic in found], is_whole

    def _found(self, document: Document) -> tuple[list[Diagnostic], bool]:
        if self._session.project.is_chat_document(document.uri):
            return chat_document_diagnostics(self._session, document, partial(self.schedule, document.uri)), True
        of_turns = self._session.runtime_diagnostics(document.uri)
        worst = diagnose_worst(self._session.project, document.uri, MOST_PER_FILE - 1 - len(of_turns))
        found = self._certain(document.uri, worst.diagnostics) + of_turns
        if not worst.is_whole:  # what the client has sent meanwhile comes first
            self.schedule(document.uri)
        if worst.left_out:
            message = f"There are {worst.left_out} more problems in this file, none of them worse than these."
            end = Span(len(document.text), len(document.text))
            found.append(Diagnostic("too-many", message, end, Severity.INFORMATION))
        return found, worst.is_whole

    def _certain(self, uri: str, found: list[Diagnostic]) -> list[Diagnostic]:
        """Without what cannot be known before the workspace was searched: no warning that goes away by itself."""
        if self._session.searched.is_set() or not any(diagnostic.code in _AFTER_THE_SEARCH for diagnostic in found):
            return found
        self._told_too_early.add(uri)
        return [diagnostic for diagnostic in found if diagnostic.code not in _AFTER_THE_SEARCH]

    def _send(self, uri: str, version: int | None, diagnostics: list[dict[str, object]]) -> None:
        params: dict[str, object] = {"uri": uri, "diagnostics": diagnostics}
        if version is not None:
            params["version"] = version
        self._session.server.notify_raw(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS, params)


def result_id(diagnostics: list[dict[str, object]]) -> str:
    """What stands for these diagnostics: the same for the same."""
    return blake2b(json.dumps(diagnostics).encode(), digest_size=12).hexdigest()
