"""The files that define providers: where they are looked for, which count, and how long a catalog stays the same."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dragoman.lint.runner import lint
from dragoman.paths import uri_of, user_agent_file, user_provider_folder
from dragoman.project.disk import read_agent_files
from dragoman.project.project import Project
from dragoman.project.provider_files import is_definition

AGENT = '{"name": "a", "url": "http://h/", "provider": "mine"}'


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    return tmp_path / "workspace"


def define(folder: Path, name: str, title: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(json.dumps({"title": title}), "utf-8")
    return folder / name


def theirs(root: Path, name: str = "mine.jsonc", title: str = "theirs") -> Path:
    return define(root / ".agents/providers", name, title)


def searched(root: Path) -> Project:
    project = Project()
    project.set_roots([root])
    project.take_files(read_agent_files([root]))
    return project


def title(project: Project, name: str = "mine") -> str | None:
    definition = project.providers("workspace").definition(name)
    return definition.title if definition else None


@pytest.mark.parametrize(
    ("path", "is_one"),
    [
        (".agents/providers/a.json", True),
        ("deep/.agents/providers/a.jsonc", True),
        (".agents/providers/agents.json", True),
        (".agents/a.json", False),
        (".agents/providers/a.yaml", False),
        (".agents/providers/deep/a.json", False),
        ("providers/a.json", False),
    ],
)
def test_where_definitions_are(root: Path, path: str, is_one: bool):
    assert is_definition(uri_of(root / path)) == is_one
    assert is_definition(uri_of(user_provider_folder() / "a.json"))
    assert not is_definition("untitled:.agents/providers/a.json")


def test_a_definition_is_no_agent_file(root: Path):
    theirs(root, "agents.json")
    project = searched(root)
    uri = uri_of(root / ".agents/providers/agents.json")
    project.open(uri, "agent-config", 1, "[]")
    assert (project.agents(), project.open_agent_files(), project.open_files()) == ([], [], [uri])
    assert title(project, "agents") is None


def test_an_open_buffer_wins_over_the_disk(root: Path):
    uri = uri_of(theirs(root))
    project = searched(root)
    assert title(project) == "theirs"
    project.open(uri, "jsonc", 1, '{"title": "unsaved"}')
    assert title(project) == "unsaved"
    project.change(uri, 2, None, '{"title": "typed"}')
    assert title(project) == "typed"
    project.close(uri)
    known = project.definition(uri)
    assert title(project) == "theirs"
    assert known is not None
    assert "theirs" in known.file.text


def test_which_of_several_files_counts(root: Path):
    theirs(root, "mine.json", "json")
    define(root / "deep/.agents/providers", "mine.jsonc", "deep")
    assert title(searched(root)) == "json"
    theirs(root, "mine.jsonc", "jsonc")
    assert title(searched(root)) == "jsonc"
    define(user_provider_folder(), "mine.json", "user")
    assert title(searched(root)) == "user"


def test_the_users_agents_have_a_catalog_of_their_own(root: Path):
    theirs(root)
    project = searched(root)
    assert "mine" not in project.providers_in(uri_of(user_agent_file())).names
    assert "mine" in project.providers_in(uri_of(root / "agents.json")).names


def test_refresh_sees_what_is_new_changed_and_gone(root: Path):
    file = theirs(root)
    project = searched(root)
    file.write_text('{"title": "changed on the disk"}')
    mine = define(user_provider_folder(), "more.jsonc", "more")
    project.refresh()
    assert (title(project), title(project, "more")) == ("changed on the disk", "more")
    file.unlink()
    mine.unlink()
    project.refresh()
    assert (title(project), title(project, "more")) == (None, None)


def test_a_catalog_stays_the_same_as_long_as_nothing_changes_for_it(root: Path):
    uri = uri_of(theirs(root))
    project = searched(root)
    user, workspace = project.providers("user"), project.providers("workspace")
    project.open(uri_of(root / "agents.json"), "json", 1, AGENT)
    project.change(uri_of(root / "agents.json"), 2, None, f" {AGENT}")
    project.take_files(read_agent_files([root]))
    project.refresh()
    project.open(uri, "jsonc", 1, '{"title": "theirs"}')
    assert (project.providers("user"), project.providers("workspace")) == (user, workspace)
    project.change(uri, 2, None, '{"title": "other"}')
    assert project.providers("user") is user
    assert project.providers("workspace") is not workspace


def test_what_is_said_of_an_agent_is_kept_with_the_catalog(root: Path):
    uri = uri_of(theirs(root))
    project = searched(root)
    agents = uri_of(root / "agents.json")
    project.open(agents, "json", 1, AGENT)

    def said() -> list[str]:
        file = project.agent_file(agents)
        assert file is not None
        return [diagnostic.code for diagnostic in lint(file, {}, project.providers_in(agents))]

    assert said() == []
    project.open(uri, "jsonc", 1, '{"tilte": ""}')
    assert said() == ["unknown-provider"]
    project.change(uri, 2, None, "{}")
    assert said() == []


def test_a_file_that_cannot_be_read_is_passed_by(root: Path):
    (root / ".agents/providers/mine.json").mkdir(parents=True)
    (root / ".agents/providers/bytes.json").write_bytes(b'{"title": "\xff"}')
    project = searched(root)
    assert (title(project), title(project, "bytes")) == (None, "\ufffd")
