"""Answers on their way to their place, played through: prompts, events, and the effects in words."""

from __future__ import annotations

from datetime import datetime
from itertools import groupby

from dragoman.agents.model import Agent, Interactive, JsonValue, ResponseAction
from dragoman.chat.delivery import Place, plan
from dragoman.chat.delivery.effects import (
    Copy,
    CreateFile,
    Effect,
    End,
    Follow,
    Grow,
    HandOver,
    Insertion,
    Panel,
    Proposal,
    Replace,
    Review,
    Rewrite,
    SetInput,
    ShowPage,
    Tell,
    Where,
)
from dragoman.chat.events import StopReason, TurnOutcome
from dragoman.project.document import Document
from dragoman.syntax.text import Span

NOW = datetime(2026, 11, 22, 8, 30, 5)
DOCUMENT = Document("file:///w/a.py", "python", 3, "one\ntwo\nthree\n")
PLACE = Place(NOW, DOCUMENT, selection=Span(4, 8), cursor=8)
"""The second line is selected, with its end."""


def agent(action: str = "Direct", mode: str = "ChatPanel", **more: object) -> Agent:
    kinds = {"response_action": ResponseAction(action), "interactive": Interactive(mode)}
    return Agent("Docs", "http://h/", **kinds, **more)  # type: ignore[arg-type]


def delivered(
    asked: Agent,
    pieces: list[str],
    place: Place = PLACE,
    reason: StopReason = StopReason.COMPLETED,
    document: JsonValue = None,
) -> list[Effect]:
    """All effects of a turn that tells these pieces of text and then ends."""
    delivery = plan(asked, place)
    effects = delivery.begin()
    for piece in pieces:
        effects += delivery.on_text(piece)
    text = "".join(pieces)
    incomplete = reason is not StopReason.COMPLETED and bool(text)
    outcome = TurnOutcome("t", "c", asked.name, reason, text, incomplete=incomplete)
    return effects + delivery.finish(outcome, document)


def text_at(where: type[Where], effects: list[Effect]) -> str:
    """What stands there in the end."""
    text = ""
    for effect in effects:
        match effect:
            case Grow(place, delta) if isinstance(place, where):
                text += delta
            case Rewrite(place, whole) if isinstance(place, where):
                text = whole
            case _:
                pass
    return text


def told(effects: list[Effect]) -> list[str]:
    """The sentences."""
    return [effect.notice.message for effect in effects if isinstance(effect, Tell)]


def words(effects: list[Effect]) -> str:
    """What happens, in short: neighbours of one kind are one."""
    return " ".join(word for word, _ in groupby(map(_word, effects)))


def _word(effect: Effect) -> str:
    match effect:
        case Follow():
            return "follow"
        case Grow(where) | Rewrite(where):
            return _place(where)
        case End(_, complete):
            return "end" if complete else "break"
        case Replace(target):
            return "replace" if target.text else "insert"
        case CreateFile(name):
            return f"file.{name.rpartition('.')[2]}"
        case Copy():
            return "copy"
        case SetInput(surface):
            return f"input:{surface.name.lower()}"
        case ShowPage(surface):
            return f"page:{surface.name.lower()}"
        case Review():
            return "review"
        case HandOver(surface, _, next_agent):
            return f"hand-over:{next_agent or surface.name.lower()}"
        case Tell():
            return "tell"


def _place(where: Where) -> str:
    match where:
        case Panel(surface):
            return surface.name.lower()
        case Insertion():
            return "inserting"
        case Proposal():
            return "diff"
