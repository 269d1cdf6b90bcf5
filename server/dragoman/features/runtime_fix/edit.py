"""Giving a key of an agent another value, in the way in which its file is written."""

from __future__ import annotations

import json
import re

from dragoman.agents.model import JsonValue
from dragoman.lint.diagnostic import TextEdit
from dragoman.project.agent_file import AgentEntry, AgentFile
from dragoman.syntax.jsonc import Node, ObjectNode, find
from dragoman.syntax.text import Span

_REST_OF_LINE = re.compile(r"[ \t]*(?P<comma>,?)[ \t]*(?://[^\r\n]*|/\*[^\r\n]*?\*/)?[ \t]*(?=[\r\n])")
_TRIVIA = re.compile(r"(?:\s|//[^\r\n]*|/\*.*?\*/)*", re.DOTALL)
_LINE_START = re.compile(r"(\r\n|\r|\n)([ \t]*)\Z")


def set_key(file: AgentFile, entry: AgentEntry, path: tuple[str, ...], value: JsonValue) -> tuple[TextEdit, ...]:
    """The edits after which `value` stands at `path` of an agent; objects that are missing on the way are made."""
    start, root = file.placed_node(entry)
    for length in range(len(path), 0, -1):
        node = find(root, path[:length])
        if node is not None and (length == len(path) or not isinstance(node, ObjectNode)):
            return (_replace(file.text, node.span.shifted(start), _json(_nested(path[length:], value))),)
        owner = find(root, path[: length - 1])
        if isinstance(owner, ObjectNode):
            return _insert(file.text, start, owner, path[length - 1], _nested(path[length:], value))
    return ()


def value_at(file: AgentFile, entry: AgentEntry, path: tuple[str, ...]) -> Node | None:
    """What stands at `path` of an agent now."""
    return find(file.placed_node(entry)[1], path)


def _replace(text: str, span: Span, new_text: str) -> TextEdit:
    """The edit of no more than what changes: what stays may be long, and may hold what need not be sent around."""
    old = text[span.start : span.end]
    before = _common(old, new_text)
    behind = _common(old[before:][::-1], new_text[before:][::-1])
    changed = Span(span.start + before, span.end - behind)
    return TextEdit(changed, new_text[before : len(new_text) - behind])


def _common(one: str, other: str) -> int:
    """How many characters the beginnings have in common."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((index for index, (left, right) in pairs if left != right), min(len(one), len(other)))


def _insert(text: str, start: int, owner: ObjectNode, key: str, value: JsonValue) -> tuple[TextEdit, ...]:
    """One more entry behind the others of an object."""
    if not owner.properties:
        return (TextEdit(owner.span.shifted(start), f"{{{_json(key)}: {_json(value)}}}"),)
    first, last = owner.properties[0], owner.properties[-1]
    colon = text[start + first.key.span.end : start + (first.value or first.key).span.start] or ": "
    written = f"{_json(key)}{colon if colon.strip() == ':' and len(colon) < 4 else ': '}{_json(value)}"
    end = start + last.span.end
    line_start = _LINE_START.search(text, start + owner.span.start, start + first.span.start)
    rest = _REST_OF_LINE.match(text, end)
    if line_start is None:
        gap = " " if ": " in written[: len(_json(key)) + 2] else ""
        return (TextEdit(Span(end, end), f",{gap}{written}"),)
    # What is said about the last entry in a comment behind it stays there.
    line_end = rest.end() if rest else end
    new_line = f"{line_start[1]}{line_start[2]}{written}"
    if _has_comma(text, end):
        behind = line_end if rest and rest["comma"] else text.index(",", _trivia_end(text, end)) + 1
        return (TextEdit(Span(behind, behind), new_line),)
    if line_end == end:
        return (TextEdit(Span(end, end), f",{new_line}"),)
    return TextEdit(Span(end, end), ","), TextEdit(Span(line_end, line_end), new_line)


def _has_comma(text: str, end: int) -> bool:
    return text.startswith(",", _trivia_end(text, end))


def _trivia_end(text: str, at: int) -> int:
    match = _TRIVIA.match(text, at)
    return match.end() if match else at


def _nested(keys: tuple[str, ...], value: JsonValue) -> JsonValue:
    for key in reversed(keys):
        value = {key: value}
    return value


def _json(value: JsonValue) -> str:
    return json.dumps(value, ensure_ascii=False)
