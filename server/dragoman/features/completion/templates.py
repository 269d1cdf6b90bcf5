"""Inside strings: `$placeholders` of templates, and references to secrets."""

from __future__ import annotations

import re
from collections.abc import Iterator

from dragoman.agents.placeholders import MEANINGS
from dragoman.agents.starter import variable_for
from dragoman.features.completion.item import CompletionItem
from dragoman.features.completion.knowledge import Knowledge
from dragoman.features.cursor import StringContent, ValuePlace
from dragoman.features.cursor.place import Path
from dragoman.features.describe import describe_reference
from dragoman.secrets.names import names_credential
from dragoman.secrets.sources import env
from dragoman.syntax.text import Span

_BEGUN_PLACEHOLDER = re.compile(r"\$\w*\Z", re.ASCII)
_BEGUN_REFERENCE = re.compile(r"\$(?:\{[^{}]*)?\Z")
_REST_OF_PLACEHOLDER = re.compile(r"\w*", re.ASCII)
_REST_OF_REFERENCE = re.compile(r"(?:[\w:/.-]*\})?")


def placeholders(content: StringContent) -> Iterator[CompletionItem]:
    """What a template can be filled with, at a `$` or anywhere between words."""
    begun = _BEGUN_PLACEHOLDER.search(content.before)
    rest = _REST_OF_PLACEHOLDER.match(content.text, content.caret) if begun else None
    span = content.span(begun.start() if begun else content.caret, rest.end() if rest else content.caret)
    for name, meaning in MEANINGS.items():
        if name != "history" or _is_whole(content, begun):
            yield CompletionItem(f"${name}", "placeholder", span, f"${name}", False, f"${name}", meaning)


def _is_whole(content: StringContent, begun: re.Match[str] | None) -> bool:
    """Whether nothing else stands in the string."""
    return content.text == (content.text[begun.start() :] if begun else "")


def references(place: ValuePlace, content: StringContent, known: Knowledge) -> Iterator[CompletionItem]:
    """Secrets at a `$`, and in an empty string that is to hold one; every variable once `${env:` is typed."""
    begun = _BEGUN_REFERENCE.search(content.before)
    if begun is None and (content.text or not _holds_credential(place.path)):
        return
    typed = begun[0] if begun else ""
    rest = _REST_OF_REFERENCE.match(content.text, content.caret)
    span = content.span(begun.start() if begun else content.caret, rest.end() if rest else content.caret)
    for name in _variables(place, known, every=typed.startswith("${env")):
        text = f"${{env:{name}}}"
        yield CompletionItem(text, "reference", span, text, False, text, describe_reference("env", name))
    yield _keyring(span, known)


def _holds_credential(path: Path) -> bool:
    return path == ("auth", "token") or names_credential(str(path[-1]))


def _variables(place: ValuePlace, known: Knowledge, *, every: bool) -> list[str]:
    """The variable that is named after the agent, then those named like credentials, then all others if wanted."""
    name = known.definition.name if known.definition and known.definition.name != "custom" else place.agent.get("name")
    own = [variable_for(name if isinstance(name, str) else "")] if place.path == ("auth", "token") else []
    names = env.names()
    credentials = [name for name in names if names_credential(name)]
    return list(dict.fromkeys([*own, *credentials, *(names if every else ())]))


def _keyring(span: Span, known: Knowledge) -> CompletionItem:
    label, told = "${keyring:service/user}", describe_reference("keyring", "service/user")
    text = "\\${keyring:${1:service}/${2:user}\\}" if known.with_snippets else label
    return CompletionItem(label, "reference", span, text, known.with_snippets, label, told)
