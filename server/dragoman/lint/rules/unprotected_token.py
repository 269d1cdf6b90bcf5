"""A token would travel over the network without encryption.

With `http://` everybody on the way can read it. Only an agent on this machine can do without `https://`.

Example: `{"url": "http://docs.example/chat", "auth": {"type": "Bearer", "token": "${env:DOCS_TOKEN}"}}`
Instead: `{"url": "https://docs.example/chat", "auth": {"type": "Bearer", "token": "${env:DOCS_TOKEN}"}}`
"""

from __future__ import annotations

from collections.abc import Iterator

from dragoman.lint.address import host_of, is_loopback
from dragoman.lint.diagnostic import Diagnostic, Fix, Related, Severity, TextEdit
from dragoman.lint.subject import Subject
from dragoman.syntax.jsonc import StringNode, encode_string, find

_UNPROTECTED = "http://"


def check_cell(subject: Subject) -> Iterator[Diagnostic]:
    """One warning at the url."""
    url, token = find(subject.node, ("url",)), find(subject.node, ("auth", "token"))
    if not isinstance(url, StringNode) or not isinstance(token, StringNode) or not token.value.strip():
        return
    if url.value[: len(_UNPROTECTED)].lower() == _UNPROTECTED and _leaves_this_machine(url.value):
        message = "The token can be read by everyone on the way: http:// does not encrypt it."
        protected = encode_string(f"https://{url.value[len(_UNPROTECTED) :]}")
        related = (Related(token.span, "This is the token."),)
        fix = Fix("Use https://", (TextEdit(url.span, protected),), is_preferred=True, needs_user=True)
        yield Diagnostic("unprotected-token", message, url.span, Severity.WARNING, (fix,), related)


def _leaves_this_machine(url: str) -> bool:
    try:
        host = host_of(url)
    except ValueError:
        return False  # told as a bad url already
    return host != "" and not is_loopback(host)
