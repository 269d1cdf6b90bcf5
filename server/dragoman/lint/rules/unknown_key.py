"""A key that the format does not have.

It has no effect, so most likely another one was meant. AutoDev drops every agent of a file with an unknown key.

Example: `{"name": "docs", "url": "http://127.0.0.1:8765/", "responseFromat": "$.answer"}`
Instead: `{"name": "docs", "url": "http://127.0.0.1:8765/", "connector": {"responseFormat": "$.answer"}}`
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from dragoman.lint.diagnostic import Diagnostic, Fix, Severity, TextEdit
from dragoman.lint.subject import Breach, Subject
from dragoman.lint.suggest import closest, correction, likeness
from dragoman.schema.lookup import keys_at
from dragoman.syntax.jsonc import ObjectNode, encode_string, find_property
from dragoman.syntax.jsonc.editing import insert_entry, remove_entry

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
        return Diagnostic("unknown-key", message, breach.key, Severity.WARNING, tuple(_move(subject, key, home, inner)))
    if meant is None:
        message = f'Unknown key "{key}"; known here: {", ".join(free or known)}.'
        return Diagnostic("unknown-key", message, breach.key, Severity.WARNING)
    fixes = (correction(key, meant, breach.key, meant),) if meant in free else ()
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


def _move(subject: Subject, key: str, home: str, inner: str) -> Iterator[Fix]:
    """The fix that puts an entry of the agent into the object that it belongs into, or an object around it."""
    agent, entry = subject.node, find_property(subject.node, (key,))
    if not isinstance(agent, ObjectNode) or entry is None or entry.value is None:
        return
    value = subject.text[entry.value.span.start : entry.value.span.end]
    owner = agent.get(home)
    title = f"Move it into “{home}”{'' if inner == key else f', as “{inner}”'}"
    if owner is None:
        written = f"{encode_string(home)}: {{{encode_string(inner)}: {value}}}"
        yield Fix(title, (TextEdit(entry.span, written),), needs_user=True)
    elif isinstance(owner.value, ObjectNode) and owner.value.closed and owner.value.get(inner) is None:
        inserted = insert_entry(subject.text, 0, owner.value, inner, value)
        yield Fix(title, (*remove_entry(subject.text, agent, entry), *inserted), needs_user=True)
