"""One answer on its way to its place: a small machine that is told of events and gives effects. No I/O."""

from __future__ import annotations

from dragoman.agents.model import Agent, Interactive, JsonValue
from dragoman.agents.placing import has_meaning
from dragoman.chat.delivery.actions import ACTIONS
from dragoman.chat.delivery.actions.action import Reply
from dragoman.chat.delivery.effects import Effect, End, Follow, Grow, Insertion, Panel, Surface, Tell
from dragoman.chat.delivery.growth import Growth
from dragoman.chat.delivery.modes import MODES
from dragoman.chat.delivery.place import Place
from dragoman.chat.delivery.route import Missing, Route
from dragoman.chat.events import Notice, StopReason, TurnOutcome


def plan(agent: Agent, place: Place) -> Delivery:
    """What is to be done with the answer that `agent` is about to give to a prompt that was made at `place`."""
    mode = agent.interactive if has_meaning(agent.response_action, agent.interactive) else Interactive.CHAT_PANEL
    route = MODES[mode](place)
    if not isinstance(route, Missing):
        return Delivery(agent, route)
    message = f"{agent.name} asks for “interactive”: “{mode}”, but {route.what}: its answer goes to the chat panel."
    return Delivery(agent, Route(live=Panel(Surface.CHAT), streams=True), Notice("info", "delivery", message))


class Delivery:
    """Call `begin` once, then `on_text` and `on_replace` as the events come, then `finish` once."""

    def __init__(self, agent: Agent, route: Route, notice: Notice | None = None) -> None:
        self._agent = agent
        self._route = route
        self._notice = notice
        self._action = ACTIONS[agent.response_action]
        live = self._action.live(route)
        self._growth = Growth(live, route.fit) if live else None

    def begin(self) -> list[Effect]:
        """The prompt is sent."""
        told = [Tell(self._notice)] if self._notice else []
        return [*told, *([Follow(self._route.target)] if self._route.target else [])]

    def on_text(self, delta: str) -> list[Effect]:
        """For each `TextDelta`."""
        return self._growth.add(delta) if self._growth else []

    def on_replace(self, text: str) -> list[Effect]:
        """For each `ReplaceText`."""
        return self._growth.begin_again(text) if self._growth else []

    def finish(self, outcome: TurnOutcome, document: JsonValue = None) -> list[Effect]:
        """The turn is over. `document` is the response's last JSON document in which there was text."""
        if outcome.stop_reason is not StopReason.COMPLETED or outcome.incomplete:
            return self._left(outcome.text)
        ended = self._growth.end(complete=True) if self._growth else []
        if not outcome.text and document is None:
            return [*ended, *self._told("answered with an empty text")]
        return [*ended, *self._action.become(Reply(self._agent, self._route, outcome.text, document))]

    def _left(self, text: str) -> list[Effect]:
        """The answer broke off. What there is of it can be seen, and what it was meant to replace is as it was."""
        where = self._growth.where if self._growth else None
        ended = self._growth.end(complete=False) if self._growth else []
        if not text:
            return ended
        if isinstance(where, Insertion):
            return [*ended, self._tell("did not answer to the end: what there is stays in the document")]
        panel = Panel(self._route.surface)
        shown = [] if isinstance(where, Panel) else [Grow(panel, text), End(panel, complete=False)]
        return [*ended, *shown, *self._told("did not answer to the end")]

    def _told(self, what: str) -> list[Effect]:
        """A sentence on what did not happen, where more was to happen than that the text is shown."""
        undone = self._action.undone or self._route.undone
        return [self._tell(f"{what}: {undone}")] if undone else []

    def _tell(self, what: str) -> Effect:
        return Tell(Notice("warning", "delivery", f"{self._agent.name} {what}."))
