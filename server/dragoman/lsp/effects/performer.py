"""Performs effects: the one `match` over them."""

from __future__ import annotations

import json
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

from dragoman.agents.model import JsonValue
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
    Surface,
    Target,
    Tell,
    Where,
)
from dragoman.chat.delivery.page import standing_alone
from dragoman.lsp.dialogs import say, show_on
from dragoman.lsp.effects.growing import Growing
from dragoman.lsp.effects.insertion import InsertedText
from dragoman.lsp.effects.new_file import create_file
from dragoman.lsp.effects.occasion import Occasion
from dragoman.lsp.effects.panel import PanelText
from dragoman.lsp.effects.proposal import ProposedText
from dragoman.lsp.effects.replacing import replace_at
from dragoman.lsp.effects.review import review

Work = Coroutine[Any, Any, None]
Ask = Callable[[str, dict[str, JsonValue]], Work]
"""Asks the agent of that name, with these fields as its request."""


class Performer:
    """For one answer."""

    def __init__(self, occasion: Occasion, ask: Ask) -> None:
        self._occasion = occasion
        self._ask = ask
        self._growing: dict[Where, Growing] = {}

    async def perform_all(self, effects: Sequence[Effect]) -> None:
        """One after another."""
        for effect in effects:
            work = self.perform(effect)
            if work is not None:
                await work

    def perform(self, effect: Effect) -> Work | None:
        """Perform it; what takes time comes back, to be waited for. Text grows at once."""
        match effect:
            case Follow():
                return None  # whatever an effect can name is followed since the prompt was made
            case Grow(where, delta):
                return self._at(where).grow(delta)
            case Rewrite(where, text):
                return self._at(where).rewrite(text)
            case End(where, complete):
                return self._at(where).end(complete=complete)
            case Replace(target, text):
                return self._replace(target, text)
            case CreateFile(name, text):
                return self._create(name, text)
            case Copy(text):
                return self._copy(text)
            case SetInput(surface, text):
                return self._set_input(surface, text)
            case ShowPage(surface, html):
                return self._show_page(surface, html)
            case Review(script):
                return review(self._occasion, script)
            case HandOver(surface, data, next_agent):
                return self._hand_over(surface, data, next_agent)
            case Tell(notice):
                return self._occasion.tell(notice)

    def _at(self, where: Where) -> Growing:
        if where not in self._growing:
            self._growing[where] = self._begun(where)
        return self._growing[where]

    def _begun(self, where: Where) -> Growing:
        match where:
            case Panel(surface):
                return PanelText(self._occasion, surface)
            case Insertion(target):
                return InsertedText(self._occasion, target)
            case Proposal(target):
                return ProposedText(self._occasion, target)

    async def _replace(self, target: Target, text: str) -> None:
        why = await replace_at(self._occasion.session, self._occasion.place.anchor(target), text)
        if why:
            self._occasion.warn(f"the answer was not put in place, since {why}. It is shown as text instead.")
            await self._occasion.show_text()

    async def _create(self, name: str, text: str) -> None:
        why = await create_file(self._occasion.session, name, text)
        if why:
            self._occasion.warn(f"no file was made, since {why}. The answer is shown as text instead.")
            await self._occasion.show_text()

    async def _copy(self, text: str) -> None:
        if await self._show_on("clipboard", text=text) is None and not await self._occasion.show_scratch(text, "txt"):
            await self._shown_instead("this editor cannot be given a text for the clipboard")

    async def _set_input(self, panel: Surface, text: str) -> None:
        if await self._show_on("input", panel=panel.value, text=text) is None:
            say(self._occasion.session, f"{self._occasion.agent} proposes a prompt: edit it and send it.")
            await self._occasion.show_text(panel)

    async def _show_page(self, panel: Surface, html: str) -> None:
        occasion = self._occasion
        title = f"Page of {occasion.agent}"
        if await self._show_on("webview", panel=panel.value, title=title, html=html) is not None:
            return
        page = standing_alone(html, title)
        if not await occasion.show_scratch(page, "html", is_external=True):
            await self._shown_instead("this editor cannot open pages")

    async def _hand_over(self, panel: Surface, data: JsonValue, next_agent: str) -> None:
        if next_agent and isinstance(data, dict):
            await self._ask(next_agent, data)
        elif await self._show_on(panel.value, data=data) is None:
            shown = json.dumps(data, ensure_ascii=False, indent=2)
            if not await self._occasion.show_scratch(f"{shown}\n", "json"):
                say(self._occasion.session, shown)

    async def _shown_instead(self, why: str) -> None:
        self._occasion.warn(f"{why}. The answer is shown as text instead.")
        await self._occasion.show_text()

    async def _show_on(self, surface: str, **content: Any) -> object:
        occasion = self._occasion
        return await show_on(occasion.session, surface, occasion.turn_id, agent=occasion.agent, **content)
