"""The answer is HTML: shown as a sandboxed page, or kept as HTML by `OutputFile` and `OnPaste`."""

from __future__ import annotations

from dragoman.chat.delivery.actions.action import Reply
from dragoman.chat.delivery.effects import Effects, ShowPage, Where
from dragoman.chat.delivery.route import Route
from dragoman.chat.delivery.taking import Taken, taken

_PAGES = ("", "html", "htm", "xhtml", "svg")
"""Languages of a fenced block that is the page."""


def live(_route: Route) -> Where | None:
    """Nowhere: half a page is none."""
    return None


def become(reply: Reply) -> Effects:
    """The page, without the fence around it."""
    block = taken(reply.text)
    html = block.text if block.is_block and block.language in _PAGES else reply.text
    if reply.route.whole:
        return [reply.route.whole(Taken(html, "html", is_block=True))]
    return [ShowPage(reply.route.surface, html)]
