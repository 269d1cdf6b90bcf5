"""What is wrong in a chat document before it is sent: warnings, since nothing of it is a fault of the text.

`chat/unknown-agent`, `chat/broken-agent`, `chat/missing-file`, `chat/outside-workspace`, `chat/unknown-conversation`;
docs/chat-documents.md tells of them. Earlier prompts are not looked at: what they were sent with is the past.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from dragoman.features.agents import AgentStatus
from dragoman.features.chat_document.links import Folders, LinkFault, followed_link
from dragoman.features.chat_document.sending import why_not_usable
from dragoman.lint.diagnostic import Diagnostic, Severity
from dragoman.lint.suggest import closest, replacement
from dragoman.syntax.chat_document import ChatDocument, Entry
from dragoman.syntax.chat_document.front_matter import quoted

_MOST_LINKS = 100


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a chat document is checked against.

    `agents`: those that can be chosen, None as long as nobody knows; `is_unknown`: whether a conversation is known not
    to be there.
    """

    agents: Sequence[AgentStatus] | None
    folders: Folders
    is_open: Callable[[Path], bool]
    is_unknown: Callable[[str], bool]


def chat_diagnostics(document: ChatDocument, around: Surroundings) -> list[Diagnostic]:
    """Everything to say about one version, in the order of the text."""
    return [*_of_front_matter(document, around), *_of_links(document, around)]


def _of_front_matter(document: ChatDocument, around: Surroundings) -> Iterator[Diagnostic]:
    entries = document.front_matter.entries if document.front_matter else ()
    for entry in entries:
        if entry.key == "agent" and entry.value and around.agents is not None:
            yield from _of_agent(entry, around.agents)
        if entry.key == "conversation" and entry.value and around.is_unknown(entry.value):
            message = "There is no conversation of that id in the history: a new one begins with the turns above."
            yield Diagnostic("chat/unknown-conversation", message, entry.value_span, Severity.WARNING)


def _of_agent(entry: Entry, agents: Sequence[AgentStatus]) -> Iterator[Diagnostic]:
    status = next((one for one in agents if one.known.agent.name == entry.value), None)
    if status is None:
        names = [one.known.agent.name for one in agents]
        likely = closest(entry.value, names)
        fixes = (replacement(f"Ask {likely}", entry.value_span, quoted(likely)),) if likely else ()
        message = f"There is no agent “{entry.value}”."
        yield Diagnostic("chat/unknown-agent", message, entry.value_span, Severity.WARNING, fixes)
    elif not status.is_usable:
        yield Diagnostic("chat/broken-agent", why_not_usable(status), entry.value_span, Severity.WARNING)


def _of_links(document: ChatDocument, around: Surroundings) -> Iterator[Diagnostic]:
    for link in document.prompt.links[:_MOST_LINKS] if document.prompt else ():
        found = followed_link(link.path, around.folders, around.is_open)
        if isinstance(found, LinkFault):
            code = "chat/outside-workspace" if found is LinkFault.OUTSIDE else "chat/missing-file"
            yield Diagnostic(code, f"“{link.path}” {found}.", link.path_span, Severity.WARNING)
