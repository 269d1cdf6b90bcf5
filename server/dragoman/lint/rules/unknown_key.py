"""A key that the format does not have.

It has no effect, so most likely another one was meant. AutoDev drops every agent of a file with an unknown key.

Example: `{"name": "docs", "url": "http://127.0.0.1:8765/", "responseFromat": "$.answer"}`
Instead: `{"name": "docs", "url": "http://127.0.0.1:8765/", "connector": {"responseFormat": "$.answer"}}`
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from dragoman.lint.diagnostic import Diagnostic, Severity
from dragoman.lint.subject import Breach, Subject
from dragoman.lint.suggest import closest, likeness, replacement
from dragoman.schema.lookup import keys_at

_HOMES = ("connector", "auth", "parameters", "flow")


def check_cell(subject: Subject) -> Iterator[Diagnostic]:
    """One warning for each unknown key, with the key that was meant where one is close."""
    for breach in subject.breaches_of("additionalProperties"):
        if breach.key is not None:
            yield _diagnose(breach, str(breach.violation.path[-1]), subject)


def _diagnose(breach: Breach, key: str, subject: Subject) -> Diagnostic:
    assert breach.key is not None, "an unknown key stands in the text"
    known, present = breach.violation.expected, breach.violation.found
    free = [other for other in known if other not in present]
    meant = closest(key, free) or closest(key, known)
    home, inner = _home_of(key, breach.violation.path[:-1], subject)
    if inner and (meant is None or likeness(key, inner) > likeness(key, meant)):
        message = f'Unknown key "{key}": did you mean "{inner}" inside "{home}"?'
        return Diagnostic("unknown-key", message, breach.key, Severity.WARNING)
    if meant is None:
        message = f'Unknown key "{key}"; known here: {", ".join(free or known)}.'
        return Diagnostic("unknown-key", message, breach.key, Severity.WARNING)
    fixes = (replacement(f"Change to “{meant}”", breach.key, meant),) if meant in free else ()
    hint = "" if meant in free else " That is here already."
    message = f'Unknown key "{key}": did you mean "{meant}"?{hint}'
    return Diagnostic("unknown-key", message, breach.key, Severity.WARNING, fixes)


def _home_of(key: str, path: Sequence[str | int], subject: Subject) -> tuple[str, str | None]:
    """For a key that stands a level too high: the object that it belongs into, and how it is written there."""
    agent, form = subject.value, subject.providers.form
    if path or not isinstance(agent, Mapping):
        return "", None
    homes = {home: closest(key, list(keys_at(agent, (home,), form))) for home in _HOMES}
    return max(homes.items(), key=lambda item: likeness(key, item[1]) if item[1] else 0.0)
