"""The answer goes to the place that `interactive` names, when it is complete or as it streams: as that place can."""

from __future__ import annotations

from dragoman.chat.delivery.actions.action import Reply
from dragoman.chat.delivery.actions.text import put_down
from dragoman.chat.delivery.effects import Effects, Where
from dragoman.chat.delivery.route import Route


def live(route: Route) -> Where | None:
    """A panel, a diff, or the place of a mode that streams."""
    return route.live if route.streams else None


def become(reply: Reply) -> Effects:
    """The text, where it goes."""
    return put_down(reply, live(reply.route))
