"""Did you mean …?"""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher
from functools import lru_cache

from dragoman.lint.diagnostic import Fix, TextEdit
from dragoman.syntax.text import Span

_CLOSE = 0.66
"""The likeness from which on one word may be meant for another; below it, suggestions are noise."""

_SURE = 0.75
"""The likeness from which on a word of a short list is certainly meant: `nmae` is `name`, `stream` hardly `system`."""


def closest(word: str, choices: Sequence[str]) -> str | None:
    """The one of `choices` that `word` was most likely meant to be; letter case and separators hardly count."""
    best = max(choices, key=lambda choice: likeness(word, choice), default=None)
    return best if best is not None and likeness(word, best) >= _CLOSE else None


@lru_cache(maxsize=8192)  # one mistake is often made in many agents
def likeness(word: str, choice: str) -> float:
    """How much two words are alike, 0 to 1."""
    return SequenceMatcher(None, _plain(word), _plain(choice)).ratio()


def replacement(title: str, span: Span, new_text: str) -> Fix:
    """The fix that puts `new_text` in place of `span`."""
    return Fix(title, (TextEdit(span, new_text),), is_preferred=True)


def correction(word: str, meant: str, span: Span, new_text: str) -> Fix:
    """The fix that writes `meant`, one of the few words that can stand there, in place of `word`."""
    return Fix(f"Change to “{meant}”", (TextEdit(span, new_text),), True, needs_user=likeness(word, meant) < _SURE)


def proposal(meant: str, span: Span, new_text: str) -> Fix:
    """The same where any other word may be right as well: never made unseen, however much alike the two are."""
    return Fix(f"Change to “{meant}”", (TextEdit(span, new_text),), True, needs_user=True)


def _plain(word: str) -> str:
    return word.lower().replace("_", "").replace("-", "").replace(" ", "")
