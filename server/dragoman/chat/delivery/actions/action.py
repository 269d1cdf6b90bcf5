"""What an action is: what the reply becomes, as two functions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from dragoman.agents.model import Agent, JsonValue
from dragoman.chat.delivery.effects import Effects, Where
from dragoman.chat.delivery.route import Route


@dataclass(frozen=True, slots=True)
class Reply:
    """A complete answer. `document` is the response's last JSON document in which there was text, if one was kept."""

    agent: Agent
    route: Route
    text: str
    document: JsonValue = None


@dataclass(frozen=True, slots=True)
class Action:
    """What becomes of the replies of one `responseAction`."""

    live: Callable[[Route], Where | None]
    """Where the answer can be seen growing; None: nothing is seen of it before it is complete."""
    become: Callable[[Reply], Effects]
    """What is done once the answer is complete, besides the end of its growth."""
    undone: str = ""
    """What is to be said of an answer that has not become whole, as a clause; "": what the mode says."""
