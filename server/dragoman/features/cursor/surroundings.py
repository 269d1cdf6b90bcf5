"""What stands around a place in the text: the next character that matters, what is open, what is a comment."""

from __future__ import annotations

import re

from dragoman.syntax.jsonc import ArrayNode, Node, ObjectNode
from dragoman.syntax.jsonc.tokens import COMMENT, trivia_end
from dragoman.syntax.text import Span

REST_OF_WORD = re.compile(r"[\w$.-]*")
NO_ITEM = ("", ",", "}", "]", ":")
"""What the next character is where no other item follows without a comma."""


def reaches(node: Node, here: int) -> bool:
    """Whether the caret is in the node; behind one that is not closed counts too."""
    if isinstance(node, ObjectNode | ArrayNode):
        return here < node.span.end or (here >= node.span.end and is_open(node))
    return node.span.covers(here)


def is_open(node: Node) -> bool:
    """Whether the last bracket in the node is missing, so that what follows could still belong to it."""
    return isinstance(node, ObjectNode | ArrayNode) and not node.closed


def is_inside_comment(text: str, span: Span, here: int) -> bool:
    """Whether the caret is in the comment at `span`; at the end of a line comment it still is."""
    is_line_comment = text.startswith("//", span.start)
    return span.start < here < span.end or (is_line_comment and here == span.end)


def next_character(text: str, offset: int) -> str:
    """The first character behind `offset` that is neither blank nor of a comment; "" at the end."""
    end = trivia_end(text, offset)
    return text[end : end + 1]


def without_comments(gap: str) -> str:
    """What is left of a piece of text without its comments."""
    return COMMENT.sub("", gap)
