"""Which words an answer's documents hold if they say more than text. Almost none does: then nothing else is looked for.

A key stands in a JSON text as it is read, letter by letter, unless one of its letters is escaped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from dragoman.agents.provider import ResponseDefinition

_ALWAYS = ("error", '"status"')
"""What `agent_errors` looks for."""

_REASONING = ("reasoning", "thinking")
"""What `shapes` looks for where the definition has no place of its own for reasoning."""

_LAST_NAME = re.compile(r"""(?:^|[.'"\[])([A-Za-z_]\w*)['"]?\]?(?:\[(?:\*|-?\d+)\])*$""", re.ASCII)
"""The name that a path ends in; items may follow."""


def telling_words(definition: ResponseDefinition) -> tuple[str, ...] | None:
    """The words; None where they cannot be told from the paths of `definition`."""
    words = {*_ALWAYS, *(() if definition.reasoning else _REASONING), *_stop_words(definition)}
    for path in _paths(definition):
        name = _LAST_NAME.search(path)
        if name is None:
            return None
        words.add(f'"{name[1]}"')
    return tuple(sorted(words))


def _stop_words(definition: ResponseDefinition) -> Iterator[str]:
    """Why an answer stopped stands at places that every document has; what matters there are the words."""
    if definition.stop is not None:
        yield from (f'"{word}"' for word in definition.stop.max_tokens | definition.stop.refused)


def _paths(definition: ResponseDefinition) -> Iterator[str]:
    """All paths of what is no text; a selector without a path means the whole datum, which is no document then."""
    places = (definition.replace, definition.reasoning, definition.follow_ups, definition.errors, definition.end)
    for selectors in (*places, *definition.conversation.values(), *definition.turn.values()):
        yield from (selector.path for selector in selectors if selector.path)
    if definition.sources is not None:
        yield definition.sources.path
    for paths in definition.usage.values():
        yield from paths
