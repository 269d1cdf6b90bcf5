"""How context goes into a prompt: fenced blocks of Markdown, or the placeholders of the agent's template.

Only what is listed is ever sent.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TypeAlias

from dragoman.paths import path_of
from dragoman.project.document import Document
from dragoman.syntax.text import Span


@dataclass(frozen=True, slots=True)
class DocumentPart:
    """A piece of a document. `is_selection`: the user has selected it."""

    document: Document
    span: Span
    is_selection: bool = False

    @property
    def text(self) -> str:
        """The piece's own text."""
        return self.document.text[self.span.start : self.span.end]


@dataclass(frozen=True, slots=True)
class PlainText:
    """A text from elsewhere, such as the output of a command."""

    text: str
    label: str = ""
    language_id: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """A diagnostic. Lines count from 1; "" for what is not known of it, `source` and `code` name its rule."""

    first_line: int
    last_line: int
    message: str
    severity: str = ""
    source: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class Problems:
    """The diagnostics of a document."""

    uri: str
    problems: tuple[Problem, ...]


Part: TypeAlias = DocumentPart | PlainText | Problems


def context_block(part: Part, roots: tuple[Path, ...]) -> str:
    """What a part is behind a prompt: a fenced block of Markdown, headed by what it is."""
    match part:
        case PlainText(text, label, language_id):
            return _fenced(label, text, language_id)
        case DocumentPart(document):
            return _fenced(named(part, roots), part.text, document.language_id)
        case Problems(_, ()):
            return f"{named(part, roots)}: none are known."
        case Problems(_, problems):
            return _fenced(named(part, roots), "\n".join(map(_line, problems)), "")


def named(part: Part, roots: tuple[Path, ...]) -> str:
    """What a part is called, also for people who are asked whether it may be sent."""
    match part:
        case PlainText(_, label):
            return label or "a text"
        case DocumentPart(document, span):
            first = document.lines.line_at(span.start) + 1
            last = document.lines.line_at(max(span.start, span.end - 1)) + 1
            return f"{shown_path(document.uri, roots)}, {_lines(first, last)}"
        case Problems(uri):
            return f"{shown_path(uri, roots)}, diagnostics"


def shown_path(uri: str, roots: tuple[Path, ...]) -> str:
    """A document's path below the workspace's folder, else its name: nothing about the rest of the machine."""
    path = path_of(uri)
    if path is None:
        return PurePosixPath(uri).name
    for root in roots:
        if path.is_relative_to(root):
            return path.relative_to(root).as_posix()
    return path.name


def _line(problem: Problem) -> str:
    """`line 3: error: what is wrong (source code)`; the lines of a long message are indented."""
    severity = f"{problem.severity}: " if problem.severity else ""
    rule = " ".join(filter(None, (problem.source, problem.code)))
    message = "\n  ".join(problem.message.splitlines())
    return f"{_lines(problem.first_line, problem.last_line)}: {severity}{message}" + (f" ({rule})" if rule else "")


def _lines(first: int, last: int) -> str:
    return f"line {first}" if first == last else f"lines {first}-{last}"


def _fenced(heading: str, text: str, language_id: str) -> str:
    fence = "`" * max(3, _longest_run_of_backticks(text) + 1)
    ending = "" if text.endswith("\n") else "\n"
    block = f"{fence}{language_id}\n{text}{ending}{fence}"
    return f"{heading}:\n\n{block}" if heading else block


def _longest_run_of_backticks(text: str) -> int:
    longest = current = 0
    for character in text:
        current = current + 1 if character == "`" else 0
        longest = max(longest, current)
    return longest
