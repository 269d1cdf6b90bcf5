"""What the writer of a region has to say, as frozen values: send this, all is there, or it has stopped and why."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from dragoman.syntax.text import TextEdit


@dataclass(frozen=True, slots=True)
class Send:
    """Ask the client to apply `edit` to `version` of the document: `workspace/applyEdit`, with `documentChanges`.

    `id` comes back with the answer. `continues`: nothing but this writer has changed the document since its last edit,
    so a client that can may join the two into one step of undo.
    """

    id: int
    version: int
    edit: TextEdit
    continues: bool


@dataclass(frozen=True, slots=True)
class Settled:
    """All of the region stands in the document.

    `is_proven`: the editor's own text shows it. Otherwise the editor has said so and nothing speaks against it; a
    change that does is still possible, and a `Send` follows then, and another `Settled`.
    """

    is_proven: bool


class StopCause(StrEnum):
    """Why a writer writes no more."""

    EDITED = "edited"
    """The user has changed what stood in the region, or its place is gone."""
    CLOSED = "closed"
    """The document was closed."""
    REFUSED = "refused"
    """The editor does not take the edit."""
    UNCONFIRMED = "unconfirmed"
    """The editor has not said what became of the edit."""
    ASTRAY = "astray"
    """The editor has written a piece elsewhere."""
    UNVERSIONED = "unversioned"
    """Text would have to go, and the editor cannot be told of which version."""


@dataclass(frozen=True, slots=True)
class Stopped:
    """The writer has stopped for good. `delivered + rest` is the whole answer, `delivered` what stands in its region.

    Where an answer was taken back by another one that has not come through, `rest` is all of that one and `delivered`
    is "". `unsure`: the piece of the rest of which nobody knows whether it stands in the document. `undo` would take
    back what has gone astray.
    """

    cause: StopCause
    delivered: str
    rest: str
    unsure: str = ""
    undo: TextEdit | None = None


Output: TypeAlias = Send | Settled | Stopped
