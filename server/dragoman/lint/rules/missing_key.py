"""A key that is needed is not there.

An agent needs a `name` and a `url`; `auth` needs a `type` and a `token`. Without them nothing can be sent.

Example: `{"name": "docs"}`
Instead: `{"name": "docs", "url": "http://127.0.0.1:8765/"}`
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dragoman.lint.diagnostic import Diagnostic
from dragoman.lint.subject import Subject
from dragoman.lint.suggest import closest


def check_cell(subject: Subject) -> Iterator[Diagnostic]:
    """One error for each missing key, at the agent's name, else at the opening brace."""
    misspelt = {
        (*breach.violation.path[:-1], closest(str(breach.violation.path[-1]), breach.violation.expected))
        for breach in subject.breaches_of("additionalProperties")
    }
    for breach in subject.breaches_of("required"):
        if breach.violation.path in misspelt:
            continue  # told as an unknown key already
        *owner, key = breach.violation.path
        yield Diagnostic("missing-key", f'"{key}" is missing: {_whose(owner)} needs it.', breach.owner)


def _whose(owner: Sequence[str | int]) -> str:
    match owner:
        case []:
            return "the agent"
        case [*_, list_key, int()]:
            return f'each entry of "{list_key}"'
        case _:
            return f'"{owner[-1]}"'
