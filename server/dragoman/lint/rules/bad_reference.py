"""Something that looks like a reference to a secret, and is none or never has a value.

References are `${env:NAME}`, a variable of the environment, and `${keyring:service/user}`, an entry of the system's
keyring. They stand in `url`, in the token, in headers and in templates; anything else is sent as it stands.

Example: `{"auth": {"type": "Bearer", "token": "${DOCS_TOKEN}"}}`
Instead: `{"auth": {"type": "Bearer", "token": "${env:DOCS_TOKEN}"}}`
"""

from __future__ import annotations

from collections.abc import Iterator

from dragoman.lint.diagnostic import Diagnostic, Severity
from dragoman.lint.references import broken_references
from dragoman.lint.subject import PlacedString, Subject
from dragoman.lint.suggest import replacement


def check_cell(subject: Subject) -> Iterator[Diagnostic]:
    """One warning for each."""
    for path in (("url",), ("auth", "token")):
        yield from _check(subject.strings(*path), others=True)
    yield from _check(subject.template_strings("customHeaders"), others=True)
    # In a template or a parameter, `${NAME}` may mean something to the agent.
    yield from _check(subject.template_strings("fields", "customFields"), others=False)
    yield from _check(subject.strings("parameters"), others=False)


def _check(strings: Iterator[PlacedString], *, others: bool) -> Iterator[Diagnostic]:
    for found in strings:
        for broken in broken_references(found.value, others=others) if "${" in found.value else ():
            span = found.place(broken.start, broken.end)
            # Nothing of what was found is repeated in the title or the message: it may be a secret.
            fix = replacement("Write it as a reference", span, found.write(broken.meant))
            fixes = (fix,) if broken.meant else ()
            yield Diagnostic("bad-reference", broken.message, span, Severity.WARNING, fixes)
