"""From a question in a chat document to a turn that can be started: whom to ask, and which files go along."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from lsprotocol import types
from pygls.exceptions import JsonRpcException, JsonRpcInvalidParams

from dragoman.chat.history.history import HistoryError
from dragoman.chat.sessions import new_id
from dragoman.features.agents import agent_statuses
from dragoman.features.chat_document.links import Folders, LinkFault, folders_of, followed_link
from dragoman.features.chat_document.sending import Question, agent_for, why_not
from dragoman.lsp.chat_documents.earlier import state_before
from dragoman.lsp.prompt_params import ContextItem, PromptParams
from dragoman.lsp.session import Session
from dragoman.lsp.turn_request import Prepared, prepare
from dragoman.paths import uri_of
from dragoman.project.project import Project
from dragoman.syntax.chat_document import ChatDocument, Link


@dataclass(frozen=True, slots=True)
class Asked:
    """A question on its way: what stood in the document when it was sent."""

    uri: str
    document: ChatDocument
    question: Question
    prepared: Prepared

    @property
    def turn_id(self) -> str:
        """The turn's, and the answer's in the document."""
        return self.prepared.turn_id


def ask(session: Session, uri: str, document: ChatDocument, question: Question, agent: str | None) -> Asked:
    """Take the question and the files that it links to as they are now.

    Raises JsonRpcInvalidParams for a link that cannot be followed: nothing is sent then.
    """
    if agent is None and question.answer is not None:
        agent = question.answer.name
    context = tuple(_context(session.project, uri, question.prompt.links))
    params = PromptParams(agent or document.agent, question.prompt.text, context=context)
    return Asked(uri, document, question, prepare(session, params))


async def ready(session: Session, asked: Asked) -> Prepared:
    """The same once the agents and the earlier turns are known."""
    await session.searched.wait()
    prepared = asked.prepared
    params = prepared.params
    if not params.agent:
        agents = agent_statuses(session.project)
        params = replace(params, agent=agent_for(asked.document, agents))
        if not params.agent:
            raise JsonRpcInvalidParams(why_not("", agents))
    named = asked.document.conversation_id or _conversation_by_now(session, asked)
    params = replace(params, conversation_id=named or new_id())
    try:
        state = await state_before(session.sessions, params.conversation_id or "", asked.question.above)
    except HistoryError as error:
        raise JsonRpcException(str(error), types.LSPErrorCodes.RequestFailed.value) from error
    return replace(prepared, params=params, state=state)


def _conversation_by_now(session: Session, asked: Asked) -> str:
    """Which conversation the document is: the turn before this one may have ended right now."""
    document = session.project.chat_document(asked.uri)
    return document.conversation_id if document else ""


def _context(project: Project, uri: str, links: tuple[Link, ...]) -> Iterator[ContextItem]:
    folders = folders_of(project.roots, uri)
    for link in links:
        path = _linked(project, link, folders)
        opened = project.document_at(path)
        lines = link.lines
        range_ = types.Range(types.Position(lines[0] - 1, 0), types.Position(lines[1], 0)) if lines else None
        yield ContextItem("file", opened.uri if opened else uri_of(path), range_)


def _linked(project: Project, link: Link, folders: Folders) -> Path:
    found = followed_link(link.path, folders, lambda path: project.document_at(path) is not None)
    if isinstance(found, LinkFault):
        raise JsonRpcInvalidParams(f"Nothing was sent: “{link.path}” {found}.")
    return found
