"""Texts that show what is meant by marks: «…» around a piece of them, | for the caret."""

from __future__ import annotations

import re

from dragoman.syntax.text import Span


def unmark(marked: str) -> tuple[str, list[Span]]:
    """The text without its marks, and what they were around, in the order of the opening ones."""
    text = ""
    starts: list[int] = []
    ends: dict[int, int] = {}
    opened: list[int] = []
    for piece in re.split("([«»])", marked):
        if piece == "«":
            opened.append(len(starts))
            starts.append(len(text))
        elif piece == "»":
            ends[opened.pop()] = len(text)
        else:
            text += piece
    assert not opened, f"not closed: {marked}"
    return text, [Span(start, ends[index]) for index, start in enumerate(starts)]


def mark(text: str, spans: list[Span]) -> str:
    """The text with marks around `spans`; the opposite of `unmark`."""
    marks = [(span.end, 0, -span.start, "»") for span in spans if span.start < span.end]
    marks += [(span.start, 2, -span.end, "«") for span in spans if span.start < span.end]
    marks += [(span.start, 1, 0, "«»") for span in spans if span.start == span.end]
    for offset, _, _, sign in sorted(marks, reverse=True):
        text = text[:offset] + sign + text[offset:]
    return text


def at_caret(marked: str) -> tuple[str, int]:
    """The text without its `|`, and where that was."""
    before, _, after = marked.partition("|")
    return before + after, len(before)
