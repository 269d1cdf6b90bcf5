"""Selection ranges: what a selection grows to, from the word of a string to the whole file."""

from __future__ import annotations

from collections.abc import Iterator

from dragoman.project.agent_file import AgentFile
from dragoman.syntax.jsonc import ArrayNode, Node, ObjectNode, StringNode
from dragoman.syntax.text import Span


def selection_ranges(file: AgentFile, offset: int) -> list[Span]:
    """The spans around a caret, each within the next; the last is the whole text."""
    around = [Span(0, len(file.text))]
    for start, cell in file.cells:
        if offset > start + cell.length:
            continue
        if cell.node is not None and cell.node.span.shifted(start).covers(offset):
            around += (span.shifted(start) for span in _around(cell.node, offset - start))
            break
    distinct = [span for span, outer in zip(around[1:], around, strict=False) if span != outer]
    return [*reversed(distinct), around[0]]


def _around(node: Node, here: int) -> Iterator[Span]:
    yield node.span
    match node:
        case ObjectNode(properties=properties):
            entry = next((entry for entry in properties if entry.span.covers(here)), None)
            if entry is not None:
                yield entry.span
                inner = entry.key if entry.key.span.covers(here) else entry.value
                yield from _around(inner, here) if inner is not None and inner.span.covers(here) else ()
        case ArrayNode(items=items):
            item = next((item for item in items if item.span.covers(here)), None)
            yield from _around(item, here) if item is not None else ()
        case StringNode():
            inside = Span(node.span.start + len(node.quote), node.span.end - (node.closed and len(node.quote)))
            if inside.covers(here):
                yield inside
        case _:
            pass
