"""Making the safe fixes of a file, over and over until none is left."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from dragoman.lint.diagnostic import Diagnostic, Fix, TextEdit

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
        after = edited(mended.text, [edit for edits in fixes for edit in edits])
        mended, rounds = Mended(after, diagnose(after), mended.fixed + len(fixes)), rounds + 1
    return Mended(text, found)


def safe_fix(diagnostic: Diagnostic) -> Fix | None:
    """The fix that can be made unseen: the only one, or the only preferred one, if it leaves the user nothing to do."""
    fixes = [fix for fix in diagnostic.fixes if fix.edits]
    preferred = [fix for fix in fixes if fix.is_preferred]
    choice = preferred if preferred else fixes
    return choice[0] if len(choice) == 1 and not choice[0].needs_user else None


def edited(text: str, edits: Sequence[TextEdit]) -> str:
    """`text` after edits that do not overlap."""
    parts: list[str] = []
    end = 0
    for edit in sorted(edits, key=lambda edit: edit.span.start):
        parts += [text[end : edit.span.start], edit.new_text]
        end = edit.span.end
    return "".join([*parts, text[end:]])


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
