"""What the first requests of a session need, made ready while nobody waits.

For the first prompt that takes a quarter of a second, and a third of the memory: it is left out where no prompt is to
be expected.
"""

from __future__ import annotations

import asyncio
from importlib import import_module

from dragoman.lsp.session import Session

_OF_THE_FIRST_REQUESTS = ("dragoman.lsp.handlers.language", "dragoman.lsp.handlers.code_actions")
_OF_THE_FIRST_PROMPT = (
    "dragoman.lsp.handlers.chat",
    "dragoman.lsp.runtime_failures",
    "dragoman.chat.history.saving",
)
"""Modules that take long to import, and that nobody needs before."""


async def warm_up(session: Session) -> None:
    """Make ready what completion and the like need, and if there is an agent that may be asked, the first prompt."""
    for module in _OF_THE_FIRST_REQUESTS:
        await asyncio.to_thread(import_module, module)
    if any(known.is_trusted for known in session.project.all_agents()):
        for module in _OF_THE_FIRST_PROMPT:
            await asyncio.to_thread(import_module, module)
        await session.sessions.transport.warm()
