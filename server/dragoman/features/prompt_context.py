"""How context goes into a prompt: fenced blocks of Markdown, or the placeholders of the agent's template.

Only what is listed is ever sent.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from dragoman.paths import path_of
from dragoman.project.document import Document
from dragoman.syntax.text import Span


@dataclass(frozen=True, slots=True)
class DocumentPart:
    """A piece of a document. `is_selection`: the user has selected it, so that templates can ask for `$selection`."""

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


def with_context(
    prompt: str, parts: tuple[DocumentPart | PlainText, ...], roots: tuple[Path, ...], *, has_own_selection: bool
) -> str:
    """The prompt, and behind it a block for each part; the selection has none where the template carries it itself."""
    blocks = [
        _block(part, roots)
        for part in parts
        if not (has_own_selection and isinstance(part, DocumentPart) and part.is_selection)
    ]
    return "\n\n".join([prompt, *blocks] if prompt else blocks)


def shown_path(uri: str, roots: tuple[Path, ...]) -> str:
    """A document's path below the workspace's folder, else its name: nothing about the rest of the machine."""
    path = path_of(uri)
    if path is None:
        return PurePosixPath(uri).name
    for root in roots:
        if path.is_relative_to(root):
            return path.relative_to(root).as_posix()
    return path.name


def _block(part: DocumentPart | PlainText, roots: tuple[Path, ...]) -> str:
    match part:
        case PlainText(text, label, language_id):
            return _fenced(label, text, language_id)
        case DocumentPart(document):
            return _fenced(f"{shown_path(document.uri, roots)}, {_lines(part)}", part.text, document.language_id)


def _lines(part: DocumentPart) -> str:
    lines, span = part.document.lines, part.span
    first = lines.line_at(span.start) + 1
    last = lines.line_at(max(span.start, span.end - 1)) + 1
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
