"""The front matter of a chat document: `key: value` lines between two `---`. Not YAML, but what YAML has of that."""

from __future__ import annotations

import re

from dragoman.syntax.chat_document.lines import Line, lines_of
from dragoman.syntax.chat_document.nodes import Entry, FrontMatter
from dragoman.syntax.text import Span

_ENTRY = re.compile(r"([A-Za-z_][\w-]*)[ \t]*:(?:[ \t]+|$)")
_NEEDS_QUOTES = re.compile(r"^[\s!&*\-?|>@`%{}\[\],#:\"'~]|[:#]|\s$|^$")
_COMMENT = re.compile(r"(?:^|[ \t])#")
_ESCAPED = re.compile(r"\\(.)")


def read_front_matter(text: str) -> FrontMatter | None:
    """The front matter, if the text begins with one that ends."""
    lines = lines_of(text)
    first = next(lines, None)
    if first is None or first.text.removeprefix("\ufeff").rstrip() != "---":
        return None
    entries: list[Entry] = []
    for line in lines:
        if line.text.rstrip() in ("---", "..."):
            return FrontMatter(Span(0, line.next), Span(first.next, line.start), tuple(entries))
        entry = _entry(line)
        if entry is not None:
            entries.append(entry)
    return None


def quoted(value: str) -> str:
    """`value` as it can stand behind a colon, on one line."""
    value = " ".join(value.split())
    if not _NEEDS_QUOTES.search(value):
        return value
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _entry(line: Line) -> Entry | None:
    found = _ENTRY.match(line.text)
    if found is None:
        return None
    raw = line.text[found.end() :]
    value, length = _value(raw)
    start = line.start + found.end()
    return Entry(found[1], value, line.span, Span(start, start + length))


def _value(raw: str) -> tuple[str, int]:
    """A value, and how many characters it takes. A quote that is never closed goes to the end of the line."""
    if raw[:1] == '"':
        found = re.match(r'"((?:[^"\\]|\\.)*)("|$)', raw)
        if found is not None:
            return _ESCAPED.sub(r"\1", found[1]), found.end()
    if raw[:1] == "'":
        found = re.match(r"'((?:[^']|'')*)('|$)", raw)
        if found is not None:
            return found[1].replace("''", "'"), found.end()
    comment = _COMMENT.search(raw)
    value = raw[: comment.start()] if comment else raw
    return value.strip(), len(value.rstrip())
