"""How long the writer of a region waits for what, in seconds."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Timing:
    """The waits. Those of the default were right in every editor that was tried."""

    between: float = 0.25
    """From one edit to the next with more text. Repeating one that was refused is timed by the editor's versions."""
    settle: float = 0.3
    """After an edit was applied, for a change that shows it. Most editors tell of it at once, some gather changes."""
    answer: float = 5.0
    """For any answer to an edit, once a newer version does not hold it."""
    patience: float = 20.0
    """For any news of an edit of which nothing at all is heard, before its writer stops."""
    quiet: float = 0.5
    """Without a change, before a client that looks at no version gets its one edit."""
    repeats: int = 20
    """How often one edit is repeated before its writer stops."""


DEFAULT_TIMING = Timing()
