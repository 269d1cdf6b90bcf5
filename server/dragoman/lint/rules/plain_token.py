"""A token stands in the file as it is.

Whoever sees the file sees the token: in version control, in a screen share, in a backup. A reference is resolved only
when a request is made.

Example: `{"auth": {"type": "Bearer", "token": "eyJhbGci"}}`
Instead: `{"auth": {"type": "Bearer", "token": "${env:DOCS_TOKEN}"}}`
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from dragoman.lint.diagnostic import Diagnostic, Severity
from dragoman.lint.subject import Subject
from dragoman.lint.suggest import replacement
from dragoman.secrets.reference import find_references
from dragoman.syntax.jsonc import StringNode, encode_string, find


def check_cell(subject: Subject) -> Iterator[Diagnostic]:
    """One warning for a token that holds no reference."""
    token = find(subject.node, ("auth", "token"))
    if not isinstance(token, StringNode) or not token.value.strip() or any(find_references(token.value)):
        return
    name = _variable_for(find(subject.node, ("name",)))
    # The token itself is left to the user to put elsewhere: a fix that sets a variable would have to write it down.
    fix = replacement(f"Read it from the environment variable {name}", token.span, encode_string(f"${{env:{name}}}"))
    message = f"The token can be read by everyone who sees this file: use ${{env:{name}}} or ${{keyring:service/user}}."
    yield Diagnostic("plain-token", message, token.span, Severity.WARNING, (fix,))


def _variable_for(name: object) -> str:
    words = re.findall(r"[A-Z0-9]+", name.value.upper()) if isinstance(name, StringNode) else []
    prefix = "_".join(words)
    return f"{prefix}_TOKEN" if prefix and not prefix[0].isdigit() else "AGENT_TOKEN"
