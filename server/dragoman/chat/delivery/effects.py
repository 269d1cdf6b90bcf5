"""What a front end is asked to do with an answer: frozen values that know no protocol, performed in one `match`.

A text grows in one of three kinds of places (`Grow`, `Rewrite`, `End`); everything else happens at once. All effects on
a document name a `Target`, a range of the version that the user saw when the prompt was made: the front end carries it
over what was typed since, and refuses what would fall on text that is no longer as it was.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

from dragoman.agents.model import JsonValue
from dragoman.chat.delivery.devins.script import Script
from dragoman.chat.events import Notice
from dragoman.syntax.text import Span


class Surface(StrEnum):
    """A panel of the editor, in the protocol's words."""

    CHAT = "chatPanel"
    RIGHT = "rightPanel"
    RUN = "runPanel"


@dataclass(frozen=True, slots=True)
class Target:
    """A range of one version of a document, and what stood there. An empty range is a place to insert at."""

    uri: str
    version: int
    span: Span
    text: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Panel:
    """A panel shows the text; it is opened by the first of it."""

    surface: Surface


@dataclass(frozen=True, slots=True)
class Insertion:
    """The text stands in the document, from the target on; what the user types around it stays around it."""

    target: Target


@dataclass(frozen=True, slots=True)
class Proposal:
    """A diff shows the text beside what stands at the target; nothing changes before the user accepts it."""

    target: Target


Where: TypeAlias = Panel | Insertion | Proposal


@dataclass(frozen=True, slots=True)
class Follow:
    """Keep an eye on this range while the user types, up to the end of the turn: a later effect may name it."""

    target: Target


@dataclass(frozen=True, slots=True)
class Grow:
    """More of the text. Never empty; a panel gets Markdown, a document its own line ends."""

    where: Where
    delta: str


@dataclass(frozen=True, slots=True)
class Rewrite:
    """All of the text so far becomes this; it may be empty."""

    where: Where
    text: str


@dataclass(frozen=True, slots=True)
class End:
    """Nothing more comes. A panel says so if the text is not complete.

    A proposal that is complete is now to be accepted or rejected, and else withdrawn. What was inserted stays.
    """

    where: Where
    complete: bool


@dataclass(frozen=True, slots=True)
class Replace:
    """One edit, one undo step: `text` in place of what stands at the target."""

    target: Target
    text: str


@dataclass(frozen=True, slots=True)
class CreateFile:
    """A new file of the workspace, which is then opened. A name that is taken is varied."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Copy:
    """To the clipboard."""

    text: str


@dataclass(frozen=True, slots=True)
class SetInput:
    """The text becomes the input of the panel's next prompt, to be edited; what stands there already is kept above."""

    surface: Surface
    text: str


@dataclass(frozen=True, slots=True)
class ShowPage:
    """HTML from the agent as a sandboxed page. Elsewhere: `page.standing_alone`, as a file opened outside."""

    surface: Surface
    html: str


@dataclass(frozen=True, slots=True)
class Review:
    """Offer what the script writes and patches as one edit of the workspace; `devins.changes` tells what that is."""

    script: Script


@dataclass(frozen=True, slots=True)
class HandOver:
    """Data for the client or, with `next_agent`, the request's fields for that agent.

    The data come from an agent: placeholders and references in them are text like any other.
    """

    surface: Surface
    data: JsonValue
    next_agent: str = ""


@dataclass(frozen=True, slots=True)
class Tell:
    """Something that the user should know of what becomes of the answer."""

    notice: Notice


Effect: TypeAlias = (
    Follow | Grow | Rewrite | End | Replace | CreateFile | Copy | SetInput | ShowPage | Review | HandOver | Tell
)
Effects: TypeAlias = Sequence[Effect]
