"""The tokens of a text that is known to be sound, and what may stand between those of any text: blanks and comments.

All patterns are possessive: others remember a place to come back to for each character, a gigabyte for a long string.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from dragoman.syntax.jsonc.nodes import Problem

TOKEN = re.compile(
    r'"[^"\\]*+(?:\\.[^"\\]*+)*+"|//[^\r\n]*+|/\*.*?\*/|[{}\[\],:]|[^\s{}\[\],:"/]++',
    re.DOTALL,
)
"""A token or a comment."""

COMMENT = re.compile(r"//[^\r\n]*+|/\*.*?\*/", re.DOTALL)
_TRIVIA = re.compile(r"(?:\s++|//[^\r\n]*+|/\*.*?\*/)*+", re.DOTALL)


def is_sound(problems: Iterable[Problem]) -> bool:
    """Whether the tokens of a text can be told for certain: nothing is wrong beyond what only strict JSON forbids."""
    return all(problem.code in ("comment", "trailing-comma") for problem in problems)


def trivia_end(text: str, at: int) -> int:
    """Where the blanks and comments that begin at `at` end."""
    match = _TRIVIA.match(text, at)
    return match.end() if match else at
