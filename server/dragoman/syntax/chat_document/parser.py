"""A chat document read: front matter and turns, with positions. Any text is one; nothing is ever refused.

A turn begins at `## You`, at `## ` and the document's agent, and at any heading of that level right above the mark of
an answer, so that several agents can answer in one document and an answer can have headings of its own. Text in front
of the first heading, or behind an answer's closing mark, is a question too.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from dragoman.syntax.chat_document.front_matter import read_front_matter
from dragoman.syntax.chat_document.lines import Fence, Line, fence_after, lines_of, opened_fence
from dragoman.syntax.chat_document.links import links_in
from dragoman.syntax.chat_document.marks import closed_answer, headed, noted, opened_answer
from dragoman.syntax.chat_document.nodes import Block, ChatDocument, Link, Turn
from dragoman.syntax.text import Span

YOU = "You"
"""The heading of the user's own turns."""


@dataclass(slots=True)
class _Draft:
    """A turn that is being read: its lines, sorted."""

    start: int
    name: str | None
    """Of an agent; None for the user's own."""
    heading: Span | None = None
    answer_id: str | None = None
    lines: list[Line] = field(default_factory=list[Line])
    note: str | None = None


def parse_chat_document(text: str) -> ChatDocument:
    """Read a whole chat document."""
    front_matter = read_front_matter(text)
    entry = front_matter.entry("agent") if front_matter else None
    start = front_matter.span.end if front_matter else 0
    drafts = _Reader(text, start, entry.value if entry else "").read()
    ends = [*(draft.start for draft in drafts[1:]), len(text)]
    turns = tuple(_turn(text, draft, end) for draft, end in zip(drafts, ends, strict=False))
    return ChatDocument(text, front_matter, turns)


class _Reader:
    """Sorts the lines into turns."""

    def __init__(self, text: str, start: int, agent: str) -> None:
        self._lines = list(lines_of(text, start))
        self._agent = agent.casefold()
        self._closing = _closing_marks(self._lines)
        self._drafts: list[_Draft] = []
        self._fence: Fence | None = None
        self._is_answered = False
        """Whether the last answer's closing mark has been passed."""

    def read(self) -> list[_Draft]:
        """All turns, in order."""
        index = 0
        while index < len(self._lines):
            index = self._take(index)
        return self._drafts

    def _take(self, index: int) -> int:
        """Take one line, or a whole answer between its marks; where to go on is returned."""
        line = self._lines[index]
        draft = self._drafts[-1] if self._drafts else None
        name = headed(line.text) if self._fence is None else None
        if name is not None and self._begins_turn(name, index):
            self._begin(_Draft(line.start, None if name.casefold() == YOU.casefold() else name, line.span))
            return index + 1
        answer_id = opened_answer(line.text) if self._fence is None else None
        if answer_id and draft and draft.name is not None and all(above.is_blank for above in draft.lines):
            return self._take_answer(draft, answer_id, index)
        self._take_prose(draft, line)
        return index + 1

    def _begins_turn(self, name: str, index: int) -> bool:
        if name.casefold() == YOU.casefold() or (name and name.casefold() == self._agent):
            return True
        below = index + 1
        while below < len(self._lines) and self._lines[below].is_blank:
            below += 1
        return below < len(self._lines) and opened_answer(self._lines[below].text) is not None

    def _begin(self, draft: _Draft) -> None:
        self._drafts.append(draft)
        self._fence, self._is_answered = None, False

    def _take_answer(self, draft: _Draft, answer_id: str, index: int) -> int:
        draft.answer_id, draft.lines = answer_id, []
        closing = self._closing.get(answer_id, [])
        following = bisect_right(closing, index)
        if following == len(closing):
            return index + 1  # somebody has taken the closing mark away: the headings count
        end = closing[following]
        draft.lines = self._lines[index + 1 : end]
        self._is_answered = True
        return end + 1

    def _take_prose(self, draft: _Draft | None, line: Line) -> None:
        note = noted(line.text) if self._fence is None else None
        if note is not None and draft is not None:
            draft.note = note
            return
        if draft is None or self._is_answered:
            if line.is_blank:
                return
            draft = _Draft(line.start, None)
            self._begin(draft)
        self._fence = fence_after(self._fence, line.text)
        draft.lines.append(line)


def _closing_marks(lines: Sequence[Line]) -> dict[str, list[int]]:
    """Ids of answers → where closing marks of theirs stand."""
    found: dict[str, list[int]] = {}
    for index, line in enumerate(lines):
        closed = closed_answer(line.text)
        if closed is not None:
            found.setdefault(closed, []).append(index)
    return found


def _turn(text: str, draft: _Draft, end: int) -> Turn:
    lines = _without_blank_ends(draft.lines)
    inside = draft.heading.end if draft.heading else draft.start
    content = Span(lines[0].start, lines[-1].end) if lines else Span(inside, inside)
    return Turn(
        role="user" if draft.name is None else "agent",
        name=draft.name or "",
        text=_text_of(text, lines),
        span=Span(draft.start, end),
        heading=draft.heading,
        content=content,
        answer_id=draft.answer_id,
        note=draft.note,
        blocks=() if draft.name is None else tuple(_blocks(text, lines)),
        links=tuple(_links(lines)) if draft.name is None else (),
    )


def _without_blank_ends(lines: Sequence[Line]) -> Sequence[Line]:
    start, end = 0, len(lines)
    while start < end and lines[start].is_blank:
        start += 1
    while end > start and lines[end - 1].is_blank:
        end -= 1
    return lines[start:end]


def _text_of(text: str, lines: Sequence[Line]) -> str:
    """The lines with the line ends that are theirs; notes between them are left out."""
    if not lines:
        return ""
    return "".join(text[line.start : line.next] for line in lines[:-1]) + lines[-1].text


def _blocks(text: str, lines: Sequence[Line]) -> Iterator[Block]:
    number, index = 0, 0
    while index < len(lines):
        fence = opened_fence(lines[index].text)
        if fence is None:
            index += 1
            continue
        end = _end_of_fence(lines, index + 1, fence)
        number += 1
        yield _block(text, number, fence, lines[index], lines[index + 1 : end], lines[end : end + 1])
        index = end + 1


def _end_of_fence(lines: Sequence[Line], index: int, fence: Fence) -> int:
    while index < len(lines) and not fence.is_closed_by(lines[index].text):
        index += 1
    return index


def _block(
    text: str, number: int, fence: Fence, first: Line, content: Sequence[Line], closing: Sequence[Line]
) -> Block:
    inside = Span(content[0].start, content[-1].next) if content else Span(first.next, first.next)
    end = closing[0].end if closing else max(first.end, content[-1].end if content else 0)
    code = "".join(_unindented(line.text, len(fence.indentation)) + text[line.end : line.next] for line in content)
    return Block(number, fence.info, Span(first.start, end), inside, code, is_closed=bool(closing))


def _unindented(line: str, width: int) -> str:
    blanks = len(line) - len(line.lstrip(" \t"))
    return line[min(blanks, width) :]


def _links(lines: Sequence[Line]) -> Iterator[Link]:
    fence: Fence | None = None
    for line in lines:
        is_outside, fence = fence is None, fence_after(fence, line.text)
        if is_outside and fence is None:
            yield from links_in(line)
