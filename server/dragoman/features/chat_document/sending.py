"""What a chat document asks: the question that is meant, what stands above it, and whom it is for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dragoman.features.agents import AgentStatus
from dragoman.syntax.chat_document import ChatDocument, Turn


@dataclass(frozen=True, slots=True)
class Question:
    """A question, and the turns above it, oldest first. `answer`: the one that the new answer takes the place of."""

    prompt: Turn
    above: tuple[Turn, ...]
    answer: Turn | None = None


def question_at(document: ChatDocument, offset: int | None = None, answer_id: str | None = None) -> Question | None:
    """The question that is meant; None if there is nothing to ask.

    That is the one of the answer `answer_id`, else the answered one at `offset`, else the last turn.
    """
    if answer_id is not None:
        return next((one for one in answered(document) if one.answer and one.answer.answer_id == answer_id), None)
    at = document.turn_at(offset) if offset is not None else None
    asked = next((one for one in answered(document) if one.prompt is at), None)
    if asked is not None:
        return asked
    return Question(document.prompt, document.turns[:-1]) if document.prompt else None


def answered(document: ChatDocument) -> Iterator[Question]:
    """The questions that have an answer whose marks are there, each with it."""
    asked: int | None = None
    for index, turn in enumerate(document.turns):
        if turn.role == "user":
            asked = index if turn.text else asked
        elif asked is not None and turn.answer_id is not None:
            yield Question(document.turns[asked], document.turns[:asked], turn)


def agent_for(document: ChatDocument, agents: Sequence[AgentStatus]) -> str:
    """The agent that the document names, else the only one that can be asked; "" where that is open."""
    usable = [status.known.agent.name for status in agents if status.is_usable]
    return document.agent or (usable[0] if len(usable) == 1 else "")


def why_not(name: str, agents: Sequence[AgentStatus]) -> str:
    """Why the agent cannot be asked, as a sentence; "" if it can."""
    if not name:
        return "Name the agent: put “agent: …” between two lines of “---” at the top of the document."
    status = next((one for one in agents if one.known.agent.name == name), None)
    if status is None:
        return f"There is no agent “{name}”."
    return "" if status.is_usable else why_not_usable(status)


def why_not_usable(status: AgentStatus) -> str:
    """What is wrong with an agent that cannot be asked, as a sentence."""
    name = status.known.agent.name
    if not status.known.agent.enabled:
        return f"“{name}” is switched off."
    return f"“{name}” cannot be asked: {status.problems[0] if status.problems else 'its description has errors.'}"
