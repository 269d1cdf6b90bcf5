"""What is written into a chat document, as edits of the text that was parsed. None of them takes anything away.

An answer is written as `before` + answer + `after` of its frame, at one place: in front of the last line end of the
document, so that no editor has to make a line for it. A writer that streams it keeps all three at that place.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from dragoman.syntax.chat_document.front_matter import quoted
from dragoman.syntax.chat_document.lines import lines_of, open_fence
from dragoman.syntax.chat_document.marks import closing_mark, note_line, opening_mark
from dragoman.syntax.chat_document.nodes import ChatDocument, Turn
from dragoman.syntax.chat_document.parser import YOU
from dragoman.syntax.text import LINE_END, Span, TextEdit

_LAST_LINE_END = re.compile(r"(?:\r\n|\r|\n)\Z")


@dataclass(frozen=True, slots=True)
class AnswerFrame:
    r"""Where an answer goes and what goes around it, with `\\n` for line ends. `after` is what an answer ends in."""

    place: Span
    before: str
    after: str

    def ended(self, note: str = "", *, with_next_turn: bool = True) -> str:
        """`after` once nothing more comes: a note on what went wrong, and a heading for the next question."""
        ended = self.after
        if note:
            ended += f"\n\n{note_line(note)}"
        if with_next_turn:
            ended += f"\n\n## {YOU}\n"
        return ended


def new_chat_document(agent: str) -> str:
    """An empty chat document, ready for a question."""
    return f"---\nagent: {quoted(agent)}\n---\n\n## {YOU}\n\n"


def answer_frame(document: ChatDocument, agent: str, answer_id: str) -> AnswerFrame:
    """Where the next answer goes: to the end of the document. `answer_id`: letters, digits, `-`; never used before."""
    last = _LAST_LINE_END.search(document.text)
    place = last.start() if last else len(document.text)
    heading = f"## {' '.join(agent.split())}\n{opening_mark(answer_id)}\n\n"
    before = _closing_fence(document) + heading
    return AnswerFrame(Span(place, place), _gap(document.text[:place]) + before, f"\n\n{closing_mark(answer_id)}")


def repeated_answer_frame(answer: Turn, document: ChatDocument, agent: str, answer_id: str) -> AnswerFrame:
    """Where another answer goes that takes the place of `answer`, with its heading, its marks and its note."""
    end = answer.span.start + len(document.text[answer.span.start : answer.span.end].rstrip())
    before = f"## {' '.join(agent.split())}\n{opening_mark(answer_id)}\n\n"
    return AnswerFrame(Span(answer.span.start, end), before, f"\n\n{closing_mark(answer_id)}")


def begin_answer(document: ChatDocument, agent: str, answer_id: str) -> TextEdit:
    """The heading and the marks of an answer without any text yet."""
    frame = answer_frame(document, agent, answer_id)
    return _edit(document, frame.place.start, frame.before + frame.after)


def append_to_answer(document: ChatDocument, answer_id: str, text: str) -> TextEdit | None:
    """More text at the end of an answer; None if its marks are gone."""
    answer = document.answer(answer_id)
    if answer is None:
        return None
    start = answer.content.end if answer.text else _first_line_of(document, answer)
    return _edit(document, start, text)


def mark_incomplete(document: ChatDocument, answer_id: str, note: str) -> TextEdit | None:
    """A line below an answer that says what went wrong; None if its marks are gone."""
    answer = document.answer(answer_id)
    if answer is None:
        return None
    end = len(document.text[answer.span.start : answer.span.end].rstrip()) + answer.span.start
    return _edit(document, end, f"\n\n{note_line(note)}")


def add_prompt_heading(document: ChatDocument) -> TextEdit | None:
    """An empty turn of the user's at the end; None if the last one is the user's."""
    if document.turns and document.turns[-1].role == "user":
        return None
    last = _LAST_LINE_END.search(document.text)
    end = last.start() if last else len(document.text)
    ending = "" if last else "\n"
    return _edit(document, end, f"{_gap(document.text[:end])}## {YOU}\n{ending}")


def set_front_matter(document: ChatDocument, key: str, value: str) -> TextEdit | None:
    """`key: value` in the front matter, which is made where there is none; None if it is so already."""
    if document.front_matter is None:
        return _edit(document, 0, f"---\n{key}: {quoted(value)}\n---\n\n")
    entry = document.front_matter.entry(key)
    if entry is None:
        return _edit(document, document.front_matter.content.end, f"{key}: {quoted(value)}\n")
    if entry.value == value:
        return None
    blank = "" if document.text[entry.value_span.start - 1] in " \t" else " "
    return TextEdit(entry.value_span, blank + quoted(value))


def _first_line_of(document: ChatDocument, answer: Turn) -> int:
    """Where the text of an empty answer begins: behind the blank line below its opening mark."""
    mark = opening_mark(answer.answer_id or "")
    start = document.text.index(mark, answer.span.start) + len(mark)
    for _ in range(2):
        found = LINE_END.match(document.text, start)
        start = found.end() if found else start
    return start


def _closing_fence(document: ChatDocument) -> str:
    """What closes the fence that the user has left open: all that follows would be part of it."""
    last = document.turns[-1] if document.turns else None
    if last is None or (last.answer_id and closing_mark(last.answer_id) in document.text[last.span.start :]):
        return ""
    fence = open_fence(lines_of(document.text, last.content.start, last.content.end))
    return f"{fence.mark}\n\n" if fence else ""


def _gap(text: str) -> str:
    """What makes a blank line between `text` and what follows."""
    lines = LINE_END.split(text)
    if not text or (len(lines) > 2 and lines[-1] == lines[-2] == ""):
        return ""
    return "\n" if lines[-1] == "" else "\n\n"


def _edit(document: ChatDocument, at: int, text: str) -> TextEdit:
    """An insertion, with line ends as the document has them."""
    found = LINE_END.search(document.text)
    return TextEdit(Span(at, at), LINE_END.sub(found[0] if found else "\n", text))
