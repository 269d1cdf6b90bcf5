"""One answer that is being delivered: whose it is, where its user was, and how that user is told something."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field

from lsprotocol import types

from dragoman.chat.delivery.effects import Surface
from dragoman.chat.events import Notice
from dragoman.lsp.dialogs import say, show_file, show_on
from dragoman.lsp.logs import describe
from dragoman.lsp.prompt_place import PromptPlace
from dragoman.lsp.scratch import write_scratch
from dragoman.lsp.session import Session

_log = logging.getLogger("dragoman.lsp")

_KINDS = {"info": types.MessageType.Info, "warning": types.MessageType.Warning}


@dataclass
class Occasion:
    """See the module. `has_text`: the client gets the text of the turn, by events or by the result."""

    session: Session
    agent: str
    turn_id: str
    place: PromptPlace
    has_text: bool
    prompt: str = ""
    text: str = field(default="", repr=False)
    """The whole answer, once it is there."""
    is_complete: bool = True
    panels: set[Surface] = field(default_factory=set[Surface])
    """Where the answer is shown as text."""

    def tell(self, notice: Notice) -> None:
        """Something that happened after the last event of the turn."""
        say(self.session, notice.message, _KINDS[notice.level])

    def warn(self, what: str) -> None:
        """A sentence that begins with the agent's name."""
        say(self.session, f"{self.agent}: {what}", types.MessageType.Warning)

    def open_panel(self, surface: Surface) -> None:
        """See to it that the text of the turn can be read there, or in the chat panel where there is no such panel."""
        if surface in self.panels:
            return
        self.panels.add(surface)
        known = surface if surface in self.session.client.surfaces else Surface.CHAT
        if self.has_text:  # the text is the client's already; who does not know the surface shows it as ever
            self.session.background(show_on(self.session, known.value, self.turn_id, agent=self.agent))

    async def show_text(self, surface: Surface = Surface.CHAT) -> None:
        """Show the whole answer as text; done at once where the client has it, else once per answer."""
        is_shown = bool(self.panels)
        self.open_panel(surface)
        if not self.has_text and not is_shown:
            await self.show_transcript()

    async def show_transcript(self) -> None:
        """The question and the answer as a Markdown file, else the answer as a message."""
        ended = "" if self.is_complete else "\n\n*The answer is not complete.*"
        shown = f"## You\n\n{self.prompt}\n\n## {self.agent}\n\n{self.text}{ended}\n"
        if not await self.show_scratch(shown, "md"):
            say(self.session, self.text)

    async def show_scratch(self, text: str, extension: str, name: str = "", *, is_external: bool = False) -> bool:
        """A text of its own, as a file of the cache; False if it could not be shown."""
        if not self.session.client.show_document:
            return False
        try:
            path = write_scratch(name or self.agent, self.turn_id, extension, text)
        except OSError as error:
            _log.warning("an answer is not shown as a file: %s", describe(error))
            return False
        return await show_file(self.session, path, is_external=is_external)
