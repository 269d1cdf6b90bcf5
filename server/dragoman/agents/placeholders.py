"""The `$placeholders` in the templates of requests: what they are called, and mean. `chat.template` fills them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from dragoman.agents.model import JsonValue

# The longest identifier counts: `$contents` is not `$content`.
PLACEHOLDER = re.compile(r"\$([A-Za-z_][A-Za-z0-9_]*)")

MEANINGS: Mapping[str, str] = {
    "content": "The prompt, exactly as it was typed.",
    "history": "The earlier turns as a list of messages; the prompt is the last of them unless `$content` stands "
    "elsewhere. Only as a whole value.",
    "conversationId": "The conversation as the agent calls it. Left out until it has named one.",
    "sessionId": "The conversation as we call it, known from the first turn on.",
    "system": "The agent's `system` prompt. Left out where it has none.",
    "selection": "The text that is selected in the editor; empty without one.",
    "language": "The language of the file in the editor, such as `python`; empty without one.",
    "filePath": "The path of the file in the editor; empty without one.",
    "fileName": "The name of the file in the editor; empty without one.",
}
"""Placeholder of an agent's own template, without its `$` → what stands in its place, in Markdown."""


def placeholders_in(template: JsonValue | Mapping[str, JsonValue]) -> frozenset[str]:
    """The names of all placeholders in the strings of `template`."""
    match template:
        case str():
            return frozenset(PLACEHOLDER.findall(template))
        case list():
            return frozenset[str]().union(*map(placeholders_in, template))
        case Mapping():
            return frozenset[str]().union(*map(placeholders_in, template.values()))
        case _:
            return frozenset()
