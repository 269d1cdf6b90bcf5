"""The agents that can be asked, and why some cannot: for pickers, code actions and prompts."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from enum import StrEnum

from dragoman.agents.address import host_of
from dragoman.lint.diagnostic import Diagnostic, Severity
from dragoman.lint.kept import Patience, Placed
from dragoman.lint.runner import (
    STEP,
    Worst,
    lint,
    lint_agents,
    lint_definition,
    lint_worst,
    start_of,
    worst_of,
)
from dragoman.lint.surroundings import Neighbour, Standing, Surroundings, shared_names, standing_of
from dragoman.project.agent_file import AgentEntry
from dragoman.project.known_agent import KnownAgent
from dragoman.project.project import Project
from dragoman.syntax.text import Span

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


def agent_statuses(project: Project, patience: Patience | None = None) -> list[AgentStatus]:
    """All agents that can be chosen by name, the user's own first.

    What takes more than `patience`, a step if not given, is left for the next time: until then such an agent, one of
    hundreds with something wrong, passes for a good one.
    """
    agents, patience = project.agents(), patience or Patience(STEP)
    uris = dict.fromkeys(known.uri for known in agents)
    found = {uri: _found_in_agents(project, uri, patience) for uri in uris}
    hidden = _hidden_names(project)
    return [_status(known, found[known.uri], hidden) for known in agents]


def agent_status(project: Project, name: str) -> AgentStatus | None:
    """The agent that is meant by `name`; others are not looked at."""
    known = project.agent(name)
    if known is None:
        return None
    found = _found_in_agents(project, known.uri, Patience(), known.entry.span)
    return _status(known, found, _hidden_names(project))


def _found_in_agents(project: Project, uri: str, patience: Patience, within: Span | None = None) -> list[Placed]:
    """What is said of the agents of a file by themselves; what they have to do with others is in their status."""
    file, rules = project.agent_file(uri), project.settings.rules
    return lint_agents(file, rules, project.providers_in(uri), patience, within) if file else []


def standing_in(project: Project, uri: str) -> Standing:
    """What other files may have to do with an agent file, to be compared with what it was; () for another file."""
    file = project.agent_file(uri)
    return standing_of(file) if file else ()


def surroundings_of(project: Project, uri: str) -> Surroundings:
    """What is around an agent file."""
    users = project.users_file()
    file = project.agent_file(uri)
    is_users = users is not None and users[1] is file
    return Surroundings(
        users=Neighbour(*users) if users and not is_users else None,
        others=lambda: [Neighbour(*known) for known in project.agent_files() if known[1] is not file],
    )


def diagnose(project: Project, uri: str) -> list[Diagnostic]:
    """Everything that the linter says about one file; nothing for a file that is not ours."""
    definition = project.definition(uri)
    if definition is not None:
        return lint_definition(definition, project.settings.rules)
    file = project.agent_file(uri)
    if file is None:
        return []
    return lint(file, project.settings.rules, project.providers_in(uri), surroundings_of(project, uri))


def diagnose_worst(project: Project, uri: str, most: int) -> Worst:
    """The worst of the same, no more than `most`."""
    file = project.agent_file(uri)
    if file is None or project.definition(uri) is not None:
        return worst_of(diagnose(project, uri), most)
    around = surroundings_of(project, uri)
    return lint_worst(file, project.settings.rules, project.providers_in(uri), most, around)


def _status(known: KnownAgent, found: list[Placed], hidden: set[str]) -> AgentStatus:
    inside = sorted(_inside(known.entry, found), key=lambda placed: placed[1].severity)
    problems = [diagnostic.message for _, diagnostic in inside if diagnostic.severity is not Severity.INFORMATION]
    if known.agent.name in hidden:
        problems.append(_OWN_IS_MEANT if known.origin == "user" else _OWN_IS_HIDDEN)
    worst = inside[0][1].severity if inside else Severity.INFORMATION
    if not known.agent.url:  # a misspelt key is only a warning, but without an address nobody can be asked
        worst = Severity.ERROR
    state = {Severity.ERROR: AgentState.ERROR, Severity.WARNING: AgentState.WARNING}.get(worst, AgentState.OK)
    if state is AgentState.OK and problems:
        state = AgentState.WARNING
    first = inside[0][1].shifted(inside[0][0]) if inside else None
    return AgentStatus(known, state, tuple(problems), first)


def _inside(entry: AgentEntry, found: list[Placed]) -> list[Placed]:
    """Those that begin inside of an agent; they are in the order of the text, and there may be thousands of each."""
    first = bisect_left(found, entry.span.start, key=start_of)
    return found[first : bisect_left(found, entry.span.end, key=start_of)]


def _hidden_names(project: Project) -> set[str]:
    """The names of the user's own agents that the workspace has too."""
    users = project.users_file()
    if users is None:
        return set()
    others = (file for _, file in project.agent_files() if file is not users[1])
    return {name for other in others for name in shared_names(users[1], other)}
