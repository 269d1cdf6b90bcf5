"""An agent of a workspace has the name of an agent of your own.

A workspace must not replace an agent that you count on: yours is meant by that name until you trust the workspace's,
from then on that one.

Example: `[{"name": "docs", "url": "http://127.0.0.1:8765/"}]`
Instead: `[{"name": "team docs", "url": "http://127.0.0.1:8765/"}]`
"""

from __future__ import annotations

from collections.abc import Iterator

from dragoman.lint.diagnostic import Diagnostic, Elsewhere, Related, Severity
from dragoman.lint.surroundings import Surroundings, cells_named, shared_names
from dragoman.project.agent_file import AgentFile


def check_project(file: AgentFile, surroundings: Surroundings) -> Iterator[Diagnostic]:
    """One warning at each such name, in the workspace's file."""
    users = surroundings.users
    if users is None:
        return
    for name in shared_names(file, users.file):
        own = next(cells_named(users.file, name))
        related = (Related(own.name_span, "Your own agent is here.", Elsewhere(users.uri, users.file.text)),)
        message = f'You have an agent "{name}" of your own: that one is meant until you trust this one.'
        for cell in cells_named(file, name):
            yield Diagnostic("shadowed-name", message, cell.name_span, Severity.WARNING, related=related)
