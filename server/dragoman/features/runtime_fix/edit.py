"""Giving a key of an agent another value, in the way in which its file is written."""

from __future__ import annotations

import json

from dragoman.agents.model import JsonValue
from dragoman.lint.diagnostic import TextEdit
from dragoman.project.agent_file import AgentEntry, AgentFile
from dragoman.syntax.jsonc import Node, ObjectNode, find
from dragoman.syntax.jsonc.editing import insert_entry
from dragoman.syntax.text import Span


def set_key(file: AgentFile, entry: AgentEntry, path: tuple[str, ...], value: JsonValue) -> tuple[TextEdit, ...]:
    """The edits after which `value` stands at `path` of an agent; objects that are missing on the way are made."""
    start, root = file.placed_node(entry)
    for length in range(len(path), 0, -1):
        node = find(root, path[:length])
        if node is not None and (length == len(path) or not isinstance(node, ObjectNode)):
            return (_replace(file.text, node.span.shifted(start), _json(_nested(path[length:], value))),)
        owner = find(root, path[: length - 1])
        if isinstance(owner, ObjectNode):
            return insert_entry(file.text, start, owner, path[length - 1], _json(_nested(path[length:], value)))
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


def _nested(keys: tuple[str, ...], value: JsonValue) -> JsonValue:
    for key in reversed(keys):
        value = {key: value}
    return value


def _json(value: JsonValue) -> str:
    return json.dumps(value, ensure_ascii=False)
