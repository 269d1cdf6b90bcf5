"""Asking an agent about a selection: one action to ask, and one for each of the user's prompts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dragoman.features.agents import AgentStatus
from dragoman.settings import Prompt


@dataclass(frozen=True, slots=True)
class AskAction:
    """Sends the selection to an agent. `prompt` is None for the plain question, `disabled` why it cannot be sent."""

    title: str
    agent: str
    prompt: Prompt | None = None
    disabled: str | None = None


def ask_actions(statuses: Sequence[AgentStatus], prompts: Sequence[Prompt]) -> Iterator[AskAction]:
    """The actions for a selection. An agent with errors is offered disabled; one that is switched off is not."""
    for status in statuses:
        agent = status.known.agent
        if not agent.enabled:
            continue
        if not status.is_usable:
            reason = status.problems[0] if status.problems else "its description has errors."
            yield AskAction(f"Ask {agent.name}", agent.name, disabled=f"{agent.name} cannot be asked: {reason}")
            continue
        yield AskAction(f"Ask {agent.name}", agent.name)
        for prompt in prompts:
            if prompt.agents is None or agent.name in prompt.agents:
                yield AskAction(f"Ask {agent.name}: {prompt.title}", agent.name, prompt)
