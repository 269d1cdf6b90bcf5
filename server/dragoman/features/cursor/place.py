"""The kinds of places of an agent file, as completion and hover see them. All spans are those of the file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from dragoman.lint.diagnostic import TextEdit
from dragoman.syntax.jsonc import Node, PropertyNode
from dragoman.syntax.text import Span

Path: TypeAlias = tuple[str | int, ...]

REQUEST_FORMAT: Path = ("connector", "requestFormat")
"""The one string of an agent that holds JSON."""


@dataclass(frozen=True, slots=True)
class StringContent:
    """What a string says around the caret, which stands before `text[caret]`.

    `offsets[i]` is where `text[i]` stands in the file; one more entry gives the end.
    """

    text: str
    offsets: Sequence[int]
    caret: int

    def span(self, start: int, end: int) -> Span:
        """Where `text[start:end]` stands in the file."""
        return Span(self.offsets[start], self.offsets[end])

    @property
    def before(self) -> str:
        """What stands before the caret."""
        return self.text[: self.caret]


@dataclass(frozen=True, slots=True)
class KeyPlace:
    """A key stands here, or one can.

    `path` leads to the object; `span` is what a completed key replaces; `entry` the entry that is there already;
    `present` the other keys of the object; `has_colon` says that a colon follows, `needs_comma` that another entry
    does, with no comma; `before` puts in what is missing before this place, a comma or a colon. `is_embedded` says
    that all of it stands inside a string, so that what is written there must be written as a part of one.
    """

    agent: Any
    path: Path
    span: Span
    entry: PropertyNode | None
    present: frozenset[str]
    has_colon: bool
    needs_comma: bool
    before: TextEdit | None = None
    is_embedded: bool = False


@dataclass(frozen=True, slots=True)
class ValuePlace:
    """A value stands here, or one can. `path` leads to it; `node` is what is there already.

    `content` is what that says, where it is a string and the caret is inside its quotes.
    """

    agent: Any
    path: Path
    span: Span
    node: Node | None
    needs_comma: bool
    before: TextEdit | None = None
    content: StringContent | None = None
    is_embedded: bool = False


@dataclass(frozen=True, slots=True)
class AgentPlace:
    """A whole agent can stand here: in an empty file, or between the items of the outermost array."""

    span: Span
    needs_comma: bool
    before: TextEdit | None = None


Place: TypeAlias = KeyPlace | ValuePlace | AgentPlace
