"""Completion in a chat document: agents, headings, files to link to, and lines of those."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dragoman.features.agents import AgentStatus
from dragoman.features.completion import CompletionItem
from dragoman.syntax.chat_document import YOU, AgentValue, ChatDocument, FileLink, TurnHeading, completable_at
from dragoman.syntax.chat_document.front_matter import quoted
from dragoman.syntax.text import LineIndex, Span, line_start

MOST_FILES = 50
"""Files that are offered at once; with more letters, others are."""

_MOST_SECTIONS = 100

_LINES = re.compile(r'(?<![\w@./\\])@(?:"([^"]+)"|([^\s"#`@]+))#(L?[\dL-]*)\Z')
_PLAIN_PATH = re.compile(r"[^\s\"#`@]*[^\s\"#`@.,;:!?)\]}>']")


@dataclass(frozen=True, slots=True)
class LinkedLines:
    """The lines of a link, behind its `#`. `path` is the file's as it is written, `typed` what stands there."""

    span: Span
    path: str
    typed: str


def linked_lines_at(document: ChatDocument, offset: int) -> LinkedLines | None:
    """The lines that are being typed at `offset`."""
    turn = document.turn_at(offset)
    if turn is None or turn.role == "agent":
        return None
    start = line_start(document.text, offset)
    found = _LINES.search(document.text[start:offset])
    return LinkedLines(Span(start + found.start(3), offset), found[1] or found[2], found[3]) if found else None


def complete_name(document: ChatDocument, offset: int, agents: Sequence[AgentStatus]) -> list[CompletionItem]:
    """The agents for `agent:`, or the headings of turns; nothing elsewhere."""
    match completable_at(document, offset):
        case AgentValue(span):
            return [_agent(status, span) for status in agents]
        case TurnHeading(span):
            names = [YOU, *dict.fromkeys(status.known.agent.name for status in agents)]
            return [_heading(name, span) for name in names]
        case _:
            return []


def link_at(document: ChatDocument, offset: int) -> FileLink | None:
    """The link that is being typed at `offset`."""
    place = completable_at(document, offset)
    return place if isinstance(place, FileLink) else None


def complete_link(document: ChatDocument, place: FileLink, files: Sequence[str]) -> list[CompletionItem]:
    """The files, in the order in which they were found to fit."""
    quote = '"' if document.text[place.span.start : place.span.start + 1] == '"' else ""
    return [
        CompletionItem(
            path, "file", place.span, _written(path, quote), is_snippet=False, filter_text=_filter(path, place, quote)
        )
        for path in files
    ]


def complete_lines(text: str, place: LinkedLines) -> list[CompletionItem]:
    """All lines of a file, and its parts: each begins at a line without indentation that indented ones follow."""
    lines = LineIndex(text)
    whole = (1, max(lines.line_count - (1 if text.endswith(("\n", "\r")) else 0), 1), "the whole file")
    return [
        CompletionItem(_range(first, last), "lines", place.span, _range(first, last), False, _range(first, last), title)
        for first, last, title in [whole, *_sections(lines)][:_MOST_SECTIONS]
    ]


def _agent(status: AgentStatus, span: Span) -> CompletionItem:
    agent = status.known.agent
    told = agent.description if status.is_usable else (status.problems[0] if status.problems else "It is switched off.")
    return CompletionItem(agent.name, "name", span, quoted(agent.name), False, quoted(agent.name), told)


def _heading(name: str, span: Span) -> CompletionItem:
    heading = f"## {name}"
    return CompletionItem(heading, "name", span, heading, is_snippet=False, filter_text=heading)


def _written(path: str, quote: str) -> str:
    return path if not quote and _PLAIN_PATH.fullmatch(path) else f'"{path}"'


def _filter(path: str, place: FileLink, quote: str) -> str:
    """What clients compare with what was typed. Some look at the beginning only, and the files were chosen by more."""
    fits = path.lower().startswith(place.typed.lower())
    return quote + (path if fits else f"{place.typed} {path}")


def _range(first: int, last: int) -> str:
    return f"L{first}" if first == last else f"L{first}-L{last}"


def _sections(lines: LineIndex) -> Iterator[tuple[int, int, str]]:
    """First line, last line (from 1) and title of each part."""
    begun: int | None = None
    last = 0
    for number in range(lines.line_count):
        line = lines.line_text(number)
        if not line.strip():
            continue
        if line[0].isspace():
            last = number
        elif not line[0].isalpha() and line[0] not in "_@":
            last = number if begun is not None and last > begun else last  # such as the closing brace
        else:
            if begun is not None and last > begun:
                yield begun + 1, last + 1, lines.line_text(begun).strip()
            begun, last = number, number
    if begun is not None and last > begun:
        yield begun + 1, last + 1, lines.line_text(begun).strip()
