"""Which agents can be asked, and why some cannot; and what code actions make of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from dragoman.features.agents import AgentState, agent_status, agent_statuses
from dragoman.features.code_action.ask_agent import AskAction, ask_actions
from dragoman.features.code_action.quick_fix import quick_fixes
from dragoman.lint.kept import Patience
from dragoman.paths import uri_of, user_agent_file
from dragoman.project.project import Project
from dragoman.settings import Prompt, Settings
from dragoman.syntax.text import Span
from linting import AGENT, diagnose


@pytest.fixture(autouse=True)
def _own_user_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))


@pytest.mark.parametrize(
    ("inside", "state", "problems", "usable"),
    [
        (AGENT, "ok", [], True),
        (f"{AGENT} /* comment */", "ok", [], True),
        (f"{AGENT},", "warning", ["JSON allows no comma behind the last item."], True),
        (f'{AGENT}, "ennabled": 1', "warning", ['Unknown key "ennabled": did you mean "enabled"?'], True),
        ('"name": "docs"', "error", ['"url" is missing: the agent needs it.'], False),
        (f'{AGENT} "icon": ""', "error", ["A comma is missing before this."], False),
        (f'{AGENT}, "enabled": false', "ok", [], False),
    ],
)
def test_state(inside: str, state: str, problems: list[str], usable: bool):
    status = agent_status(project_with(f"[{{{AGENT.replace('docs', 'other')}}}, {{{inside}}}]"), "docs")
    assert status is not None
    assert (status.state, list(status.problems), status.is_usable) == (AgentState(state), problems, usable)


def test_a_broken_agent_leaves_its_neighbours_alone():
    text = f'[{{"name": "a"}}, {{{AGENT}}}, {{"name": "b", "url": }}, {{"name": "c" "url": "http://h/"'
    states = {status.known.agent.name: status.state.value for status in agent_statuses(project_with(text))}
    assert states == {"a": "error", "docs": "ok", "b": "error", "c": "error"}


def test_a_severity_set_to_off_or_error_counts():
    text = f'[{{{AGENT}, "x": 1}}]'
    for level, state in (("off", AgentState.OK), ("error", AgentState.ERROR), ("information", AgentState.OK)):
        project = project_with(text)
        project.apply_settings(Settings(rules={"unknown-key": level}))
        assert [status.state for status in agent_statuses(project)] == [state]


def test_the_users_agent_is_meant_and_says_so():
    project = project_with(f"[{{{AGENT}}}]")
    project.open(uri_of(user_agent_file()), "json", 1, f"{{{AGENT.replace('8765', '1234')}}}")
    (status,) = agent_statuses(project)
    assert (status.known.origin, status.host) == ("user", "127.0.0.1:1234")
    assert (status.state, status.problems) == (
        AgentState.WARNING,
        ("The workspace has an agent of this name too; your own is meant until you trust that one.",),
    )


PROMPTS = (Prompt("explain", "Explain."), Prompt("sum up", "In a word?", ("docs",)))


def test_asking_about_a_selection():
    project = project_with(f"[{{{AGENT}}}, {{{AGENT.replace('docs', 'other')}}}]")
    assert list(ask_actions(agent_statuses(project), PROMPTS)) == [
        AskAction("Ask docs", "docs"),
        AskAction("Ask docs: explain", "docs", PROMPTS[0]),
        AskAction("Ask docs: sum up", "docs", PROMPTS[1]),
        AskAction("Ask other", "other"),
        AskAction("Ask other: explain", "other", PROMPTS[0]),
    ]


def test_an_agent_with_errors_is_offered_with_the_reason_why_not():
    project = project_with('{"name": "docs"}')
    reason = 'docs cannot be asked: "url" is missing: the agent needs it.'
    assert list(ask_actions(agent_statuses(project), PROMPTS)) == [AskAction("Ask docs", "docs", disabled=reason)]


def test_an_agent_that_is_switched_off_is_not_offered():
    project = project_with(f'{{{AGENT}, "enabled": false}}')
    assert list(ask_actions(agent_statuses(project), PROMPTS)) == []


def test_quick_fixes_of_what_the_selection_touches():
    text = f'{{{AGENT}, "responseAction": "direct", "interactive": "onpaste"}}'
    diagnostics = diagnose(text)
    first, second = (diagnostic.span for diagnostic in diagnostics)

    def titles(start: int, end: int) -> list[str]:
        return [quick.fix.title for quick in quick_fixes(diagnostics, Span(start, end))]

    assert titles(first.start, first.start) == ["Change to “Direct”"]
    assert titles(first.end, first.end) == ["Change to “Direct”"]
    assert titles(0, first.start - 1) == []
    assert titles(0, len(text)) == ["Change to “Direct”", "Change to “OnPaste”"]
    assert titles(second.start + 1, second.start + 2) == ["Change to “OnPaste”"]


def project_with(text: str) -> Project:
    project = Project()
    project.open("file:///workspace/agents.json", "json", 1, text)
    return project


def test_so_many_broken_agents_that_they_are_looked_at_in_steps():
    broken = ",".join(f'{{"name": "{number}", "url": "http://h/", "enabled": 1}}' for number in range(30))
    project = project_with(f"[{broken}]")
    assert [count_of_errors(project, Patience(20)) for _ in range(2)] == [19, 30], "the bracket takes a look too"
    assert count_of_errors(project_with(f"[{broken}]"), Patience()) == 30


def test_one_of_many_agents_is_looked_at_alone():
    broken = ",".join(f'{{"name": "{number}", "url": "http://h/", "enabled": 1}}' for number in range(30))
    project = project_with(f"[{broken}]")
    status = agent_status(project, "29")
    assert status
    assert status.state is AgentState.ERROR
    assert count_of_errors(project, Patience(0)) == 1, "no other was"


def count_of_errors(project: Project, patience: Patience) -> int:
    return sum(status.state is AgentState.ERROR for status in agent_statuses(project, patience))
