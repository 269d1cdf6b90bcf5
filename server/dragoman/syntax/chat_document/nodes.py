"""What a chat document is made of. All spans are offsets into its text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from dragoman.syntax.text import Span


@dataclass(frozen=True, slots=True)
class Entry:
    """`key: value` in the front matter. `value_span` includes quotes, `value` does not; both can be empty."""

    key: str
    value: str
    span: Span
    value_span: Span


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """`span`: from the first `---` to the last, with its line end. `content`: the lines between them."""

    span: Span
    content: Span
    entries: tuple[Entry, ...]

    def entry(self, key: str) -> Entry | None:
        """The first entry of that key."""
        return next((entry for entry in self.entries if entry.key == key), None)


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block. `number` counts from 1 in each answer; `text` has the fence's indentation taken off."""

    number: int
    info: str
    """What stands behind the opening fence, such as `python`."""
    span: Span
    content: Span
    text: str
    is_closed: bool

    @property
    def language(self) -> str:
        """The first word of `info`."""
        return self.info.split(maxsplit=1)[0] if self.info.strip() else ""


@dataclass(frozen=True, slots=True)
class Link:
    """`@path` or `@path#L3-L10` in a prompt, `@"a path"` with blanks in it.

    `path` is what the user wrote: whoever reads the file makes sure that it lies within the workspace. Lines count
    from 1; the last is never before the first.
    """

    path: str
    span: Span
    path_span: Span
    lines: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn: what the user has asked, or an agent's answer."""

    role: Literal["user", "agent"]
    name: str
    """The agent's name as its heading has it; "" for the user's own."""
    text: str
    """Without blank lines around it, and without notes."""
    span: Span
    """From its heading to the next turn."""
    heading: Span | None
    """The line, without its end. A question needs none where nothing else can stand."""
    content: Span
    """What `text` is made of, blank lines around it taken off."""
    answer_id: str | None = None
    """The id in the marks around an answer."""
    note: str | None = None
    """Why the answer is not complete, where that is noted."""
    blocks: tuple[Block, ...] = ()
    links: tuple[Link, ...] = ()
    """Only in prompts: what an agent says is no wish of the user's."""


@dataclass(frozen=True, slots=True)
class ChatDocument:
    """A whole chat document. What cannot be understood is part of the turn around it."""

    text: str
    front_matter: FrontMatter | None
    turns: tuple[Turn, ...]

    @property
    def agent(self) -> str:
        """The agent that the document names; "" for none."""
        return self._value("agent")

    @property
    def conversation_id(self) -> str:
        """The conversation that it goes on with; "" for a new one."""
        return self._value("conversation")

    @property
    def prompt(self) -> Turn | None:
        """The question to be sent: the last turn, if it is the user's and says something."""
        last = self.turns[-1] if self.turns else None
        return last if last is not None and last.role == "user" and last.text else None

    def answer(self, answer_id: str) -> Turn | None:
        """The answer with that id in its marks."""
        return next((turn for turn in self.turns if turn.answer_id == answer_id), None)

    def turn_at(self, offset: int) -> Turn | None:
        """The turn that a caret is in; between two, the later one."""
        return next((turn for turn in reversed(self.turns) if turn.span.covers(offset)), None)

    def _value(self, key: str) -> str:
        entry = self.front_matter.entry(key) if self.front_matter else None
        return entry.value if entry else ""
