"""What can be done in a chat document: send, stop, ask again, use a block of an answer.

As code actions where the caret is, and as code lenses above what they are about. Each is a command, without the
document, which whoever offers it adds.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from dragoman.features.agents import AgentStatus
from dragoman.features.chat_document.sending import agent_for, answered, why_not
from dragoman.syntax.chat_document import Block, ChatDocument, Turn
from dragoman.syntax.text import Span

SEND, STOP, APPLY = "dragoman.send", "dragoman.stop", "dragoman.apply"

_MOST_OTHERS = 5
"""Other agents that an answer's question is offered to."""


@dataclass(frozen=True, slots=True)
class ChatAction:
    """One action. `span` is what it is about; `disabled` says why it cannot be done now."""

    title: str
    command: str
    span: Span
    argument: Mapping[str, object] = field(default_factory=dict[str, object])
    disabled: str | None = None


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Where the user was last in another document: `name` is for people, `argument` for `dragoman.apply`."""

    name: str
    is_selection: bool
    argument: Mapping[str, object]


def actions_at(
    document: ChatDocument,
    span: Span,
    agents: Sequence[AgentStatus],
    running: str | None,
    elsewhere: Elsewhere | None = None,
) -> Iterator[ChatAction]:
    """What can be done at a caret, the likeliest first. `running`: the turn that is being answered here.

    `elsewhere`: where a block of an answer could go.
    """
    at = document.turn_at(span.end)
    if running is not None:
        yield _stop(document, running)
    elif document.prompt is not None and (at is None or at is document.prompt):
        yield _send(document, document.prompt, agents)
    for question in answered(document):
        if running is None and question.answer and at in (question.prompt, question.answer):
            yield from _again(question.answer, agents)
    block = next((one for one in at.blocks if one.span.covers(span.end)), None) if at else None
    if at is not None and at.role == "agent" and block is not None and block.text:
        yield from _apply(block, elsewhere)


def lenses(document: ChatDocument, agents: Sequence[AgentStatus], running: str | None) -> Iterator[ChatAction]:
    """What is shown above the turns."""
    if running is not None:
        yield _stop(document, running)
        return
    for question in answered(document):
        if question.answer is not None:
            yield next(_again(question.answer, ()))
    if document.prompt is not None:
        yield _send(document, document.prompt, agents)


def _send(document: ChatDocument, prompt: Turn, agents: Sequence[AgentStatus]) -> ChatAction:
    name = agent_for(document, agents)
    title = f"Send to {name}" if name else "Send"
    return ChatAction(title, SEND, prompt.heading or prompt.content, disabled=why_not(name, agents) or None)


def _stop(document: ChatDocument, running: str) -> ChatAction:
    turn = document.answer(running) or (document.turns[-1] if document.turns else None)
    span = turn.heading or turn.content if turn else Span(0, 0)
    return ChatAction(f"Stop {turn.name}".rstrip() if turn else "Stop", STOP, span, {"turnId": running})


def _again(answer: Turn, agents: Sequence[AgentStatus]) -> Iterator[ChatAction]:
    span, argument = answer.heading or answer.content, {"turnId": answer.answer_id}
    yield ChatAction("Ask again", SEND, span, argument)
    others = [one.known.agent.name for one in agents if one.is_usable and one.known.agent.name != answer.name]
    for other in others[:_MOST_OTHERS]:
        yield ChatAction(f"Ask again: {other}", SEND, span, {**argument, "agent": other})


def _apply(block: Block, elsewhere: Elsewhere | None) -> Iterator[ChatAction]:
    """The block as it stands here: it may have been edited, and its turn be known to nobody but this document."""
    which = f"block {block.number}" + (f" ({block.language})" if block.language else "")
    argument = {"text": block.text, "languageId": block.language}
    if elsewhere is not None and elsewhere.is_selection:
        target = {"target": "replaceSelection", **elsewhere.argument}
        yield ChatAction(f"Apply {which} to the selection in {elsewhere.name}", APPLY, block.span, argument | target)
    elif elsewhere is not None:
        target = {"target": "insert", **elsewhere.argument}
        yield ChatAction(f"Insert {which} at {elsewhere.name}", APPLY, block.span, argument | target)
    yield ChatAction(f"Save {which} as a new file", APPLY, block.span, {**argument, "target": "newFile"})
