"""What a mode says of one answer: where its text goes, as it streams and when it is complete."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeAlias

from dragoman.chat.delivery.effects import Effect, Panel, Surface, Target, Where
from dragoman.chat.delivery.fitting import Fit
from dragoman.chat.delivery.place import Place
from dragoman.chat.delivery.taking import Taken


@dataclass(frozen=True, slots=True)
class Route:
    """Where one answer goes."""

    live: Where | None = None
    """Where the text can be seen growing; None: this place takes whole answers only."""
    streams: bool = False
    """Whether it does so for `Direct`, too."""
    whole: Callable[[Taken], Effect] | None = None
    """What is done with a whole answer; None where it can only grow."""
    target: Target | None = None
    """The part of a document that it is about."""
    fit: Fit = field(default_factory=Fit)
    """How the text is written there."""
    undone: str = ""
    """What is to be said of an answer that has not become whole, as a clause."""

    @property
    def surface(self) -> Surface:
        """The panel for all that is no text."""
        return self.live.surface if isinstance(self.live, Panel) else Surface.CHAT


@dataclass(frozen=True, slots=True)
class Missing:
    """The editor lacks what the mode needs; the end of a sentence that says what."""

    what: str


Mode: TypeAlias = Callable[[Place], Route | Missing]
"""Where an answer goes that was asked for at this place. Its docstring is its documentation."""
