"""What can be completed where a caret stands in a chat document. Spans are what a completion replaces."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TypeAlias

from dragoman.syntax.chat_document.lines import lines_of, open_fence
from dragoman.syntax.chat_document.nodes import ChatDocument
from dragoman.syntax.text import Span, line_start

_AGENT = re.compile(r"agent[ \t]*:[ \t]*")
_HEADING = re.compile(r"##?[ \t]*")
_LINK = re.compile(r'(?<![\w@./\\])@(?:"([^"]*)|([^\s"#`@]*))\Z')
_REST_OF_PATH = re.compile(r"[^\s\"#`@]*")
_REST_OF_QUOTED_PATH = re.compile(r'[^"]*"?')


@dataclass(frozen=True, slots=True)
class AgentValue:
    """The value of `agent:`. `typed` is what stands before the caret."""

    span: Span
    typed: str


@dataclass(frozen=True, slots=True)
class FileLink:
    """The path of a link, quotes included; the `@` before it stays."""

    span: Span
    typed: str


@dataclass(frozen=True, slots=True)
class TurnHeading:
    """A heading of a turn: a whole line."""

    span: Span
    typed: str


Completable: TypeAlias = AgentValue | FileLink | TurnHeading


def completable_at(document: ChatDocument, offset: int) -> Completable | None:
    """What a completion at `offset` is about; None where there is nothing to offer."""
    start = line_start(document.text, offset)
    line = next(lines_of(document.text, start)).text if start < len(document.text) else ""
    column = offset - start
    if document.front_matter and document.front_matter.content.start <= offset <= document.front_matter.content.end:
        return _agent_value(line, column, start)
    if _is_hidden(document, start):
        return None
    return _heading(line, column, start) or _file_link(document, line, column, start)


def _agent_value(line: str, column: int, start: int) -> AgentValue | None:
    found = _AGENT.match(line)
    if found is None or column < found.end():
        return None
    return AgentValue(Span(found.end(), max(len(line.rstrip()), column)).shifted(start), line[found.end() : column])


def _heading(line: str, column: int, start: int) -> TurnHeading | None:
    found = _HEADING.match(line)
    if found is None or column < 1 or line[found.end() : found.end() + 1] == "#":
        return None
    return TurnHeading(Span(0, len(line)).shifted(start), line[min(found.end(), column) : column])


def _file_link(document: ChatDocument, line: str, column: int, start: int) -> FileLink | None:
    turn = document.turn_at(start + column)
    found = _LINK.search(line, 0, column)
    if found is None or (turn is not None and turn.role == "agent"):
        return None
    rest = _REST_OF_PATH if found[1] is None else _REST_OF_QUOTED_PATH
    behind = rest.match(line, column)
    end = behind.end() if behind else column
    return FileLink(Span(found.start() + 1, end).shifted(start), found[1] if found[1] is not None else found[2])


def _is_hidden(document: ChatDocument, start: int) -> bool:
    """Whether the line at `start` stands within an answer's marks or a fence."""
    turn = document.turn_at(start)
    if turn is None:
        return False
    if turn.answer_id is not None and start <= turn.content.end:
        return True
    return open_fence(lines_of(document.text, min(turn.content.start, start), start)) is not None
