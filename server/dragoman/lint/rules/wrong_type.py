"""A value is of the wrong kind: a number where text is needed, text where an object is.

It cannot be used, so the agent is not offered.

Example: `{"name": "docs", "url": "http://127.0.0.1:8765/", "enabled": "yes"}`
Instead: `{"name": "docs", "url": "http://127.0.0.1:8765/", "enabled": true}`
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from dragoman.lint.diagnostic import Diagnostic, Fix
from dragoman.lint.subject import Breach, Subject
from dragoman.lint.suggest import replacement
from dragoman.syntax.jsonc import (
    ArrayNode,
    BadNode,
    LiteralNode,
    NumberNode,
    StringNode,
    encode_string,
    find,
    parse,
    to_value,
)

_PLAIN = re.compile(r"-?\d{1,15}(?:\.\d{1,15})?|true|false")

_NAMES = {
    "string": "text in double quotes",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "object": "an object { }",
    "array": "an array [ ]",
}


def check_cell(subject: Subject) -> Iterator[Diagnostic]:
    """One error for each value of the wrong kind."""
    for breach in subject.breaches_of("type"):
        wanted = _wanted(breach.violation.expected)
        path = breach.violation.path
        if not path:
            message = f"An agent is {wanted}."
        else:
            message = f'"{path[-1]}" must be {wanted}.' if isinstance(path[-1], str) else f"This must be {wanted}."
        fixes = tuple(_conversions(subject, breach)) if path else ()
        yield Diagnostic("wrong-type", message, breach.value or breach.owner, fixes=fixes)


def _wanted(expected: str | Sequence[str]) -> str:
    kinds = [expected] if isinstance(expected, str) else expected
    return " or ".join(_NAMES[kind] for kind in kinds)


def _conversions(subject: Subject, breach: Breach) -> Iterator[Fix]:
    """The one fix that makes of the value what is wanted, where that is the same value in another form."""
    node = find(subject.node, breach.violation.path)
    if node is None or breach.value != node.span:
        return  # inside another string, where other quotes are needed
    found, expected = breach.violation.found, breach.violation.expected
    wanted = (expected,) if isinstance(expected, str) else expected
    text = subject.text[node.span.start : node.span.end]
    if isinstance(node, ArrayNode) and len(node.items) == 1 and _is_wanted(to_value(node.items[0]), wanted):
        inner = node.items[0].span
        yield replacement("Take it out of the array", node.span, subject.text[inner.start : inner.end])
    elif isinstance(node, StringNode) and node.closed and _is_wanted(_read(found), wanted):
        yield replacement(f"Change to {found.strip()}", node.span, found.strip())
    elif isinstance(node, NumberNode | LiteralNode) and found is not None and "string" in wanted:
        yield replacement(f'Change to "{text}"', node.span, encode_string(text))
    elif "array" in wanted and not isinstance(node, BadNode):
        yield replacement("Put it into an array", node.span, f"[{text}]")


def _read(text: str) -> object:
    """The number or truth value that a text spells; None for any other."""
    value = to_value(parse(text).root) if _PLAIN.fullmatch(text.strip()) else None
    return value if isinstance(value, bool | int | float) else None


def _is_wanted(value: object, kinds: Sequence[str]) -> bool:
    number = value if isinstance(value, int | float) and not isinstance(value, bool) else None
    is_of = {
        "string": isinstance(value, str),
        "number": number is not None,
        "integer": isinstance(number, int) or (number is not None and number.is_integer()),
        "boolean": isinstance(value, bool),
        "object": isinstance(value, dict),
    }
    return any(is_of.get(kind, False) for kind in kinds)
