"""A model name that the provider does not list.

New models appear before any list knows them, so this is only a warning; a typing error looks the same.

Example: `{"provider": "chaindesk", "parameters": {"modelName": "gpt_4o"}}`
Instead: `{"provider": "chaindesk", "parameters": {"modelName": "gpt_4_o"}}`
"""

from __future__ import annotations

from collections.abc import Iterator

from dragoman.lint.diagnostic import Diagnostic, Severity
from dragoman.lint.subject import Subject
from dragoman.lint.suggest import closest, proposal
from dragoman.schema.lookup import value_at
from dragoman.syntax.jsonc import StringNode, encode_string, find

_PATH = ("parameters", "modelName")


def check_cell(subject: Subject) -> Iterator[Diagnostic]:
    """One warning for a model that is not in the provider's list."""
    node = find(subject.node, _PATH)
    if not isinstance(node, StringNode):
        return
    schema = value_at(subject.value, _PATH, subject.providers.form)
    known = schema.values if schema else ()
    if not known or node.value in known:
        return
    meant = closest(node.value, known)
    hint = f'did you mean "{meant}"?' if meant else "check the provider's list."
    fixes = (proposal(meant, node.span, encode_string(meant)),) if meant else ()
    message = f'The provider lists no model "{node.value}": {hint}'
    yield Diagnostic("unknown-model", message, node.span, Severity.WARNING, fixes)
