"""Taking out what a diagnostic marks: a key that means nothing, or a comment. Never done unseen."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from dragoman.agents.catalog import ProviderCatalog
from dragoman.features.code_action.quick_fix import QuickFix
from dragoman.lint.diagnostic import Diagnostic, Fix, TextEdit
from dragoman.lint.subject import Subject, key_mark
from dragoman.project.agent_file import AgentFile
from dragoman.syntax.jsonc import Node, ObjectNode, PropertyNode, walk
from dragoman.syntax.jsonc.editing import remove_entry
from dragoman.syntax.text import Span

REMOVABLE = frozenset(
    {
        *("unknown-key", "duplicate-key", "ignored-key", "deprecated-key"),
        *("unused-connector", "unused-interactive", "unused-flow"),
    }
)
"""Rules about keys without which the agent is as it was, or better."""

_BLANK_LINE_REST = re.compile(r"[ \t]*(?:\r\n|\r|\n|\Z)")


def removals(
    file: AgentFile, diagnostics: Sequence[Diagnostic], span: Span, catalog: ProviderCatalog
) -> Iterator[QuickFix]:
    """The fixes that take out what the diagnostics that touch `span` mark."""
    for diagnostic in diagnostics:
        if diagnostic.span.start > span.end or span.start > diagnostic.span.end:
            continue
        if diagnostic.code == "comment":
            edit = TextEdit(comment_with_blanks(file.text, diagnostic.span), "")
            yield QuickFix(diagnostic, Fix("Remove the comment", (edit,), needs_user=True))
        elif diagnostic.code in REMOVABLE:
            yield from (QuickFix(diagnostic, fix) for fix in _entry(file, diagnostic.span, catalog))


def _entry(file: AgentFile, mark: Span, catalog: ProviderCatalog) -> Iterator[Fix]:
    for start, cell in file.cells:
        if not start <= mark.start < start + max(cell.length, 1):
            continue
        subject = Subject(cell, file.text[start : start + cell.length], catalog)
        template = subject.request_template
        trees: list[tuple[Node | None, str, Callable[[Span], Span]]] = [(subject.node, subject.text, lambda span: span)]
        if template and subject.request_format:
            trees.append((template.node, template.text, template.span))
        for root, text, place in trees:
            for owner, entry in _entries(root):
                if mark in (place(key_mark(entry)).shifted(start), *_whole(entry, place, start)):
                    edits = (TextEdit(place(edit.span).shifted(start), "") for edit in remove_entry(text, owner, entry))
                    yield Fix(f"Remove “{entry.key.value}”", tuple(edits), needs_user=True)
                    return


def _entries(root: Node | None) -> Iterator[tuple[ObjectNode, PropertyNode]]:
    for node in walk(root) if root else ():
        if isinstance(node, ObjectNode):
            yield from ((node, entry) for entry in node.properties)


def _whole(entry: PropertyNode, place: Callable[[Span], Span], start: int) -> Iterator[Span]:
    """The other marks that rules make of an entry: its key with the quotes, and its value."""
    yield place(entry.key.span).shifted(start)
    if entry.value is not None:
        yield place(entry.value.span).shifted(start)


def comment_with_blanks(text: str, span: Span) -> Span:
    """A comment with its line, or with the blanks before it where something else stands there."""
    start = span.start
    while start > 0 and text[start - 1] in " \t":
        start -= 1
    line_end = _BLANK_LINE_REST.match(text, span.end)
    is_alone = (start == 0 or text[start - 1] in "\r\n") and line_end is not None
    return Span(start, line_end.end() if is_alone and line_end else span.end)
