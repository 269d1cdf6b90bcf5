"""One edit at the end, for a span whose document has moved on since: the whole of it, or nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from dragoman.lsp.edits.place import Place, follow
from dragoman.syntax.text import TextEdit


@dataclass(frozen=True, slots=True)
class Untouched:
    """What stood at the place still does; `place` is where."""

    place: Place


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """The user has changed what stood there, or it is gone: nothing is written over it."""


Anchored: TypeAlias = Untouched | Withdrawn


def followed(anchored: Anchored, before: str, after: str) -> Anchored:
    """Where a place is after one change of its document. To be told of each, in order."""
    if isinstance(anchored, Withdrawn):
        return anchored
    found = follow(anchored.place, before, after)
    return Untouched(found.place) if found is not None else Withdrawn()


def final_edit(anchored: Anchored, new_text: str) -> TextEdit | None:
    """`new_text` in place of what stood there, for the version that was followed to; None where that is refused."""
    return TextEdit(anchored.place.span, new_text) if isinstance(anchored, Untouched) else None
