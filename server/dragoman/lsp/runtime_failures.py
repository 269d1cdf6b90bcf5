"""Turns that failed, told as diagnostics at the key to blame, until the next good turn or until the agent is edited.

They are warnings, however bad: an error in an agent's part of its file would mean that it cannot be asked.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from dragoman.agents.model import Agent
from dragoman.agents.provider import ProviderDefinition
from dragoman.chat.events import ErrorCode, Remedy, StopReason, TurnError, TurnOutcome
from dragoman.chat.request import Timeouts
from dragoman.features.agents import agent_status
from dragoman.features.runtime_fix import fixes
from dragoman.features.runtime_fix.answer_paths import AnswerPath, answer_paths
from dragoman.lint.diagnostic import Diagnostic, Fix, Severity
from dragoman.project.agent_file import AgentEntry, AgentFile
from dragoman.project.project import Project

_NOT_THE_AGENTS = {ErrorCode.BUSY, ErrorCode.INTERNAL, ErrorCode.UNTRUSTED}
"""Failures that no change of the agent's description could mend."""


@dataclass(frozen=True, slots=True)
class _Failure:
    agent: Agent
    """As it was when it was asked."""
    error: TurnError
    paths: tuple[AnswerPath, ...]


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
            paths = answer_paths(outcome.error.documents, known.agent.connector.dialect)
            self._failures[place] = _Failure(known.agent, outcome.error, tuple(paths))
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
            mends = tuple(_fixes(failure, file, entry, _provider(project, uri, failure)))
            told.append(Diagnostic(code, failure.error.message, span, Severity.WARNING, mends))
        return told

    def fixes(self, project: Project, agent: str) -> tuple[Fix, ...]:
        """What would mend the last failure of the agent of this name, as edits of its file as it is now."""
        known = project.agent(agent)
        file = project.agent_file(known.uri) if known else None
        failure = self._failures.get((known.uri, agent)) if known else None
        if known is None or file is None or failure is None or failure.agent != known.agent:
            return ()
        return tuple(_fixes(failure, file, known.entry, _provider(project, known.uri, failure)))


def _provider(project: Project, uri: str, failure: _Failure) -> ProviderDefinition | None:
    return project.providers_in(uri).definition(failure.agent.provider)


def _fixes(failure: _Failure, file: AgentFile, entry: AgentEntry, provider: ProviderDefinition | None) -> Iterable[Fix]:
    match failure.error.remedy:
        case Remedy.TOKEN if provider:
            return fixes.token_fixes(file, entry, provider)
        case Remedy.URL if provider:
            return fixes.url_fixes(file, entry, provider)
        case Remedy.SCHEME:
            return fixes.scheme_fixes(file, entry)
        case Remedy.ANSWER_PATH:
            return fixes.answer_path_fixes(file, entry, failure.paths)
        case Remedy.TIMEOUT:
            limits = Timeouts.of(failure.agent)
            return fixes.timeout_fixes(file, entry, max(limits.connect, limits.first_byte, limits.between_bytes))
        case Remedy.BILLING if provider:
            return fixes.billing_fixes(entry, provider)
        case _:
            return ()
