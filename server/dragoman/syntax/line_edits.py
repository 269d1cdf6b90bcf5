"""The difference between two texts as edits of whole lines."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher

from dragoman.syntax.text import Span, TextEdit

_MOST_LINES = 4000
"""Of a file whose changes are told line by line; of a longer one they are told as one."""


def line_edits(before: str, after: str) -> Iterator[TextEdit]:
    """The edits that make `after` of `before`, in whole lines."""
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    if len(old) + len(new) > _MOST_LINES:
        yield TextEdit(Span(0, len(before)), after)
        return
    starts = [0]
    for line in old:
        starts.append(starts[-1] + len(line))
    for kind, first, last, first_new, last_new in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind != "equal":
            yield TextEdit(Span(starts[first], starts[last]), "".join(new[first_new:last_new]))
