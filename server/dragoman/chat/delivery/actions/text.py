"""What `Direct` and `Stream` have in common: the reply stays a text."""

from __future__ import annotations

from dragoman.chat.delivery.actions.action import Reply
from dragoman.chat.delivery.devins.script import script_in_blocks
from dragoman.chat.delivery.effects import Effects, End, Grow, Panel, Review, Surface, Tell, Where
from dragoman.chat.delivery.taking import taken
from dragoman.chat.events import Notice


def put_down(reply: Reply, live: Where | None) -> Effects:
    """The whole answer where it goes, if it has not grown there (`live`); and the scripts in it, to be reviewed."""
    return [*_text(reply, live), *_scripts(reply)]


def _text(reply: Reply, live: Where | None) -> Effects:
    route, text = reply.route, taken(reply.text)
    if isinstance(route.live, Panel):
        return []
    if not text.text:
        return _shown_instead(reply, live)
    return [route.whole(text)] if route.whole and (live is None or live != route.live) else []


def _shown_instead(reply: Reply, live: Where | None) -> Effects:
    """The answer has text, but nothing for a place that takes code: an empty block, or a script alone."""
    panel = Panel(Surface.CHAT)
    shown = [] if live == panel else [Grow(panel, reply.text), End(panel, complete=True)]
    words = f"{reply.agent.name} answered without any code: {reply.route.undone}."
    return [*shown, Tell(Notice("info", "delivery", words))]


def _scripts(reply: Reply) -> Effects:
    script = script_in_blocks(reply.text)
    return [Review(script)] if script and not script.is_empty else []
