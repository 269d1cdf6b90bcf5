"""The answer is data: `transition` builds an object from it, for the agent that `flow.next` names, else the client."""

from __future__ import annotations

import json

from dragoman.chat.delivery.actions.action import Reply
from dragoman.chat.delivery.effects import Effects, HandOver, Tell, Where
from dragoman.chat.delivery.route import Route
from dragoman.chat.delivery.taking import Taken
from dragoman.chat.delivery.transition import handed_on
from dragoman.chat.events import Notice


def live(_route: Route) -> Where | None:
    """Nowhere: data are no text."""
    return None


def become(reply: Reply) -> Effects:
    """The object, and what could not be put into it."""
    agent, route = reply.agent, reply.route
    built = handed_on(reply.document, reply.text, agent.transition)
    next_agent = agent.flow_next if isinstance(built.data, dict) else ""
    problems = [*built.problems, *([_no_object(agent.flow_next)] if next_agent != agent.flow_next else [])]
    told = [Tell(Notice("warning", "flow", f"{agent.name}: {problem}")) for problem in problems]
    if route.whole and not next_agent:
        text = json.dumps(built.data, ensure_ascii=False, indent=2)
        return [*told, route.whole(Taken(text, "json", is_block=True))]
    return [*told, HandOver(route.surface, built.data, next_agent)]


def _no_object(next_agent: str) -> str:
    return f"{next_agent} is not asked: what is handed on is no object."
