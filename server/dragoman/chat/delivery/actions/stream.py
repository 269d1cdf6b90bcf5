"""As `Direct`, and always to be seen as it streams: in the chat panel where the place takes only whole answers."""

from __future__ import annotations

from dragoman.chat.delivery.actions.action import Reply
from dragoman.chat.delivery.actions.text import put_down
from dragoman.chat.delivery.effects import Effects, Panel, Surface, Where
from dragoman.chat.delivery.route import Route


def live(route: Route) -> Where | None:
    """The place itself, else the chat panel."""
    return route.live or Panel(Surface.CHAT)


def become(reply: Reply) -> Effects:
    """The text, where it goes."""
    return put_down(reply, live(reply.route))
