"""Modes that show the answer in a panel."""

from __future__ import annotations

from dragoman.chat.delivery.effects import Panel, Surface
from dragoman.chat.delivery.place import Place
from dragoman.chat.delivery.route import Route


def chat_panel(_place: Place) -> Route:
    """The answer is shown in the chat panel as it streams."""
    return _shown_in(Surface.CHAT)


def right_panel(_place: Place) -> Route:
    """The answer is shown in a panel at the side of the editor as it streams."""
    return _shown_in(Surface.RIGHT)


def run_panel(_place: Place) -> Route:
    """The answer is shown in the bottom panel, or the output channel, as it streams."""
    return _shown_in(Surface.RUN)


def _shown_in(surface: Surface) -> Route:
    return Route(live=Panel(surface), streams=True)
