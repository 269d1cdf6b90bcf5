"""The agents that can be asked, and why some cannot: for pickers, code actions and prompts."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from dragoman.lint.diagnostic import Diagnostic, Severity
from dragoman.lint.runner import lint
from dragoman.project.agent_file import AgentEntry
from dragoman.project.project import KnownAgent, Project


class AgentState(StrEnum):
    """How an agent's part of its file looks to the linter."""

    OK = "ok"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class AgentStatus:
    """An agent of the registry and what the linter says about it, the worst first."""

    known: KnownAgent
    state: AgentState
    problems: tuple[str, ...]
    worst: Diagnostic | None = None
    """What the first of the problems is about, where it stands in the file."""

    @property
    def is_usable(self) -> bool:
        """Whether it can be asked."""
        return self.state is not AgentState.ERROR and self.known.agent.enabled

    @property
    def host(self) -> str:
        """The host of its url, all of the url that is shown around."""
        return host_of(self.known.agent.url)


def agent_statuses(project: Project) -> list[AgentStatus]:
    """All agents that can be chosen by name, the user's own first."""
    diagnostics: dict[str, list[Diagnostic]] = {}
    for known in project.agents():
        if known.uri not in diagnostics:
            diagnostics[known.uri] = diagnose(project, known.uri)
    hidden = _hidden_names(project)
    return [_status(known, diagnostics[known.uri], hidden) for known in project.agents()]


def agent_status(project: Project, name: str) -> AgentStatus | None:
    """The agent that is meant by `name`."""
    return next((status for status in agent_statuses(project) if status.known.agent.name == name), None)


def diagnose(project: Project, uri: str) -> list[Diagnostic]:
    """Everything that the linter says about one file; nothing for a file that is no agent file."""
    file = project.agent_file(uri)
    return lint(file, project.settings.rules) if file else []


def host_of(url: str) -> str:
    """The host of a url, without a user name or a token that stands in it."""
    try:
        parts = urlsplit(url)
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return ""
    host = parts.hostname or ""
    return f"[{host}]{port}" if ":" in host else f"{host}{port}"


def _status(known: KnownAgent, diagnostics: list[Diagnostic], hidden: set[str]) -> AgentStatus:
    touching = (diagnostic for diagnostic in diagnostics if _touches(known.entry, diagnostic))
    inside = sorted(touching, key=lambda diagnostic: diagnostic.severity)
    problems = [diagnostic.message for diagnostic in inside if diagnostic.severity is not Severity.INFORMATION]
    if known.origin == "user" and known.agent.name in hidden:
        problems.append("The workspace has an agent of this name too; your own is meant.")
    worst = min((diagnostic.severity for diagnostic in inside), default=Severity.INFORMATION)
    if not known.agent.url:  # a misspelt key is only a warning, but without an address nobody can be asked
        worst = Severity.ERROR
    state = {Severity.ERROR: AgentState.ERROR, Severity.WARNING: AgentState.WARNING}.get(worst, AgentState.OK)
    if state is AgentState.OK and problems:
        state = AgentState.WARNING
    return AgentStatus(known, state, tuple(problems), next(iter(inside), None))


def _touches(entry: AgentEntry, diagnostic: Diagnostic) -> bool:
    return entry.span.start <= diagnostic.span.start < entry.span.end


def _hidden_names(project: Project) -> set[str]:
    return {known.agent.name for known in project.all_agents() if known.origin == "workspace"}
