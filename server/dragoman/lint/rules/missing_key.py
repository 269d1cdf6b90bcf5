"""A key that is needed is not there.

An agent needs a `name` and a `url`; `auth` needs a `type` and a `token`. Without them nothing can be sent.

Example: `{"name": "docs"}`
Instead: `{"name": "docs", "url": "http://127.0.0.1:8765/"}`
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from dragoman.agents.built_in import load_provider
from dragoman.agents.starter import start_agent, token_reference
from dragoman.lint.diagnostic import Diagnostic, Fix
from dragoman.lint.subject import Subject
from dragoman.lint.suggest import closest
from dragoman.syntax.jsonc import ObjectNode, encode_string, find
from dragoman.syntax.jsonc.editing import insert_entry


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
        message = f'"{key}" is missing: {_whose(owner)} needs it.'
        yield Diagnostic("missing-key", message, breach.owner, fixes=tuple(_additions(subject, tuple(owner), str(key))))


def _whose(owner: Sequence[str | int]) -> str:
    match owner:
        case []:
            return "the agent"
        case [*_, list_key, int()]:
            return f'each entry of "{list_key}"'
        case _:
            return f'"{owner[-1]}"'


def _additions(subject: Subject, path: tuple[str | int, ...], key: str) -> Iterator[Fix]:
    """The fix that puts the key in, with a value to begin with, which its author has to look at."""
    owner = find(subject.node, path)
    if isinstance(owner, ObjectNode) and owner.closed and path[:2] != ("connector", "requestFormat"):
        edits = insert_entry(subject.text, 0, owner, key, encode_string(_beginning(subject, path, key)))
        yield Fix(f"Add “{key}”", edits, is_preferred=True, needs_user=True)


def _beginning(subject: Subject, path: tuple[str | int, ...], key: str) -> str:
    agent: Mapping[str, Any] = subject.value
    name, definition = agent.get("name"), subject.definition or load_provider("custom")
    begun = start_agent(definition) if definition else {}
    match path, key:
        case ("auth",), "type":
            return definition.auth_type or "Bearer" if definition else "Bearer"
        case ("auth",), "token":
            return token_reference(name if isinstance(name, str) else "agent")
        case (), _:
            return str(begun.get(key, ""))
        case _:
            return {"source": "$", "target": "$.query"}.get(key, "")
