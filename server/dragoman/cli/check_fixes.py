"""Making the safe fixes of a file, over and over until none is left; and the difference that they make."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from dragoman.cli.report.findings import safe_fix
from dragoman.lint.diagnostic import Diagnostic, TextEdit

_MOST_ROUNDS = 100


@dataclass(frozen=True, slots=True)
class Mended:
    """A text after its fixes, what is left to say of it, and how many fixes were made."""

    text: str = field(repr=False)
    left: Sequence[Diagnostic]
    fixed: int = 0


def mend(text: str, diagnose: Callable[[str], Sequence[Diagnostic]]) -> Mended:
    """Make every safe fix, also those that others lead to. If that comes to no end, none is made."""
    found = diagnose(text)
    mended, rounds = Mended(text, found), 0
    while rounds < _MOST_ROUNDS:
        fixes = list(_apart(mended.left))
        if not fixes:
            return mended
        after = _edited(mended.text, [edit for edits in fixes for edit in edits])
        mended, rounds = Mended(after, diagnose(after), mended.fixed + len(fixes)), rounds + 1
    return Mended(text, found)


def difference(name: str, before: str, after: str) -> Iterator[str]:
    """A unified diff that `patch -p0` can apply, line by line, each with its line end."""
    for line in difflib.unified_diff(_lines(before), _lines(after), name, name):
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def _apart(diagnostics: Sequence[Diagnostic]) -> Iterator[tuple[TextEdit, ...]]:
    """The edits of the safe fixes that touch no other's; the others have to wait for the next round."""
    fixes = [fix.edits for fix in map(safe_fix, diagnostics) if fix]
    behind = -1
    for edits in sorted(fixes, key=_start):
        if _start(edits) > behind:
            behind = max(edit.span.end for edit in edits)
            yield edits


def _start(edits: tuple[TextEdit, ...]) -> int:
    return min(edit.span.start for edit in edits)


def _edited(text: str, edits: Sequence[TextEdit]) -> str:
    parts: list[str] = []
    end = 0
    for edit in sorted(edits, key=lambda edit: edit.span.start):
        parts += [text[end : edit.span.start], edit.new_text]
        end = edit.span.end
    return "".join([*parts, text[end:]])


def _lines(text: str) -> list[str]:
    return re.findall(r"[^\n]*\n|[^\n]+", text)
