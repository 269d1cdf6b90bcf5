"""The answer becomes the input of the next prompt, for editing."""

from __future__ import annotations

from dragoman.chat.delivery.actions.action import Reply
from dragoman.chat.delivery.effects import Effects, SetInput, Where
from dragoman.chat.delivery.route import Route


def live(_route: Route) -> Where | None:
    """Nowhere: nobody edits what still grows."""
    return None


def become(reply: Reply) -> Effects:
    """The panel's input."""
    return [SetInput(reply.route.surface, reply.text)]
