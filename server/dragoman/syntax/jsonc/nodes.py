"""The syntax tree of a JSON text. Every node knows where it stands; what could not be read is a node too."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from dragoman.syntax.text import Span


@dataclass(frozen=True, slots=True)
class StringNode:
    """A string, decoded. `quote` is `"` for a proper one, `'` or empty where the text has the wrong quotes or none."""

    span: Span
    value: str
    closed: bool = True
    quote: str = '"'


@dataclass(frozen=True, slots=True)
class NumberNode:
    """A number. One too long for Python's own limit on digits is a float."""

    span: Span
    value: int | float


@dataclass(frozen=True, slots=True)
class LiteralNode:
    """`true`, `false` or `null`."""

    span: Span
    value: bool | None


@dataclass(frozen=True, slots=True)
class BadNode:
    """Something that stands where a value should and is none; a problem tells about it."""

    span: Span


@dataclass(frozen=True, slots=True)
class PropertyNode:
    """One entry of an object. `colon` is the offset of the colon, None where it is missing."""

    span: Span
    key: StringNode
    colon: int | None
    value: Node | None


@dataclass(frozen=True, slots=True)
class ObjectNode:
    """An object; keys may occur twice. `closed` is false where the closing brace is missing."""

    span: Span
    properties: tuple[PropertyNode, ...]
    closed: bool = True

    def get(self, key: str) -> PropertyNode | None:
        """The entry that counts for `key`: the last one, as every JSON reader has it."""
        for entry in reversed(self.properties):
            if entry.key.value == key:
                return entry
        return None

    def value_of(self, key: str) -> Node | None:
        """The value that counts for `key`."""
        entry = self.get(key)
        return entry.value if entry else None


@dataclass(frozen=True, slots=True)
class ArrayNode:
    """An array. `closed` is false where the closing bracket is missing."""

    span: Span
    items: tuple[Node, ...]
    closed: bool = True


Node: TypeAlias = ObjectNode | ArrayNode | StringNode | NumberNode | LiteralNode | BadNode

ProblemCode: TypeAlias = Literal["syntax", "trailing-comma", "comment", "empty-file"]


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that is not plain JSON. `missing` is text whose insertion at `insert_at` mends it, where that is known.

    `opened` is the bracket that the problem belongs to.
    """

    code: ProblemCode
    message: str
    span: Span
    opened: Span | None = None
    missing: str = ""
    insert_at: int = 0


def to_value(node: Node | None) -> object:
    """The Python value of a node, as `json.loads` would give it; what could not be read becomes None."""
    match node:
        case ObjectNode(properties=properties):
            return {entry.key.value: to_value(entry.value) for entry in properties}
        case ArrayNode(items=items):
            return [to_value(item) for item in items]
        case StringNode() | NumberNode() | LiteralNode():
            return node.value
        case BadNode() | None:
            return None


def walk(node: Node) -> Iterator[Node]:
    """The node and everything below it, parents first."""
    yield node
    match node:
        case ObjectNode(properties=properties):
            for entry in properties:
                if entry.value is not None:
                    yield from walk(entry.value)
        case ArrayNode(items=items):
            for item in items:
                yield from walk(item)
        case _:
            pass


def find(node: Node | None, path: tuple[str | int, ...]) -> Node | None:
    """The node at `path` (keys and indexes); None where there is none or its value is missing."""
    for step in path:
        if isinstance(node, ObjectNode) and isinstance(step, str):
            node = node.value_of(step)
        elif isinstance(node, ArrayNode) and isinstance(step, int) and step < len(node.items):
            node = node.items[step]
        else:
            return None
    return node


def find_property(node: Node | None, path: tuple[str | int, ...]) -> PropertyNode | None:
    """The entry whose value stands at `path`, also where that value is missing."""
    if not path or not isinstance(path[-1], str):
        return None
    owner = find(node, path[:-1])
    return owner.get(path[-1]) if isinstance(owner, ObjectNode) else None
