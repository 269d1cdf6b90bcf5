"""Turns that failed, told as diagnostics at the key to blame, until the next good turn or until the agent is edited.

They are warnings, however bad: an error in an agent's part of its file would mean that it cannot be asked.
"""

from __future__ import annotations

from dataclasses import dataclass

from dragoman.agents.model import Agent
from dragoman.chat.events import ErrorCode, StopReason, TurnError, TurnOutcome
from dragoman.features.agents import agent_status
from dragoman.lint.diagnostic import Diagnostic, Severity
from dragoman.project.project import Project

_NOT_THE_AGENTS = {ErrorCode.BUSY, ErrorCode.INTERNAL, ErrorCode.UNTRUSTED}
"""Failures that no change of the agent's description could mend."""


@dataclass(frozen=True, slots=True)
class _Failure:
    agent: Agent
    """As it was when it was asked."""
    error: TurnError


class RuntimeFailures:
    """The last failure of each agent that has not had a good turn since."""

    def __init__(self) -> None:
        self._failures: dict[tuple[str, str], _Failure] = {}

    def take(self, project: Project, outcome: TurnOutcome) -> str | None:
        """Remember how a turn ended. Returns the URI of the agent's file if there is something new to say of it."""
        status = agent_status(project, outcome.agent)
        if status is None or not status.is_usable:
            return None  # the linter tells why
        known = status.known
        place = (known.uri, known.agent.name)
        if outcome.error is not None and outcome.error.code not in _NOT_THE_AGENTS:
            self._failures[place] = _Failure(known.agent, outcome.error)
            return known.uri
        has_answered = outcome.error is None and outcome.stop_reason is not StopReason.CANCELLED
        if has_answered and self._failures.pop(place, None):
            return known.uri
        return None

    def diagnostics(self, project: Project, uri: str) -> list[Diagnostic]:
        """What to say of one file; what was said of an agent that has been edited since is forgotten."""
        file = project.agent_file(uri)
        if file is None:
            return []
        told: list[Diagnostic] = []
        for place in [place for place in self._failures if place[0] == uri]:
            failure = self._failures[place]
            entry = next((entry for entry in file.entries() if entry.agent == failure.agent), None)
            if entry is None:
                del self._failures[place]
                continue
            span = file.key_span(entry, failure.error.blame)
            code = f"runtime/{failure.error.code.value}"
            told.append(Diagnostic(code, failure.error.message, span, Severity.WARNING))
        return told
