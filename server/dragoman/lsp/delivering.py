"""One answer on its way to where its agent wants it: the plan of `chat.delivery`, carried out by this client."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from dragoman.agents.model import Agent
from dragoman.chat.delivery import plan
from dragoman.chat.delivery.effects import Effect, Tell
from dragoman.chat.events import Notice, ReplaceText, StopReason, TextDelta, TurnEvent
from dragoman.lsp.effects.occasion import Occasion
from dragoman.lsp.effects.performer import Ask, Performer

if TYPE_CHECKING:
    from dragoman.chat.turn import Turn


class Delivering:
    """Told of the events of a turn, and of its end. What takes time goes on after that.

    `has_events`: the client gets the events of the turn, and so all that is to be said before its end.
    """

    def __init__(self, agent: Agent, occasion: Occasion, ask: Ask, *, has_events: bool) -> None:
        self._delivery = plan(agent, occasion.place.place)
        self._occasion = occasion
        self._performer = Performer(occasion, ask)
        self._has_events = has_events
        self._has_begun = False

    def take(self, events: Sequence[TurnEvent]) -> Sequence[Notice]:
        """Let the text grow where it grows. Returns what the client is to be told by events."""
        told: list[Notice] = []
        for event in events:
            match event:
                case TextDelta(delta):
                    self._grow(self._delivery.on_text(delta))
                    told += self._begin()
                case ReplaceText(text):
                    self._grow(self._delivery.on_replace(text))
                    told += self._begin()
                case _:
                    pass
        return told

    def finish(self, turn: Turn) -> Sequence[Notice]:
        """The turn is over: the rest goes on in the background. Returns like `take`."""
        outcome = turn.outcome
        assert outcome is not None, "a turn that is over has an outcome"
        is_complete = outcome.stop_reason is StopReason.COMPLETED and not outcome.incomplete
        self._occasion.text, self._occasion.is_complete = outcome.text, is_complete
        effects = self._delivery.finish(outcome, turn.document)
        told = [*(self._begin() if outcome.text else ()), *self._told(effects)]
        rest = [effect for effect in effects if not isinstance(effect, Tell)]
        self._occasion.session.background(self._perform(rest))
        return told

    async def _perform(self, effects: Sequence[Effect]) -> None:
        try:
            await self._performer.perform_all(effects)
        finally:
            self._occasion.place.let_go()

    def _begin(self) -> Sequence[Notice]:
        """What is to be said once it is clear that there is an answer."""
        if self._has_begun:
            return ()
        self._has_begun = True
        return self._told(self._delivery.begin())

    def _grow(self, effects: Sequence[Effect]) -> None:
        for effect in effects:
            self._performer.perform(effect)

    def _told(self, effects: Sequence[Effect]) -> Sequence[Notice]:
        """The notices among the effects, for events; said at once where the client gets none, or may not show them."""
        notices = [effect.notice for effect in effects if isinstance(effect, Tell)]
        for notice in notices:
            if not self._has_events or not self._occasion.panels:
                self._occasion.tell(notice)
        return notices if self._has_events else ()
