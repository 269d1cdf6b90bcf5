"""Where agents are named: in their own files, in the flows of others, in chat documents.

All spans are those of the name itself, without the quotes around it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from dragoman.project.agent_file import AgentEntry, AgentFile
from dragoman.project.project import Project
from dragoman.syntax.chat_document import ChatDocument, Turn
from dragoman.syntax.text import Span

MentionKind: TypeAlias = Literal["definition", "flow", "front matter", "heading"]

Chats: TypeAlias = Mapping[str, ChatDocument]
"""Chat documents by URI: open ones as the editor has them, the others as the disk has them."""


@dataclass(frozen=True, slots=True)
class Mention:
    """One place where an agent is named. In front matter, the quotes that are there belong to the span."""

    name: str
    span: Span
    kind: MentionKind


@dataclass(frozen=True, slots=True)
class MentionsInFile:
    """The places in one file, in order. `text` is what their spans count in."""

    uri: str
    text: str = field(repr=False)
    mentions: tuple[Mention, ...]


def mention_at(file: AgentFile, offset: int) -> Mention | None:
    """The name of an agent under a caret in an agent file."""
    entry = next((entry for entry in file.entries() if entry.span.covers(offset)), None)
    found = _of_entry(entry) if entry else ()
    return next((mention for mention in found if mention.span.covers(offset)), None)


def mention_in_chat_at(document: ChatDocument, offset: int) -> Mention | None:
    """The name of an agent under a caret in a chat document."""
    return next((mention for mention in _in_chat(document) if mention.span.covers(offset)), None)


def mentions_in_file(file: AgentFile, name: str) -> list[Mention]:
    """Where an agent is named in one agent file."""
    entries = (entry for entry in file.entries() if name in (entry.agent.name, entry.agent.flow_next))
    return [mention for entry in entries for mention in _of_entry(entry) if mention.name == name]


def mentions_in_chat(document: ChatDocument, name: str) -> list[Mention]:
    """Where an agent is named in one chat document. Headings hold names on one line, and in any case of letters."""
    return [mention for mention in _in_chat(document) if is_same_name(mention, name)]


def mentions_of(project: Project, name: str, chats: Chats) -> Iterator[MentionsInFile]:
    """Where an agent is named in all the files that are known."""
    for uri in project.agent_file_uris():
        file = project.agent_file(uri)
        if file is not None and (found := mentions_in_file(file, name)):
            yield MentionsInFile(uri, file.text, tuple(found))
    for uri, chat in chats.items():
        if found := mentions_in_chat(chat, name):
            yield MentionsInFile(uri, chat.text, tuple(found))


def is_same_name(mention: Mention, name: str) -> bool:
    """Whether an agent of this name is meant."""
    return mention.name == name or (mention.kind == "heading" and mention.name.casefold() == one_line(name).casefold())


def one_line(name: str) -> str:
    """A name as headings of chat documents have it."""
    return " ".join(name.split())


def _of_entry(entry: AgentEntry) -> Iterator[Mention]:
    places: tuple[tuple[str, Span | None, MentionKind], ...] = (
        (entry.agent.name, entry.inside_string("name"), "definition"),
        (entry.agent.flow_next, entry.inside_string("flow", "next"), "flow"),
    )
    found = [Mention(name, span, kind) for name, span, kind in places if name and span]
    return iter(sorted(found, key=lambda mention: mention.span.start))


def _in_chat(document: ChatDocument) -> Iterator[Mention]:
    entry = document.front_matter.entry("agent") if document.front_matter else None
    if entry is not None and entry.value:
        yield Mention(entry.value, entry.value_span, "front matter")
    for turn in document.turns:
        if turn.role == "agent" and turn.heading is not None:
            yield Mention(turn.name, _name_in_heading(document.text, turn, turn.heading), "heading")


def _name_in_heading(text: str, turn: Turn, heading: Span) -> Span:
    start = text.index(turn.name, heading.start + len("##"))
    return Span(start, start + len(turn.name))
