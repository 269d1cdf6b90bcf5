"""What is said of a chat document as diagnostics, as far as it is known by now."""

from __future__ import annotations

from collections.abc import Callable

from dragoman.features.agents import agent_statuses
from dragoman.features.chat_document.diagnostics import Surroundings, chat_diagnostics
from dragoman.features.chat_document.links import folders_of
from dragoman.lint.diagnostic import Diagnostic
from dragoman.lint.runner import with_severities
from dragoman.lsp.session import Session
from dragoman.project.document import Document

LONGEST = 1 << 18
"""Characters; a longer document is not looked at, since that would be with every key."""


def chat_document_diagnostics(
    session: Session, document: Document, when_known: Callable[[], None] = lambda: None
) -> list[Diagnostic]:
    """Everything to say about one version. `when_known` is called once there may be more to say."""
    if len(document.text) > LONGEST:
        return []
    project = session.project

    def is_unknown(conversation_id: str) -> bool:
        is_there = session.conversations_there.get(conversation_id)
        if is_there is None:
            session.background(_look_up(session, conversation_id, when_known))
        return is_there is False

    around = Surroundings(
        agents=agent_statuses(project) if session.searched.is_set() else None,
        folders=folders_of(project.roots, document.uri),
        is_open=lambda path: project.document_at(path) is not None,
        is_unknown=is_unknown,
    )
    return with_severities(chat_diagnostics(document.chat, around), project.settings.rules)


async def _look_up(session: Session, conversation_id: str, when_known: Callable[[], None]) -> None:
    """Find out whether there is a conversation of that id. Without a history, nobody knows."""
    from dragoman.chat.history.history import HistoryError
    from dragoman.chat.sessions import is_ours

    is_there = not session.project.settings.history.enabled or session.sessions.conversation(conversation_id).last
    if not is_there and is_ours(conversation_id):
        try:
            is_there = await session.history.restored(conversation_id)
        except HistoryError:
            is_there = True  # what cannot be read may well be there; prompts tell of a history that is broken
    if session.conversations_there.setdefault(conversation_id, bool(is_there)) is False:
        when_known()
