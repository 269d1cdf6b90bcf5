"""An agent as text: JSON the way people write it, with tab stops for a client that knows snippets (LSP 3.17)."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from dragoman.agents.model import JsonValue

Path: TypeAlias = tuple[str | int, ...]

_SURROGATE = re.compile("[\ud800-\udfff]")
_LONGEST = 100
"""Characters of an inner object or array that still stands on one line."""


@dataclass(frozen=True, slots=True)
class Layout:
    """How a text is laid out. `indent` is one step, `margin` stands before every line but the first."""

    indent: str = "  "
    margin: str = ""
    newline: str = "\n"
    tab_stops: Sequence[Path] = field(default=())
    """Where the caret stops, in this order. Without any, the text is plain; with some, it is a snippet."""


def write_agent(agent: Mapping[str, JsonValue], layout: Layout) -> str:
    """The text of an agent: one key a line, what is short inside on one line."""
    return _Writer(layout).lines({**agent}, (), layout.margin)


def write_inline(value: JsonValue, layout: Layout, path: Path = ()) -> str:
    """The text of a value on one line. `path` is where it stands for the layout's tab stops."""
    return _Writer(layout).inline(value, path)


def leaves(value: JsonValue, path: Path = ()) -> list[Path]:
    """The paths of all values inside `value` that are neither an object nor an array."""
    match value:
        case dict():
            return [leaf for key, item in value.items() for leaf in leaves(item, (*path, key))]
        case list():
            return [leaf for index, item in enumerate(value) for leaf in leaves(item, (*path, index))]
        case _:
            return [path]


@dataclass(frozen=True, slots=True)
class _Writer:
    layout: Layout

    def lines(self, value: JsonValue, path: Path, margin: str) -> str:
        """One entry a line where it does not fit on one line; always for the outermost."""
        inline = self.inline(value, path)
        if not isinstance(value, dict | list) or not value or (path and len(inline) <= _LONGEST):
            return inline
        deeper, newline = margin + self.layout.indent, self.layout.newline
        if isinstance(value, dict):
            entries = [f"{self.key(key)}: {self.lines(item, (*path, key), deeper)}" for key, item in value.items()]
            opening, closing = "{", "}"
        else:
            entries = [self.lines(item, (*path, index), deeper) for index, item in enumerate(value)]
            opening, closing = "[", "]"
        inside = f",{newline}{deeper}".join(entries)
        return f"{opening}{newline}{deeper}{inside}{newline}{margin}{closing}"

    def inline(self, value: JsonValue, path: Path) -> str:
        match value:
            case dict():
                inside = ", ".join(f"{self.key(key)}: {self.inline(item, (*path, key))}" for key, item in value.items())
                return f"{{{inside}}}"
            case list():
                return f"[{', '.join(self.inline(item, (*path, index)) for index, item in enumerate(value))}]"
            case _:
                return self.leaf(value, path)

    def leaf(self, value: JsonValue, path: Path) -> str:
        text = _written(value)
        if path not in self.layout.tab_stops:
            return self.plain(text)
        stop = self.layout.tab_stops.index(path) + 1
        if not isinstance(value, str):
            return f"${{{stop}:{self.plain(text)}}}"
        return f'"${{{stop}:{self.plain(text[1:-1])}}}"' if value else f'"${stop}"'

    def key(self, key: str) -> str:
        return self.plain(_written(key))

    def plain(self, text: str) -> str:
        """A text that means itself, in a snippet as well."""
        return escape_snippet(text) if self.layout.tab_stops else text


def _written(value: JsonValue) -> str:
    """JSON as people read it; half of a surrogate pair has no UTF-8 form, and stays an escape."""
    text = json.dumps(value, ensure_ascii=False)
    return json.dumps(value) if _SURROGATE.search(text) else text


def escape_snippet(text: str) -> str:
    """Plain text inside a snippet."""
    return text.replace("\\", "\\\\").replace("$", "\\$").replace("}", "\\}")
