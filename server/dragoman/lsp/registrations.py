"""What is answered for our own documents only: clients that can be told so are, and ask about no others.

Elsewhere nothing of ours competes then: no second formatter, no completion at each dot of a program. Any other client
is told at the start, and asks about all documents; it gets `null` for those that are not ours.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

import attrs
from lsprotocol import types

from dragoman.lsp.language_options import CHAT_TRIGGERS, TRIGGERS
from dragoman.lsp.session import Session
from dragoman.project.recognise import (
    CHAT_LANGUAGE_ID,
    CHAT_SUFFIX,
    DEFINITIONS,
    LANGUAGE_ID,
    NAMES,
    USER_DEFINITIONS,
)

AGENTS, CHATS = "agents", "chats"
"""Kinds of documents: agent files and the definitions of providers, and chat documents."""

_NAMED_OTHERWISE = {"formatting": "document_formatting", "range_formatting": "document_range_formatting"}
_WATCH = types.WORKSPACE_DID_CHANGE_WATCHED_FILES


@dataclass(frozen=True, slots=True)
class Offer:
    """What the server does for some kinds of documents."""

    method: str
    section: str
    """Of `textDocument` in the client's capabilities: there it says whether it can be told later."""
    documents: tuple[str, ...]
    options: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """What is not as it is told at the start."""

    @property
    def capability(self) -> str:
        """The field of the server's capabilities."""
        return f"{_NAMED_OTHERWISE.get(self.section, self.section)}_provider"


OFFERS = (
    Offer(types.TEXT_DOCUMENT_COMPLETION, "completion", (AGENTS,), {"trigger_characters": TRIGGERS}),
    Offer(types.TEXT_DOCUMENT_COMPLETION, "completion", (CHATS,), {"trigger_characters": CHAT_TRIGGERS}),
    Offer(types.TEXT_DOCUMENT_HOVER, "hover", (AGENTS, CHATS)),
    Offer(types.TEXT_DOCUMENT_DIAGNOSTIC, "diagnostic", (AGENTS, CHATS)),
    Offer(types.TEXT_DOCUMENT_DEFINITION, "definition", (AGENTS, CHATS)),
    Offer(types.TEXT_DOCUMENT_REFERENCES, "references", (AGENTS, CHATS)),
    Offer(types.TEXT_DOCUMENT_DOCUMENT_HIGHLIGHT, "document_highlight", (AGENTS, CHATS)),
    Offer(types.TEXT_DOCUMENT_RENAME, "rename", (AGENTS, CHATS)),
    Offer(types.TEXT_DOCUMENT_DOCUMENT_LINK, "document_link", (AGENTS, CHATS)),
    Offer(types.TEXT_DOCUMENT_CODE_LENS, "code_lens", (AGENTS, CHATS)),
    Offer(types.TEXT_DOCUMENT_DOCUMENT_SYMBOL, "document_symbol", (AGENTS,)),
    Offer(types.TEXT_DOCUMENT_FOLDING_RANGE, "folding_range", (AGENTS,)),
    Offer(types.TEXT_DOCUMENT_SELECTION_RANGE, "selection_range", (AGENTS,)),
    Offer(types.TEXT_DOCUMENT_FORMATTING, "formatting", (AGENTS,)),
    Offer(types.TEXT_DOCUMENT_RANGE_FORMATTING, "range_formatting", (AGENTS,)),
    Offer(types.TEXT_DOCUMENT_INLAY_HINT, "inlay_hint", (AGENTS,)),
    Offer(types.TEXT_DOCUMENT_SEMANTIC_TOKENS_FULL, "semantic_tokens", (AGENTS,)),
)
"""Not here: code actions, which ask about a selection in any file, and what is about no document."""


def withhold(session: Session, capabilities: types.ServerCapabilities) -> None:
    """Take out of what the client is told at the start what it can be told later."""
    for offer in OFFERS:
        told = getattr(capabilities, offer.capability)
        if told and offer.section in session.client.dynamic:
            session.told_later[offer.section] = told
            setattr(capabilities, offer.capability, None)


def register(session: Session) -> None:
    """Tell the client what was withheld, and which files to watch; again when the setting `files` has changed."""
    if session.registered:
        gone = [types.Unregistration(one.id, one.method) for one in session.registered]
        session.server.client_unregister_capability(types.UnregistrationParams(gone), None)
    session.registered = tuple(_registrations(session))
    if session.registered:
        session.server.client_register_capability(types.RegistrationParams(session.registered), None)


def _registrations(session: Session) -> Iterator[types.Registration]:
    globs = tuple(_agent_globs(session.project.settings.files))
    if session.client.dynamic_watching:
        watchers = [types.FileSystemWatcher(glob) for glob in globs]
        options = types.DidChangeWatchedFilesRegistrationOptions(watchers)
        yield types.Registration("dragoman-watched-files", _WATCH, options)
    for offer in OFFERS:
        if offer.section in session.told_later:
            id_ = "-".join(("dragoman", offer.section, *offer.documents))
            options = _options(offer, session.told_later[offer.section], list(_selector(offer, globs)))
            yield types.Registration(id_, _registered_as(offer.method), options)


def _options(offer: Offer, told: Any, selector: types.DocumentSelector) -> Any:
    """What would have been told at the start as the options of a registration."""
    kind: Any = types.METHOD_TO_TYPES[offer.method][3]
    fields = () if told is True else attrs.fields(cast("type[attrs.AttrsInstance]", type(told)))
    as_told = {one.name: getattr(told, one.name) for one in fields}
    return kind(**{**as_told, **offer.options, "document_selector": selector})


def _registered_as(method: str) -> str:
    return "textDocument/semanticTokens" if method == types.TEXT_DOCUMENT_SEMANTIC_TOKENS_FULL else method


def _selector(offer: Offer, agent_globs: Iterable[str]) -> Iterator[types.TextDocumentFilter]:
    if AGENTS in offer.documents:
        yield types.TextDocumentFilterLanguage(LANGUAGE_ID)
        for glob in (*agent_globs, *(f"**/{glob}" for glob in USER_DEFINITIONS)):
            yield types.TextDocumentFilterPattern(glob)
    if CHATS in offer.documents:
        yield types.TextDocumentFilterLanguage(CHAT_LANGUAGE_ID)
        yield types.TextDocumentFilterPattern(f"**/*{CHAT_SUFFIX}")


def _agent_globs(more: Iterable[str]) -> Iterator[str]:
    """Of agent files and definitions, wherever they are: so they count in the settings too."""
    for glob in (*NAMES, *(f"{name}c" for name in NAMES), *DEFINITIONS, *more):
        yield f"**/{glob.removeprefix('/').removeprefix('**/')}"
