"""AutoDev runs the DevIns script that this agent answers with, unasked.

Whoever controls the agent, or the network on the way to it, then controls what is run. Dragoman shows what the script
would write, and waits for consent.

Example: `[{"name": "docs", "url": "http://127.0.0.1:8765/", "responseAction": "DevIns"}]`
Instead: `[{"name": "docs", "url": "http://127.0.0.1:8765/", "responseAction": "Direct"}]`
"""

from __future__ import annotations

from collections.abc import Iterator

from dragoman.lint.diagnostic import Diagnostic, Severity
from dragoman.lint.subject import Subject
from dragoman.syntax.jsonc import StringNode, find


def check_cell(subject: Subject) -> Iterator[Diagnostic]:
    """One diagnostic at the action."""
    action = find(subject.node, ("responseAction",))
    if isinstance(action, StringNode) and action.value == "DevIns":
        message = "AutoDev runs the script that this agent answers with, without asking."
        yield Diagnostic("autodev-dev-ins", message, action.span, Severity.WARNING)
