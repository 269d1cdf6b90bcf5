"""Hover in a chat document: who the agent is, and whether it can be asked."""

from __future__ import annotations

from collections.abc import Sequence

from dragoman.features.agents import AgentStatus
from dragoman.features.chat_document.sending import why_not_usable
from dragoman.features.hover import Hover
from dragoman.syntax.chat_document import ChatDocument
from dragoman.syntax.text import Span


def chat_hover(document: ChatDocument, offset: int, agents: Sequence[AgentStatus]) -> Hover | None:
    """What there is to say of the agent named at `offset`: in the front matter, or in the heading of an answer."""
    name, span = _named_at(document, offset)
    status = next((one for one in agents if one.known.agent.name == name), None)
    return Hover(span, _told(status)) if status else None


def _named_at(document: ChatDocument, offset: int) -> tuple[str, Span]:
    entry = document.front_matter.entry("agent") if document.front_matter else None
    if entry is not None and entry.span.covers(offset):
        return entry.value, entry.value_span
    turn = document.turn_at(offset)
    if turn is not None and turn.role == "agent" and turn.heading is not None and turn.heading.covers(offset):
        return turn.name, turn.heading
    return "", Span(offset, offset)


def _told(status: AgentStatus) -> str:
    agent = status.known.agent
    trust = "" if status.known.is_trusted else "It comes with this workspace: you are asked before it is."
    problems = status.problems[0] if status.is_usable and status.problems else ""
    lines = [
        f"**{agent.name}** *({agent.provider}, {status.host})*",
        agent.description,
        "" if status.is_usable else why_not_usable(status),
        problems,
        trust,
    ]
    return "\n\n".join(line for line in lines if line)
