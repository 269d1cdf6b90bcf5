"""Switching a rule off where it speaks, by a comment above the line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from dragoman.features.code_action.quick_fix import QuickFix
from dragoman.lint.diagnostic import Diagnostic, Fix, Severity, TextEdit
from dragoman.lint.directive import NEXT_LINE, directives_in
from dragoman.lint.registry import OPTIONAL, RULES_BY_NAME
from dragoman.project.agent_file import AgentFile
from dragoman.syntax.text import Span, line_start, newline_of

_BLANKS = re.compile(r"\ufeff?([ \t]*)")
_REST_OF_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)")
_ABOUT_WHAT_IS_NO_JSON = frozenset({"comment", "trailing-comma", "disable-comment"})


def disablings(file: AgentFile, diagnostics: Sequence[Diagnostic], span: Span) -> Iterator[QuickFix]:
    """For each warning and each piece of information that touches `span`, the comment that switches its rule off."""
    for diagnostic in diagnostics:
        if diagnostic.span.start <= span.end and span.start <= diagnostic.span.end and _can_be_off(diagnostic):
            edit = _comment(file, diagnostic)
            if edit is not None:
                title = f"Switch “{diagnostic.code}” off for this line"
                yield QuickFix(diagnostic, Fix(title, (edit,), needs_user=True))


def _can_be_off(diagnostic: Diagnostic) -> bool:
    """An agent with an error cannot be asked, whatever is shown; and AutoDev drops a file with any comment."""
    rule = RULES_BY_NAME.get(diagnostic.code)
    is_open = rule is not None and rule.group != OPTIONAL and rule.name not in _ABOUT_WHAT_IS_NO_JSON
    return is_open and diagnostic.severity is not Severity.ERROR


def _comment(file: AgentFile, diagnostic: Diagnostic) -> TextEdit | None:
    """The edit that adds the rule to the comment above, else a comment; None inside of another one."""
    text, start = file.text, line_start(file.text, diagnostic.span.start)
    for directive in directives_in(file):
        if directive.word == NEXT_LINE and _REST_OF_LINE.fullmatch(text, directive.span.end, start):
            end = directive.names[-1].span.end
            return TextEdit(Span(end, end), f", {diagnostic.code}")
    if any(at + comment.start < start < at + comment.end for at, cell in file.cells for comment in cell.comments):
        return None
    blanks = _BLANKS.match(text, start)
    place = blanks.start(1) if blanks else start
    margin = blanks[1] if blanks else ""
    return TextEdit(Span(place, place), f"{margin}// {NEXT_LINE} {diagnostic.code}{newline_of(text)}")
