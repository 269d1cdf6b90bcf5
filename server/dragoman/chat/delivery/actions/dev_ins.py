"""The answer is a DevIns script: shown as it streams, and what it writes and patches offered as one reviewed edit."""

from __future__ import annotations

from dragoman.chat.delivery.actions.action import Reply
from dragoman.chat.delivery.devins.script import read_script, script_in_blocks
from dragoman.chat.delivery.effects import Effects, Panel, Review, Tell, Where
from dragoman.chat.delivery.route import Route
from dragoman.chat.events import Notice


def live(route: Route) -> Where | None:
    """The panel: the script can be read while it comes."""
    return Panel(route.surface)


def become(reply: Reply) -> Effects:
    """A review of the script: of the blocks named so, else of the whole answer."""
    script = script_in_blocks(reply.text) or read_script(reply.text)
    if not script.is_empty:
        return [Review(script)]
    words = f"{reply.agent.name} answered with no command: there is nothing to review."
    return [Tell(Notice("info", "delivery", words))]
