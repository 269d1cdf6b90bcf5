"""The start of a session: what the client can do, where its workspace is, what its settings are."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any, cast

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from dragoman.lsp.agent_search import start_search
from dragoman.lsp.client import read_client
from dragoman.lsp.handlers.diagnostics import DiagnosticsPublisher
from dragoman.lsp.logs import describe
from dragoman.lsp.registrations import register, withhold
from dragoman.lsp.session import Session
from dragoman.paths import path_of
from dragoman.settings import read_settings

SECTION = "dragoman"
PROTOCOL_VERSION = "1"

_log = logging.getLogger("dragoman.lsp")


def initialize(session: Session, publisher: DiagnosticsPublisher, params: types.InitializeParams) -> None:
    """`initialize`. The search for agents begins here, so that a client that never says `initialized` has them too."""
    session.client = read_client(params, session.server.position_encoding)
    session.apply_settings(read_settings(params.initialization_options))
    session.project.set_roots(_roots(params))
    if session.client.pulls_diagnostics:
        import_module("dragoman.lsp.handlers.pull_diagnostics").serve(session, publisher)  # of no use to others
    if session.client.lazy_documentation:
        # For no other: Neovim would put in no snippet before it has asked, and none at all if its user types on.
        session.server.feature(types.COMPLETION_ITEM_RESOLVE)(partial(_resolve_completion, session))
    session.server.experimental_capabilities["dragoman"] = {"version": PROTOCOL_VERSION}
    session.server.withhold = partial(withhold, session)
    start_search(session, publisher)


async def initialized(session: Session, publisher: DiagnosticsPublisher, _params: types.InitializedParams) -> None:
    """`initialized`: tell what is done for which documents, and ask for the settings."""
    register(session)
    if session.client.configuration:
        await fetch_settings(session, publisher)


def _resolve_completion(session: Session, item: types.CompletionItem) -> types.CompletionItem:
    """`completionItem/resolve`; what answers it is imported with the first completion."""
    return import_module("dragoman.lsp.handlers.language").resolve_completion(session, item)


async def did_change_configuration(
    session: Session, publisher: DiagnosticsPublisher, params: types.DidChangeConfigurationParams
) -> None:
    """`workspace/didChangeConfiguration`: the settings are asked for, or taken from what was sent."""
    if session.client.configuration:
        await fetch_settings(session, publisher)
    else:
        sent: object = params.settings
        if isinstance(sent, Mapping):
            take_settings(session, publisher, cast("Mapping[str, Any]", sent).get(SECTION))


async def fetch_settings(session: Session, publisher: DiagnosticsPublisher) -> None:
    """Ask the client for section `dragoman`. One that has none of it leaves the initial options as they are."""
    item = types.ConfigurationItem(section=SECTION)
    try:
        answer = await session.server.workspace_configuration_async(types.ConfigurationParams([item]))
    except JsonRpcException as error:
        _log.warning("the client gives no settings: %s", describe(error))
        return
    if answer:
        take_settings(session, publisher, answer[0])


def take_settings(session: Session, publisher: DiagnosticsPublisher, value: Any) -> None:
    """Take settings, and look again at everything that hangs on them."""
    if not isinstance(value, Mapping):
        return
    before = session.project.settings
    session.apply_settings(read_settings(cast("object", value)))
    publisher.schedule_all()
    publisher.announce_agents()
    if session.project.settings.files != before.files:
        register(session)
        start_search(session, publisher)


async def shutdown(session: Session, _params: None) -> None:
    """`shutdown`: some clients end the process as soon as this is answered, so what is to be kept is written before."""
    await session.aclose()


async def exit_(session: Session, _params: None) -> None:
    """`exit`, however it comes about: the connections to agents are closed."""
    await session.aclose()


def did_change_workspace_folders(
    session: Session, publisher: DiagnosticsPublisher, params: types.DidChangeWorkspaceFoldersParams
) -> None:
    """`workspace/didChangeWorkspaceFolders`."""
    gone = set(_paths(folder.uri for folder in params.event.removed))
    kept = [root for root in session.project.roots if root not in gone]
    session.project.set_roots([*kept, *_paths(folder.uri for folder in params.event.added)])
    start_search(session, publisher)


def _roots(params: types.InitializeParams) -> list[Path]:
    if params.workspace_folders:
        return _paths(folder.uri for folder in params.workspace_folders)
    if params.root_uri:
        return _paths([params.root_uri])
    return [Path(params.root_path)] if params.root_path else []


def _paths(uris: Iterable[str]) -> list[Path]:
    return [path for path in map(path_of, uris) if path is not None]
