"""A request format as an object, or as a string that holds it: the same request, written in the other form."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from dragoman.lint.diagnostic import TextEdit
from dragoman.syntax.jsonc import Node, ObjectNode, PropertyNode, StringNode, decode_string, encode_string, parse
from dragoman.syntax.jsonc.tokens import TOKEN, is_sound
from dragoman.syntax.text import Span, line_start

_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
"""Half of a character, which may have no other half: such a string stays as it is."""


def expanded(text: str, entry: PropertyNode) -> str | None:
    """The object that a string holds, as it stands there, comments and all; None where it holds no sound one."""
    node = entry.value
    if not isinstance(node, StringNode) or not node.closed or node.quote != '"':
        return None
    inner = decode_string(text, node.span.start + 1, node.span.end - 1).value.strip()
    tree = parse(inner)
    is_good = isinstance(tree.root, ObjectNode) and is_sound(tree.problems)
    return inner if is_good and not _SURROGATE.search(text, node.span.start, node.span.end) else None


def packed(text: str, entry: PropertyNode, comments: Sequence[Span]) -> Iterator[TextEdit]:
    """The edits that write the object as a string. Its comments, which no string can hold, go before the key."""
    node = entry.value
    if not isinstance(node, ObjectNode) or not node.closed:
        return
    source = text[node.span.start : node.span.end]
    if not is_sound(parse(source).problems):
        return
    inside = [text[span.start : span.end] for span in comments if _holds(node, span)]
    if inside:
        margin = re.match(r"[ \t]*", text[line_start(text, entry.span.start) : entry.span.start])
        gap = "\n" + (margin[0] if margin else "")
        yield TextEdit(Span(entry.span.start, entry.span.start), "".join(f"{comment}{gap}" for comment in inside))
    yield TextEdit(node.span, encode_string(_on_one_line(source)))


def _holds(node: Node, span: Span) -> bool:
    return node.span.start <= span.start and span.end <= node.span.end


def _on_one_line(source: str) -> str:
    """The same JSON without comments and trailing commas, with one blank behind each comma and colon."""
    tokens = [token for token in TOKEN.findall(source) if not token.startswith("/")]
    kept = [
        token
        for token, following in zip(tokens, [*tokens[1:], ""], strict=True)
        if not (token == "," and following in ("}", "]"))
    ]
    return "".join(f"{token} " if token in (",", ":") else token for token in kept)
