"""Semantic tokens: what of an agent file's strings is more than text.

Names of agents and providers, words that the format knows, JsonPaths, and what is put in when a request is made:
`$placeholders` and `${…}` references.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

from dragoman.agents.placeholders import MEANINGS, PLACEHOLDER
from dragoman.project.agent_file import AgentEntry, AgentFile
from dragoman.secrets.reference import find_references
from dragoman.syntax.jsonc import Cell, PlacedCell, keep
from dragoman.syntax.text import Span

TokenType: TypeAlias = Literal["class", "type", "enumMember", "variable", "macro", "regexp"]
"""Names of LSP's own: an agent, a provider, a word of the format, a placeholder, a reference, a JsonPath."""

TOKEN_TYPES: tuple[TokenType, ...] = get_args(TokenType)

_STRINGS: tuple[tuple[tuple[str, ...], TokenType], ...] = (
    (("name",), "class"),
    (("flow", "next"), "class"),
    (("provider",), "type"),
    (("responseAction",), "enumMember"),
    (("interactive",), "enumMember"),
    (("auth", "type"), "enumMember"),
    (("connector", "dialect"), "enumMember"),
    (("connector", "responseFormat"), "regexp"),
)
"""Strings that are one token each, without their quotes."""

_TEMPLATES = (("url",), ("auth", "token"), ("connector", "requestFormat"))
"""What references are resolved in; placeholders are filled in the last of them only."""

_REQUEST_FORMAT = _TEMPLATES[-1]


@dataclass(frozen=True, slots=True)
class SemanticToken:
    """One token. It never ends in another line than it begins, nor does it overlap with others."""

    span: Span
    type: TokenType
    is_definition: bool = False


def semantic_tokens(file: AgentFile, within: Span | None = None) -> list[SemanticToken]:
    """The tokens of a file, or of the agents in a span of it, in order."""
    entries = (entry for entry in file.entries() if within is None or _meets(entry.span, within))
    return [
        SemanticToken(token.span.shifted(entry.placed.start), token.type, token.is_definition)
        for entry in entries
        for token in _of_cell(entry.placed.cell, file.text, entry)
    ]


def _meets(span: Span, within: Span) -> bool:
    return span.start <= within.end and within.start <= span.end


@keep
def _of_cell(cell: Cell, text: str, entry: AgentEntry) -> tuple[SemanticToken, ...]:
    """The tokens of an agent, counted from the start of its cell."""
    start = entry.placed.start
    own = AgentEntry(entry.agent, entry.span.shifted(-start), PlacedCell(0, cell))
    return tuple(_in_order(text[start : start + cell.length], own))


def _in_order(text: str, entry: AgentEntry) -> list[SemanticToken]:
    found = [*_whole_strings(entry), *_in_templates(text, entry)]
    return sorted((token for token in found if token.span.start < token.span.end), key=lambda one: one.span.start)


def _whole_strings(entry: AgentEntry) -> Iterator[SemanticToken]:
    for path, type_ in _STRINGS:
        span = entry.inside_string(*path)
        if span is not None:
            yield SemanticToken(span, type_, is_definition=path == ("name",))
    for span in entry.strings_below("transition"):
        yield SemanticToken(span, "regexp")


def _in_templates(text: str, entry: AgentEntry) -> Iterator[SemanticToken]:
    for path in _TEMPLATES:
        for span in entry.strings_below(*path):
            inside = text[span.start : span.end]
            references = [Span(found.start, found.end) for found in find_references(inside)]
            yield from (SemanticToken(reference.shifted(span.start), "macro") for reference in references)
            if path == _REQUEST_FORMAT:
                yield from _placeholders(inside, span.start, references)


def _placeholders(inside: str, base: int, references: list[Span]) -> Iterator[SemanticToken]:
    for found in PLACEHOLDER.finditer(inside):
        is_hidden = any(reference.covers(found.start()) for reference in references)
        if found[1] in MEANINGS and not is_hidden:
            yield SemanticToken(Span(found.start(), found.end()).shifted(base), "variable")
