"""What a conversation holds between its turns. Frozen: a turn reads one state, its end makes the next.

Each turn knows the one before it and no list of them all: so every state can be gone on from, an older one too, and
what branches have in common is there once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from dragoman.agents.model import Agent, JsonValue
from dragoman.agents.provider import ProviderDefinition

ConversationValue: TypeAlias = str | int
AgentValues: TypeAlias = Mapping[str, Mapping[str, ConversationValue]]
"""What the agents call a conversation, by the name of the agent."""


@dataclass(frozen=True, slots=True)
class ContextBlock:
    """A piece of context as it stands behind a prompt. `is_selection`: templates can ask for it as `$selection`.

    `name` is what people are told of it, such as its path and lines.
    """

    text: str
    name: str = ""
    is_selection: bool = False


@dataclass(frozen=True, slots=True)
class PromptContext:
    """What the editor adds to a prompt; "" for what is not there."""

    selection: str = ""
    language: str = ""
    file_path: str = ""
    file_name: str = ""
    blocks: tuple[ContextBlock, ...] = ()


NO_CONTEXT = PromptContext()


@dataclass(frozen=True, slots=True, eq=False)
class PastTurn:
    """One prompt and what was answered. `failed`: the turn ended in an error or was stopped.

    `prompt` is what was sent, `typed` is it without the context; where another agent handed a turn over, the JSON of
    what it handed on. `values` are those of all agents at its end. Two of them are never compared, and none shows the
    turns `before` it: there may be thousands.
    """

    prompt: str
    answer: str
    failed: bool = False
    agent: str = ""
    id: str = ""
    typed: str = ""
    context: PromptContext = NO_CONTEXT
    is_handed_over: bool = False
    values: AgentValues = field(default_factory=dict[str, Mapping[str, ConversationValue]])
    before: PastTurn | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Learned:
    """Values that the agent named and wants back, such as its conversation's id: from extraction to the state."""

    values: Mapping[str, ConversationValue]
    of_turn: Mapping[str, ConversationValue] = field(default_factory=dict[str, ConversationValue])
    """What concerns this turn alone, such as the id of a task."""


@dataclass(frozen=True, slots=True, eq=False)
class Conversation:
    """One state of a conversation: as its turn `last` left it. `session_id` is ours and stays."""

    id: str
    session_id: str
    last: PastTurn | None = None

    @property
    def turns(self) -> tuple[PastTurn, ...]:
        """The turns that led here, oldest first."""
        return tuple(self.newest_first())[::-1]

    @property
    def messages(self) -> tuple[PastTurn, ...]:
        """The turns that later messages tell of: one that failed without a word is left out, its prompt included."""
        return tuple(turn for turn in self.turns if turn.answer or not turn.failed)

    @property
    def values(self) -> AgentValues:
        """What the agents have named so far."""
        return self.last.values if self.last else {}

    def newest_first(self) -> Iterator[PastTurn]:
        """The turns that led here."""
        turn = self.last
        while turn is not None:
            yield turn
            turn = turn.before

    def values_of(self, agent: str) -> Mapping[str, ConversationValue]:
        """What this agent has named so far; what another agent named is none of its business."""
        return self.values.get(agent, {})

    def after(self, turn: PastTurn, learned: Mapping[str, ConversationValue]) -> Conversation:
        """The state once `turn` is over, in which its agent has named `learned`."""
        values = {**self.values, turn.agent: {**self.values_of(turn.agent), **learned}}
        return replace(self, last=replace(turn, values=values, before=self.last))

    def before_last(self) -> Conversation:
        """The state that the last turn began with."""
        return replace(self, last=self.last and self.last.before)


@dataclass(frozen=True, slots=True)
class TurnInput:
    """Everything that a turn starts from; it keeps it to its end. `prompt` is what was typed.

    `body` is all that is sent, where another agent has handed it on; nothing in it is a placeholder or a reference.
    """

    agent: Agent
    provider: ProviderDefinition
    prompt: str
    conversation: Conversation
    context: PromptContext = NO_CONTEXT
    body: Mapping[str, JsonValue] | None = None
    is_delivered: bool = False
    """Whether the answer goes where the agent asks for; else it is only shown."""
