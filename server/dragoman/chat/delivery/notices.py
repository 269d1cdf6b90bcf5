"""What is said before an answer comes, where it is only shown: that its agent asks for more than that.

So it is where another agent was asked before, and this one will not know of it.
"""

from __future__ import annotations

from dragoman.agents.model import Agent, Interactive, ResponseAction
from dragoman.chat.body import is_told_earlier_turns
from dragoman.chat.conversation import TurnInput
from dragoman.chat.events import Notice

_SHOWN_AS_MEANT = {ResponseAction.DIRECT, ResponseAction.STREAM}


def delivery_notices(agent: Agent) -> tuple[Notice, ...]:
    """What is to be said before the answer of `agent` comes; nothing for a plain chat."""
    asked = [
        f"“responseAction”: “{agent.response_action}”" if agent.response_action not in _SHOWN_AS_MEANT else "",
        f"“interactive”: “{agent.interactive}”" if agent.interactive is not Interactive.CHAT_PANEL else "",
    ]
    wishes = " and ".join(wish for wish in asked if wish)
    if not wishes:
        return ()
    return (Notice("info", "delivery", f"{agent.name} asks for {wishes}; its answer is shown here instead."),)


def joining_notices(turn: TurnInput) -> tuple[Notice, ...]:
    """What is to be said where the last turn was another agent's, and the agent now asked knows nothing of it."""
    last, name = turn.conversation.last, turn.agent.name
    if last is None or last.agent == name or is_told_earlier_turns(turn):
        return ()
    message = f"{name} keeps its conversations itself: it is not told what other agents were asked here."
    return (Notice("info", "conversation", message),)
