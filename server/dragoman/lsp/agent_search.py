"""Looking for the agent files of the workspace, off the event loop. Whoever needs the agents waits meanwhile."""

from __future__ import annotations

import asyncio

from dragoman.lsp.handlers.diagnostics import DiagnosticsPublisher
from dragoman.lsp.session import Session
from dragoman.lsp.warm_up import warm_up
from dragoman.project.disk import read_agent_files


def start_search(session: Session, publisher: DiagnosticsPublisher) -> None:
    """Search the workspace's folders, for the first time or anew; of several searches the last one counts."""
    session.searched.clear()
    session.searches += 1
    session.background(_search(session, publisher, session.searches))


async def _search(session: Session, publisher: DiagnosticsPublisher, number: int) -> None:
    try:
        files = await asyncio.to_thread(read_agent_files, session.project.roots, session.project.settings.files)
        if number == session.searches:
            session.project.take_files(files)
    finally:
        if number == session.searches:
            session.searched.set()
    publisher.agent_files_read()
    publisher.schedule_dependents()
    publisher.schedule_chats()
    publisher.files_changed()
    publisher.announce_agents()
    await warm_up(session)
