"""What completion proposes at the caret (|) of a text, and the text after a proposal was taken."""

from __future__ import annotations

import re

from dragoman.features.completion import CompletionItem, complete
from dragoman.lint.diagnostic import Fix, TextEdit
from dragoman.project.agent_file import read_agent_file
from linting import fixed
from marked import at_caret


def proposals(marked: str, *, with_snippets: bool = False) -> dict[str, CompletionItem]:
    """By label. There are two other agents, “first” and “second”."""
    text, offset = at_caret(marked)
    file = read_agent_file(text)
    items = complete(file, offset, with_snippets=with_snippets, name_agents=lambda: ("first", "second"))
    assert len({item.label for item in items}) == len(items)
    return {item.label: item for item in items}


def taken(marked: str, label: str, *, with_snippets: bool = False) -> str:
    text, _ = at_caret(marked)
    item = proposals(marked, with_snippets=with_snippets)[label]
    edits = (TextEdit(item.span, item.new_text), *([item.before] if item.before else []))
    return fixed(text, Fix(label, edits))


def expanded(text: str, *, is_snippet: bool) -> str:
    """What a client that knows snippets makes of one: each tab stop keeps its default, of a choice the first."""
    if not is_snippet:
        return text
    chosen = re.sub(r"\$\{\d+\|((?:[^\\,|]|\\.)*)[^}]*\}", lambda stop: stop[1], text)
    stops = re.sub(r"\$\d+|\$\{\d+:((?:[^\\}]|\\.)*)\}", lambda stop: stop[1] or "", chosen)
    return re.sub(r"\\([\\$},|])", r"\1", stops)
