"""What to say of a rule or group that there is not."""

from __future__ import annotations

from dragoman.lint.registry import GROUPS, RULES_BY_NAME
from dragoman.lint.suggest import closest
from dragoman.syntax.printable import printable


def no_such_rule(name: str) -> str:
    """A sentence, with the rule that was meant where one is close."""
    meant = closest(name, [*RULES_BY_NAME, *GROUPS])
    return f"there is no rule {printable(name)}: {f'did you mean {meant}?' if meant else 'dragoman explain lists them'}"
