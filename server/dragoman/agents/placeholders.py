"""The `$placeholders` in the templates of requests: what they are called. `chat.template` fills them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from dragoman.agents.model import JsonValue

# The longest identifier counts: `$contents` is not `$content`.
PLACEHOLDER = re.compile(r"\$([A-Za-z_][A-Za-z0-9_]*)")


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
