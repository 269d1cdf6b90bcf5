"""One edit as several changes, as editors tell of it that leave alone what an edit takes away and writes again."""

from __future__ import annotations

from difflib import SequenceMatcher


def parts_between(old: str, new: str) -> list[tuple[int, int, str]]:
    """What to replace in `old`, as start, end and new text. From behind, so no change moves the ones after it."""
    steps = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return [(start, end, new[begin:stop]) for kind, start, end, begin, stop in reversed(steps) if kind != "equal"]
