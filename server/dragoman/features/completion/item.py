"""One proposal, and what it is written as inside a string."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

from dragoman.lint.diagnostic import TextEdit
from dragoman.syntax.jsonc import encode_string
from dragoman.syntax.text import Span

_SNIPPET_PIECE = re.compile(r'\\(.)|(["\x00-\x1f])')

Kind = Literal[
    "key", "value", "agent", "placeholder", "reference", "path", "function", "operator", "name", "file", "lines"
]


@dataclass(frozen=True, slots=True)
class CompletionItem:
    """One proposal: `new_text` goes in place of `span`. With `is_snippet` it holds tab stops (LSP 3.17, snippets)."""

    label: str
    kind: Kind
    span: Span
    new_text: str
    is_snippet: bool
    filter_text: str
    documentation: str = ""
    deprecated: bool = False
    before: TextEdit | None = None
    """What else is to be put in: a comma or colon that is missing before `span`."""


def in_string(item: CompletionItem) -> CompletionItem:
    """The same proposal for a place inside a string: what it writes is written as a part of that."""
    new_text = _snippet_in_string(item.new_text) if item.is_snippet else text_in_string(item.new_text)
    return replace(item, new_text=new_text, filter_text=text_in_string(item.filter_text))


def text_in_string(text: str) -> str:
    """`text` as it stands between the quotes of a string."""
    return encode_string(text)[1:-1]


def _snippet_in_string(snippet: str) -> str:
    """What a string must hold is what comes of the snippet: its own escapes stay, and each new backslash gets one."""

    def written(match: re.Match[str]) -> str:
        if match[1] not in ("\\", None):
            return match[0]
        return text_in_string(match[1] or match[2]).replace("\\", "\\\\")

    return _SNIPPET_PIECE.sub(written, snippet)
