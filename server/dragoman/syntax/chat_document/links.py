"""`@file` links in prompts."""

from __future__ import annotations

import re
from collections.abc import Iterator

from dragoman.syntax.chat_document.lines import Line
from dragoman.syntax.chat_document.nodes import Link
from dragoman.syntax.text import Span

# Behind a letter it is an address of a person, behind another "@" or a path nothing of ours.
_LINK = re.compile(r'(?<![\w@./\\])@(?:"([^"]+)"|([^\s"#`@]+))(?:#L(\d{1,9})(?:-L?(\d{1,9}))?)?')
_TICKS = re.compile("`+")
_CLOSING = ".,;:!?)]}>'"
"""What ends a sentence and no path."""


def links_in(line: Line) -> Iterator[Link]:
    """The links of a line of prose; what stands between backticks is none."""
    code = _code_spans(line.text)
    for found in _LINK.finditer(line.text):
        if any(start < found.start() < end for start, end in code):
            continue
        link = _link(found, line.start)
        if link is not None:
            yield link


def _link(found: re.Match[str], offset: int) -> Link | None:
    group = 1 if found[1] is not None else 2
    path, end = found[group], found.end()
    if group == 2 and found[3] is None:
        path = path.rstrip(_CLOSING)
        end = found.start(2) + len(path)
    if not path:
        return None
    start = found.start(group)
    return Link(
        path, Span(found.start(), end).shifted(offset), Span(start, start + len(path)).shifted(offset), _lines(found)
    )


def _lines(found: re.Match[str]) -> tuple[int, int] | None:
    if found[3] is None:
        return None
    first = max(int(found[3]), 1)
    return first, max(first, int(found[4] or first))


def _code_spans(text: str) -> list[tuple[int, int]]:
    """From a run of backticks to the next one of that length (CommonMark 6.1)."""
    runs = [found.span() for found in _TICKS.finditer(text)]
    next_of_length: dict[int, int] = {}
    closing: dict[int, int] = {}
    for index in range(len(runs) - 1, -1, -1):
        length = runs[index][1] - runs[index][0]
        closing[index] = next_of_length.get(length, -1)
        next_of_length[length] = index
    spans: list[tuple[int, int]] = []
    index = 0
    while index < len(runs):
        end = closing[index]
        if end >= 0:
            spans.append((runs[index][0], runs[end][1]))
        index = end + 1 if end >= 0 else index + 1
    return spans
