"""A token stands in the file as it is.

Whoever sees the file sees the token: in version control, in a screen share, in a backup. A reference is resolved only
when a request is made.

Example: `{"auth": {"type": "Bearer", "token": "eyJhbGci"}}`
Instead: `{"auth": {"type": "Bearer", "token": "${env:DOCS_TOKEN}"}}`
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TypeGuard

from dragoman.agents.starter import variable_for
from dragoman.lint.diagnostic import Diagnostic, Fix, Severity, TextEdit
from dragoman.lint.references import broken_references
from dragoman.lint.subject import Subject
from dragoman.secrets.reference import find_references
from dragoman.syntax.jsonc import Node, ObjectNode, StringNode, encode_string, find
from dragoman.syntax.text import Span

_CREDENTIAL_HEADER = re.compile(r"authori[sz]ation|api-?key|token|secret|cookie", re.IGNORECASE)
_SCHEME = re.compile(r"(?:bearer|basic|token) +", re.IGNORECASE)


def check_cell(subject: Subject) -> Iterator[Diagnostic]:
    """One warning for each token that holds no reference: in `auth`, and in headers named like credentials."""
    token = find(subject.node, ("auth", "token"))
    if _is_plain(token):
        yield _diagnose(subject, token.span, "", encode_string)
    template = subject.request_template
    headers = find(template.node, ("customHeaders",)) if template else None
    if not template or not isinstance(headers, ObjectNode):
        return
    for header in headers.properties:
        if _CREDENTIAL_HEADER.search(header.key.value) and _is_plain(header.value):
            scheme = _SCHEME.match(header.value.value)
            yield _diagnose(subject, template.span(header.value.span), scheme[0] if scheme else "", template.encode)


def _is_plain(token: Node | None) -> TypeGuard[StringNode]:
    """Whether it holds no reference, nor what was meant for one, which is told of as such."""
    if not isinstance(token, StringNode) or not token.value.strip():
        return False
    return not any(find_references(token.value)) and not any(broken_references(token.value, others=True))


def _diagnose(subject: Subject, span: Span, scheme: str, encode: Callable[[str], str]) -> Diagnostic:
    agent = find(subject.node, ("name",))
    owner = agent.value if isinstance(agent, StringNode) else ""
    name = variable_for(owner, "TOKEN")
    # The token itself is left to the user to put elsewhere: a fix that sets a variable would have to write it down.
    reference = encode(f"{scheme}${{env:{name}}}")
    title = f"Read it from the environment variable {name}"
    fix = Fix(title, (TextEdit(span, reference),), is_preferred=True, needs_user=True)
    entry = f"${{keyring:dragoman/{'-'.join(re.findall(r'[a-z0-9]+', owner.lower())) or 'agent'}}}"
    kept = Fix("Read it from the system's keyring", (TextEdit(span, encode(f"{scheme}{entry}")),), needs_user=True)
    message = f"The token can be read by everyone who sees this file: use ${{env:{name}}} or ${{keyring:service/user}}."
    return Diagnostic("plain-token", message, span, Severity.WARNING, (fix, kept))
