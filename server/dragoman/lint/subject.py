"""What rules look at: one cell of an agent file, with everything that several rules need worked out once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any

from dragoman.agents.catalog import ProviderCatalog
from dragoman.agents.provider import ProviderDefinition
from dragoman.schema.validate import violations
from dragoman.schema.violation import Violation
from dragoman.syntax.jsonc import (
    BadNode,
    Cell,
    DecodedString,
    Node,
    ObjectNode,
    Problem,
    PropertyNode,
    StringNode,
    decode_string,
    encode_string,
    find,
    find_property,
    parse,
    to_value,
    walk,
)
from dragoman.syntax.text import Span

MOST_BREACHES = 300
"""More in one agent are not told, unknown keys least: it is something else."""


@dataclass(frozen=True, slots=True)
class Breach:
    """A violation of the schema and where it shows.

    `key` is the key that leads to the value, inside its quotes; `value` the value itself; `owner` what to mark where
    neither exists: the name of the agent, else the opening brace.
    """

    violation: Violation
    key: Span | None
    value: Span | None
    owner: Span


class EmbeddedJson:
    """The JSON inside a string, such as `requestFormat`; spans lead back to the text around the string."""

    def __init__(self, decoded: DecodedString) -> None:
        self.decoded = decoded
        self.tree = parse(decoded.value)

    def span(self, inner: Span) -> Span:
        """Where a span of the inner text stands in the outer one."""
        return self.decoded.span(inner.start, inner.end)

    def encode(self, text: str) -> str:
        """`text` as a string of the inner JSON, as it is written in the outer one."""
        return encode_string(encode_string(text))[1:-1]


@dataclass(frozen=True, slots=True)
class PlacedString:
    """A string of an agent: what it says, where its characters from `start` to `end` stand, how others are written."""

    value: str
    node: StringNode
    place: Callable[[int, int], Span]
    write: Callable[[str], str]


@dataclass(frozen=True, slots=True)
class RequestTemplate:
    """The object in `requestFormat`; `span` leads from its own places to those in the cell.

    `encode` writes a string as one of its own, quotes and all. `text` is what its own places count in.
    """

    node: ObjectNode
    span: Callable[[Span], Span]
    encode: Callable[[str], str]
    text: str = field(repr=False)

    def strings(self, *path: str) -> Iterator[PlacedString]:
        """All strings in the value at `path`."""
        quotes = len(self.encode("")) // 2
        return _placed(find(self.node, path), self.text, self.span, lambda text: self.encode(text)[quotes:-quotes])


class Subject:
    """One cell. All spans count from its start."""

    def __init__(self, cell: Cell, text: str, providers: ProviderCatalog) -> None:
        self.cell = cell
        self.text = text
        """The cell's own text."""
        self.providers = providers
        """Those that an agent in the cell can name."""

    @cached_property
    def node(self) -> Node | None:
        """The item in the cell."""
        return self.cell.node

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What the parser says."""
        return self.cell.problems

    @cached_property
    def value(self) -> Any:
        """The item as a Python value."""
        return self.cell.value

    @cached_property
    def provider(self) -> str:
        """The name of the agent's provider; an agent that names none describes itself."""
        named = find(self.node, ("provider",))
        return named.value if isinstance(named, StringNode) else "custom"

    @cached_property
    def definition(self) -> ProviderDefinition | None:
        """That of the agent's provider; None where it has none that can be used."""
        return self.providers.definition(self.provider)

    @property
    def uses_connector(self) -> bool:
        """Whether what `connector` says has an effect."""
        return self.definition is None or self.definition.accepts_connector

    @cached_property
    def request_format(self) -> EmbeddedJson | None:
        """The JSON inside `connector.requestFormat`, where that is a string and not blank."""
        node = find(self.node, ("connector", "requestFormat"))
        if not isinstance(node, StringNode) or not node.value.strip():
            return None
        return EmbeddedJson(self.decode(node))

    @cached_property
    def request_template(self) -> RequestTemplate | None:
        """The object in `connector.requestFormat`, whether it stands there as it is or inside a string."""
        node = find(self.node, ("connector", "requestFormat"))
        if isinstance(node, ObjectNode):
            return RequestTemplate(node, lambda span: span, encode_string, self.text)
        embedded = self.request_format
        if embedded is None or not isinstance(embedded.tree.root, ObjectNode):
            return None
        return RequestTemplate(embedded.tree.root, embedded.span, embedded.encode, embedded.decoded.value)

    def strings(self, *path: str) -> Iterator[PlacedString]:
        """All strings in the value at `path` of the agent, at any depth; keys are none."""
        return _placed(find(self.node, path), self.text, lambda span: span, lambda text: encode_string(text)[1:-1])

    def template_strings(self, *parts: str) -> Iterator[PlacedString]:
        """The same for these parts of the object in `connector.requestFormat`."""
        template = self.request_template
        return (found for part in parts for found in template.strings(part)) if template else iter(())

    @cached_property
    def breaches(self) -> tuple[Breach, ...]:
        """Everything that the schema forbids. What is no JSON in the first place is left to the parser's problems."""
        if self.node is None or isinstance(self.node, BadNode):
            return ()
        return (*self._breaches_of_agent(self.node), *self._breaches_of_request_format())

    def breaches_of(self, *keywords: str) -> Iterator[Breach]:
        """Those that break one of these keywords of JSON Schema."""
        return (breach for breach in self.breaches if breach.violation.keyword in keywords)

    def decode(self, node: StringNode) -> DecodedString:
        """A string's characters and where they stand."""
        return _decode(self.text, node)

    def _breaches_of_agent(self, root: Node) -> Iterator[Breach]:
        found = violations(self.value, "agent", self.providers.form)
        if len(found) > MOST_BREACHES:
            found = sorted(found, key=lambda violation: violation.keyword == "additionalProperties")[:MOST_BREACHES]
        for violation in found:
            if not _is_told_already(root, violation):
                yield _locate(violation, root, lambda span: span)

    def _breaches_of_request_format(self) -> Iterator[Breach]:
        embedded = self.request_format
        if embedded is None or embedded.tree.problems or not isinstance(embedded.tree.root, ObjectNode):
            return
        for violation in violations(to_value(embedded.tree.root), "requestFormat"):
            yield _locate(violation, embedded.tree.root, embedded.span)


def _is_told_already(root: Node, violation: Violation) -> bool:
    """Whether the value in question is missing or could not be read, which is a syntax problem and no other."""
    if violation.keyword == "required":
        return find_property(root, violation.path) is not None
    return violation.path != () and isinstance(find(root, violation.path), BadNode | None)


def _locate(violation: Violation, root: Node, to_outer: Callable[[Span], Span]) -> Breach:
    entry = find_property(root, violation.path)
    value = find(root, violation.path)
    owner = find(root, violation.path[:-1]) or root
    return Breach(
        violation,
        to_outer(key_mark(entry)) if entry else None,
        to_outer(value.span) if value else None,
        to_outer(owner_mark(owner)),
    )


def _placed(
    root: Node | None, text: str, to_outer: Callable[[Span], Span], write: Callable[[str], str]
) -> Iterator[PlacedString]:
    for node in walk(root) if root else ():
        if isinstance(node, StringNode):
            yield PlacedString(node.value, node, partial(_place, text, node, to_outer), write)


def _place(text: str, node: StringNode, to_outer: Callable[[Span], Span], start: int, end: int) -> Span:
    return to_outer(_decode(text, node).span(start, end))


def _decode(text: str, node: StringNode) -> DecodedString:
    inside_end = node.span.end - 1 if node.closed else node.span.end
    return decode_string(text, node.span.start + 1, inside_end)


def key_mark(entry: PropertyNode) -> Span:
    """What to mark of a key: the inside of its quotes."""
    key = entry.key
    if not key.quote:
        return key.span
    return Span(key.span.start + 1, key.span.end - 1 if key.closed else key.span.end)


def owner_mark(owner: Node) -> Span:
    """What to mark of an object of which something is missing: its name, else its brace."""
    if isinstance(owner, ObjectNode):
        name = owner.value_of("name")
        if isinstance(name, StringNode) and name.value:
            return name.span
    return Span(owner.span.start, owner.span.start + 1)
