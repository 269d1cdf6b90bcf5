"""The marks in a chat document: comments, which Markdown does not show.

`<!-- answer ID -->` stands right below an answer's heading and `<!-- /answer ID -->` behind the answer. Between them,
nothing ends it: neither a heading that the agent has written nor a fence that it has never closed. A document without
them is read by its headings.
"""

from __future__ import annotations

import re

_OPENING = re.compile(r"<!-- answer ([\w-]+) -->")
_CLOSING = re.compile(r"<!-- /answer ([\w-]+) -->")
_NOTE = re.compile(r"\*(.*)\* <!-- note -->")


def opening_mark(answer_id: str) -> str:
    """The line that begins an answer."""
    return f"<!-- answer {answer_id} -->"


def closing_mark(answer_id: str) -> str:
    """The line that ends it."""
    return f"<!-- /answer {answer_id} -->"


def note_line(note: str) -> str:
    """A line that says what became of an answer, for people; it is no part of any turn's text."""
    return f"*{' '.join(note.replace('*', ' ').split())}* <!-- note -->"


def opened_answer(line: str) -> str | None:
    """The id in a line that begins an answer."""
    found = _OPENING.fullmatch(line.strip())
    return found[1] if found else None


def closed_answer(line: str) -> str | None:
    """The id in a line that ends one."""
    found = _CLOSING.fullmatch(line.strip())
    return found[1] if found else None


def noted(line: str) -> str | None:
    """What a note says."""
    found = _NOTE.fullmatch(line.strip())
    return found[1] if found else None


def headed(line: str) -> str | None:
    """The name in a heading of the second level (CommonMark 4.2: hashes at its end do not count)."""
    if not line.startswith("## "):
        return None
    name = line[3:].strip()
    without = name.rstrip("#")
    return without.strip() if without[-1:] in ("", " ", "\t") else name
