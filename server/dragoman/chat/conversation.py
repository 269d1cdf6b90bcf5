"""What a conversation holds between its turns. Frozen: a turn reads one state, its end makes the next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from dragoman.agents.model import Agent
from dragoman.agents.provider import ProviderDefinition

ConversationValue: TypeAlias = str | int


@dataclass(frozen=True, slots=True)
class PastTurn:
    """One prompt and what was answered. `failed`: the turn ended in an error or was stopped."""

    prompt: str
    answer: str
    failed: bool = False


@dataclass(frozen=True, slots=True)
class Learned:
    """Values that the agent named and wants back, such as its conversation's id: from extraction to the state."""

    values: Mapping[str, ConversationValue]


@dataclass(frozen=True, slots=True)
class Conversation:
    """`session_id` is ours and stays; `values` are the agents', by the name of the agent that gave them."""

    id: str
    session_id: str
    turns: tuple[PastTurn, ...] = ()
    values: Mapping[str, Mapping[str, ConversationValue]] = field(
        default_factory=dict[str, Mapping[str, ConversationValue]]
    )

    @property
    def messages(self) -> tuple[PastTurn, ...]:
        """The turns that later messages tell of: one that failed without a word is left out, its prompt included."""
        return tuple(turn for turn in self.turns if turn.answer or not turn.failed)

    def values_of(self, agent: str) -> Mapping[str, ConversationValue]:
        """What this agent has named so far; what another agent named is none of its business."""
        return self.values.get(agent, {})

    def after(self, turn: PastTurn, agent: str, learned: Mapping[str, ConversationValue]) -> Conversation:
        """The state once `turn` is over."""
        values = {**self.values, agent: {**self.values_of(agent), **learned}}
        return replace(self, turns=(*self.turns, turn), values=values)


@dataclass(frozen=True, slots=True)
class PromptContext:
    """What the editor adds to a prompt; "" for what is not there."""

    selection: str = ""
    language: str = ""
    file_path: str = ""
    file_name: str = ""


NO_CONTEXT = PromptContext()


@dataclass(frozen=True, slots=True)
class TurnInput:
    """Everything that a turn starts from; it keeps it to its end."""

    agent: Agent
    provider: ProviderDefinition
    prompt: str
    conversation: Conversation
    context: PromptContext = NO_CONTEXT
