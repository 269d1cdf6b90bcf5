"""What the user is asked before the first prompt to an agent of the workspace. No value of a reference is in it."""

from __future__ import annotations

from collections.abc import Sequence

from dragoman.agents.address import shown_url
from dragoman.paths import path_of
from dragoman.project.known_agent import KnownAgent
from dragoman.project.trust import references_of
from dragoman.syntax.printable import printable

_LONGEST_LINE = 300


def trust_question(known: KnownAgent, context: Sequence[str] = ()) -> str:
    """The question: one line that asks, an empty one, and one for each thing that the user should know.

    `context` names what is added to the prompt that is to be sent.
    """
    agent, references = known.agent, references_of(known.agent, known.definition)
    added = f"; now also {', '.join(context)}" if context else ""
    lines = [
        f"Allow prompts to “{agent.name}”, an agent that comes with this workspace?",
        "",
        f"Address: {shown_url(agent.url)}",
        f"It gets: your prompts, what came before in their conversation, and the context that you add{added}",
        *([f"The workspace also says how: it defines the provider “{agent.provider}”"] if known.definition else []),
        *([f"Resolved for it: {', '.join(references)}"] if references else []),
        f"Described in: {path_of(known.uri) or known.uri}",
    ]
    return "\n".join(map(_line, lines))


def _line(text: str) -> str:
    """`text` as one line that shows what it is: no name can begin a line of its own or turn the text around."""
    shown = printable(text)
    return shown if len(shown) <= _LONGEST_LINE else f"{shown[: _LONGEST_LINE - 1]}…"
