"""The agents that can be asked, and why some cannot: for pickers, code actions and prompts."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from enum import StrEnum

from dragoman.agents.address import host_of
from dragoman.lint.diagnostic import Diagnostic, Severity
from dragoman.lint.runner import Worst, lint, lint_definition, lint_worst, worst_of
from dragoman.project.agent_file import AgentEntry
from dragoman.project.known_agent import KnownAgent
from dragoman.project.project import Project

_OWN_IS_MEANT = "The workspace has an agent of this name too; your own is meant until you trust that one."
_OWN_IS_HIDDEN = "You have an agent of this name too; the workspace's, which you trust, is meant."


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
    agents = project.agents()
    diagnostics = {uri: diagnose(project, uri) for uri in dict.fromkeys(known.uri for known in agents)}
    hidden = _hidden_names(project)
    return [_status(known, diagnostics[known.uri], hidden) for known in agents]


def agent_status(project: Project, name: str) -> AgentStatus | None:
    """The agent that is meant by `name`."""
    known = project.agent(name)
    return _status(known, diagnose(project, known.uri), _hidden_names(project)) if known else None


def diagnose(project: Project, uri: str) -> list[Diagnostic]:
    """Everything that the linter says about one file; nothing for a file that is not ours."""
    definition = project.definition(uri)
    if definition is not None:
        return lint_definition(definition, project.settings.rules)
    file = project.agent_file(uri)
    return lint(file, project.settings.rules, project.providers_in(uri)) if file else []


def diagnose_worst(project: Project, uri: str, most: int) -> Worst:
    """The worst of the same, no more than `most`."""
    file = project.agent_file(uri)
    if file is None or project.definition(uri) is not None:
        return worst_of(diagnose(project, uri), most)
    return lint_worst(file, project.settings.rules, project.providers_in(uri), most)


def _status(known: KnownAgent, diagnostics: list[Diagnostic], hidden: set[str]) -> AgentStatus:
    inside = sorted(_inside(known.entry, diagnostics), key=lambda diagnostic: diagnostic.severity)
    problems = [diagnostic.message for diagnostic in inside if diagnostic.severity is not Severity.INFORMATION]
    if known.agent.name in hidden:
        problems.append(_OWN_IS_MEANT if known.origin == "user" else _OWN_IS_HIDDEN)
    worst = min((diagnostic.severity for diagnostic in inside), default=Severity.INFORMATION)
    if not known.agent.url:  # a misspelt key is only a warning, but without an address nobody can be asked
        worst = Severity.ERROR
    state = {Severity.ERROR: AgentState.ERROR, Severity.WARNING: AgentState.WARNING}.get(worst, AgentState.OK)
    if state is AgentState.OK and problems:
        state = AgentState.WARNING
    return AgentStatus(known, state, tuple(problems), next(iter(inside), None))


def _inside(entry: AgentEntry, diagnostics: list[Diagnostic]) -> list[Diagnostic]:
    """Those that begin inside of an agent; they are in the order of the text, and there may be thousands of each."""
    first = bisect_left(diagnostics, entry.span.start, key=_start)
    return diagnostics[first : bisect_left(diagnostics, entry.span.end, key=_start)]


def _start(diagnostic: Diagnostic) -> int:
    return diagnostic.span.start


def _hidden_names(project: Project) -> set[str]:
    """The names of the user's own agents that the workspace has too."""
    every = [(known.agent.name, known.origin) for known in project.all_agents()]
    return {name for name, origin in every if origin == "user"} & {name for name, origin in every if origin != "user"}
