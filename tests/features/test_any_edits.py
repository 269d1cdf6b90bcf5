"""After any edits, what is known of a file is what reading the same text anew would give.

`DRAGOMAN_EXAMPLES=50000` makes so many edits.
"""

from __future__ import annotations

import json
import os
from random import Random

import pytest

from dragoman.features.document_symbol import document_symbols
from dragoman.lint.runner import lint
from dragoman.lint.surroundings import Surroundings
from dragoman.project.agent_file import AgentFile, read_agent_file
from dragoman.project.document import Document
from dragoman.syntax import text as lines
from dragoman.syntax.jsonc import cell_list
from dragoman.syntax.text import LineIndex, Span

EDITS = int(os.environ.get("DRAGOMAN_EXAMPLES", "600"))
EDITS_OF_A_TEXT = 12
STYLES = ("pretty", "minified", "broken", "crlf", "cr")
AGENTS = (
    {"name": "a", "url": "http://127.0.0.1/"},
    {"name": "ä😀", "url": "https://h/", "auth": {"type": "Bearer", "token": "${env:T}"}, "interactive": "RightPanel"},
    {"name": "b", "url": "http://h/", "connector": {"requestFormat": '{"customFields": {}}', "responseFormat": "$.a"}},
    {"name": "b", "urll": "http://h/", "enabled": 1, "description": '\u2028 x \\ " \u00e9'},
)
COMMENTS = (
    "// dragoman-disable-line unknown-key\n",
    "/* dragoman-disable-next-line */",
    "// dragoman-disable syntax\n",
)
PIECES = (
    *COMMENTS,
    *(' "$contents"', '"${env:U}"', '"responseAction": "Flow", "flow": {"next": "b"},', '"enabled": false,'),
    *"{}[],:\"'\\/ \n\r\tx1😀é",
    *('{"name": "a", "url": "http://h/"}', '"name": "b",', '"b"', "\r\n", "// c\n", "/*", "*/", "},", '"\\ud83d"'),
    *("true", "NaN", "", "", "\u2028", ', {"name": "c", "url": "https://h/"}', '"interactive": "chatpanel"'),
)


@pytest.mark.parametrize("style", STYLES)
def test_editing_equals_reading_anew(style: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(cell_list, "_SIZE", 4)  # small ones, so that edits go across them
    monkeypatch.setattr(lines, "_BLOCK", 5)
    random = Random(style)
    for _ in range(EDITS // EDITS_OF_A_TEXT // len(STYLES)):
        document = Document("file:///a.json", "json", 1, some_text(random, style))
        file = read_agent_file(document.text)
        assert known(file, document.lines) == known_anew(document.text)
        for version in range(2, 2 + EDITS_OF_A_TEXT):
            span, new = some_edit(random, document.text)
            document, edit = document.edited(span, new, version)
            file = file.edited(document.text, edit)
            assert known(file, document.lines) == known_anew(document.text), (style, document.text)


def known(file: AgentFile, index: LineIndex) -> object:
    """Everything about a file: its trees, what is told of it, its outline, its lines."""
    trees = [(start, cell.node, cell.problems, cell.comments) for start, cell in file.cells]
    starts = [index.start_of(line) for line in range(index.line_count)]
    agents = [(entry.span, entry.name_span, entry.agent.name) for entry in file.entries()]
    said = lint(file, {"autodev": "warning"}, None, Surroundings(variables=frozenset({"T"})))
    return [trees, lint(file, {}), said, document_symbols(file), agents, starts]


def known_anew(text: str) -> object:
    return known(read_agent_file(text), LineIndex(text))


def some_text(random: Random, style: str) -> str:
    agents = random.choices(AGENTS, k=random.choice([0, 1, 3, 9, 20]))
    text = json.dumps(agents, indent=None if style == "minified" else 2, ensure_ascii=random.random() < 0.5)
    if style == "broken":
        for _ in range(random.randint(1, 6)):
            place = random.randint(0, len(text))
            text = text[:place] + random.choice(PIECES) + text[place + random.randint(0, 2) :]
    return text.replace("\n", {"crlf": "\r\n", "cr": "\r"}.get(style, "\n"))


def some_edit(random: Random, text: str) -> tuple[Span, str]:
    start = random.randint(0, len(text))
    if random.random() < 0.4:  # between agents, where cells meet
        start = max(text.find(random.choice("{},[]\n"), start), 0)
    end = min(len(text), start + random.choice([0, 0, 0, 1, 1, 2, 9, 60]))
    return Span(start, end), "".join(random.choices(PIECES, k=random.choice([0, 1, 1, 2, 3])))
