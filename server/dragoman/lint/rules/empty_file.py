"""The file holds no agent at all.

An agent file holds an object or an array of objects; an empty one is most likely not saved yet, or cleared by mistake.

Example: a file with nothing in it
Instead: `{"name": "docs", "url": "http://127.0.0.1:8765/"}`
"""

from __future__ import annotations

from collections.abc import Iterator

from dragoman.lint.diagnostic import Diagnostic
from dragoman.project.agent_file import AgentFile
from dragoman.syntax.jsonc.cell import State
from dragoman.syntax.text import Span


def check_file(file: AgentFile) -> Iterator[Diagnostic]:
    """One error at the start of a file with no value."""
    first = file.cells[0].cell
    if first.state is State.START and first.next_state is State.END and not first.problems:
        message = 'The file is empty. An agent looks like this: {"name": "…", "url": "http://…"}'
        yield Diagnostic("empty-file", message, Span(0, 0))
