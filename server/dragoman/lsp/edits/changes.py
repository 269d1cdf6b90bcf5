"""What has changed between two versions of a text: one stretch of it, found anew from the texts alone.

What a client reports is not used. Some clients report the whole text, some a stretch much larger than what was typed,
and an insertion of "ab" before "ab" can be reported at three places; the texts are what counts.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Change:
    """`removed` characters gave way to `added` new ones, at an offset anywhere from `earliest` to `latest`.

    The two differ only where something was merely added, or merely removed, next to more of the same: another "a" in
    "aa" can have been typed at three places, and nobody can tell which. A place that only one of them would harm is
    not harmed.
    """

    earliest: int
    latest: int
    removed: int
    added: int

    @property
    def growth(self) -> int:
        """By how many characters the text has become longer."""
        return self.added - self.removed

    @property
    def size(self) -> int:
        """How many characters came or went."""
        return self.added + self.removed


def change_between(before: str, after: str) -> Change:
    """The smallest single change that makes `after` of `before`."""
    same_start, same_end = _common_start(before, after), _common_end(before, after)
    shorter = min(len(before), len(after))
    if same_start + same_end < shorter:
        outside = same_start + same_end
        return Change(same_start, same_start, len(before) - outside, len(after) - outside)
    return Change(shorter - same_end, same_start, len(before) - shorter, len(after) - shorter)


def _common_start(one: str, other: str) -> int:
    """How many characters at the start are the same. By halves: comparing slices is a thousand times as fast."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _common_end(one: str, other: str) -> int:
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[len(one) - middle : len(one) - low] == other[len(other) - middle : len(other) - low]:
            low = middle
        else:
            high = middle - 1
    return low
