"""A value is of the right kind, and not one that may stand there.

Either only certain words are allowed (`responseAction`, `interactive`, `auth.type`), or there is a bound (a temperature
above 1), or some text that must not be empty is.

Example: `{"name": "docs", "url": "http://127.0.0.1:8765/", "interactive": "Sidebar"}`
Instead: `{"name": "docs", "url": "http://127.0.0.1:8765/", "interactive": "RightPanel"}`
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from dragoman.lint.diagnostic import Diagnostic
from dragoman.lint.rules.bad_header import is_value
from dragoman.lint.rules.enum_case import other_case_of
from dragoman.lint.subject import Subject
from dragoman.lint.suggest import closest, correction
from dragoman.syntax.jsonc import encode_string
from dragoman.syntax.text import Span

SENTENCES: dict[str, Callable[[Any], str]] = {
    "minimum": lambda bound: f"must be at least {bound}.",
    "maximum": lambda bound: f"must be at most {bound}.",
    "exclusiveMinimum": lambda bound: f"must be more than {bound}.",
    "minLength": lambda least: "must not be empty." if least == 1 else f"must have at least {least} characters.",
    "pattern": lambda _: "holds characters that may not stand there.",
}
"""Keyword of the schema → what it asks for, as the end of a sentence."""


def check_cell(subject: Subject) -> Iterator[Diagnostic]:
    """One error for each value that may not stand where it does."""
    for breach in subject.breaches_of("enum", *SENTENCES):
        violation = breach.violation
        key, span = violation.path[-1], breach.value or breach.owner
        if violation.keyword == "enum":
            if other_case_of(violation) is None:
                yield _diagnose_enum(str(key), violation.found, violation.expected, span)
        elif violation.path != ("url",) and not (violation.keyword == "pattern" and is_value(violation.path)):
            yield Diagnostic("wrong-value", f'"{key}" {SENTENCES[violation.keyword](violation.expected)}', span)


def _diagnose_enum(key: str, found: Any, allowed: list[str], span: Span) -> Diagnostic:
    meant = closest(found, allowed) if isinstance(found, str) else None
    choices = ", ".join(allowed)
    if meant is None:
        return Diagnostic("wrong-value", f'"{key}" must be one of: {choices}.', span)
    fix = correction(found, meant, span, encode_string(meant))
    return Diagnostic("wrong-value", f'"{key}" has no value "{found}": did you mean "{meant}"?', span, fixes=(fix,))
