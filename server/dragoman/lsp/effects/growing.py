"""What the places where a text can grow have in common."""

from __future__ import annotations

from typing import Protocol


class Growing(Protocol):
    """A text that grows in its place. Only its end may take time."""

    def grow(self, delta: str) -> None:
        """More of the text."""
        ...

    def rewrite(self, text: str) -> None:
        """All of the text so far becomes this."""
        ...

    async def end(self, *, complete: bool) -> None:
        """Nothing more comes."""
        ...
