"""Renaming an agent: its own name, and every place that means it by that name.

Where several agents have one name, the places mean the one that is asked by it. Renaming another one of them changes
its own name alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from dragoman.features.references import Chats, Mention, MentionsInFile, mentions_of, one_line
from dragoman.paths import canonical_uri, uri_of, user_agent_file
from dragoman.project.known_agent import KnownAgent
from dragoman.project.project import Project
from dragoman.syntax.chat_document.front_matter import quoted
from dragoman.syntax.chat_document.parser import YOU
from dragoman.syntax.jsonc import encode_string
from dragoman.syntax.text import TextEdit


@dataclass(frozen=True, slots=True)
class FileEdits:
    """The edits of one file, in order. `text` is what their spans count in."""

    uri: str
    text: str = field(repr=False)
    edits: tuple[TextEdit, ...]


class RenameRefused(ValueError):
    """The agent cannot have this name; the text is a sentence that tells why."""


def rename_agent(project: Project, uri: str, mention: Mention, new_name: str, chats: Chats) -> list[FileEdits]:
    """The edits that give the agent named at `mention` of `uri` another name. Raises `RenameRefused`."""
    asked = project.agent(mention.name) or _by_heading(project, mention)
    renamed = _defined_at(project, uri, mention) if mention.kind == "definition" else asked
    _refuse(project, uri, mention, renamed, new_name)
    assert renamed is not None, "what is not there is refused"
    if new_name == renamed.agent.name:
        return []
    is_asked = asked is not None and _is_same(renamed, asked)
    found = mentions_of(project, renamed.agent.name, chats)
    if renamed.origin == "workspace":  # what the user has beside the workspace is none of its business
        found = (file for file in found if canonical_uri(file.uri) != uri_of(user_agent_file()))
    return list(_edits(found, renamed, new_name, with_references=is_asked))


def _refuse(project: Project, uri: str, mention: Mention, renamed: KnownAgent | None, new_name: str) -> None:
    if renamed is None:
        raise RenameRefused(f"There is no agent “{mention.name}”.")
    if not new_name.strip():
        raise RenameRefused("An agent needs a name.")
    if one_line(new_name).casefold() == YOU.casefold():
        raise RenameRefused(f"No agent can be called “{YOU}”: that is what chat documents call you.")
    if renamed.origin == "user" and canonical_uri(uri) != canonical_uri(renamed.uri):
        raise RenameRefused(f"“{mention.name}” is an agent of your own: rename it in its own file.")
    taken = next((known for known in project.all_agents() if known.agent.name == new_name), None)
    if taken is not None and new_name != renamed.agent.name:
        whose = "You have an agent" if taken.origin == "user" else "There is an agent"
        raise RenameRefused(f"{whose} “{new_name}” already.")


def _edits(
    found: Iterable[MentionsInFile], renamed: KnownAgent, new_name: str, *, with_references: bool
) -> Iterator[FileEdits]:
    for file in found:
        edits = tuple(
            TextEdit(mention.span, _written(mention, new_name))
            for mention in file.mentions
            if (with_references if mention.kind != "definition" else _is_definition_of(renamed, file.uri, mention))
        )
        if edits:
            yield FileEdits(file.uri, file.text, edits)


def _written(mention: Mention, name: str) -> str:
    match mention.kind:
        case "definition" | "flow":
            return encode_string(name)[1:-1]
        case "front matter":
            return quoted(name)
        case "heading":
            return one_line(name)


def _by_heading(project: Project, mention: Mention) -> KnownAgent | None:
    """The agent that a heading means, which may have more blanks in its name, or other cases of letters."""
    if mention.kind != "heading":
        return None
    wanted = mention.name.casefold()
    return next((known for known in project.agents() if one_line(known.agent.name).casefold() == wanted), None)


def _defined_at(project: Project, uri: str, mention: Mention) -> KnownAgent | None:
    return next((known for known in project.all_agents() if _is_definition_of(known, uri, mention)), None)


def _is_definition_of(known: KnownAgent, uri: str, mention: Mention) -> bool:
    is_here = mention.kind == "definition" and canonical_uri(known.uri) == canonical_uri(uri)
    return is_here and known.entry.inside_string("name") == mention.span


def _is_same(one: KnownAgent, other: KnownAgent) -> bool:
    return (one.uri, one.entry.span) == (other.uri, other.entry.span)
