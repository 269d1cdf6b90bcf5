"""What is open and known: an open buffer counts more than the disk, the user's own agents more than a workspace's."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from dragoman.paths import uri_of, user_agent_file
from dragoman.project.disk import read_agent_files
from dragoman.project.project import Project
from dragoman.settings import Settings
from dragoman.syntax.text import Span


@pytest.fixture(autouse=True)
def _own_user_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "workspace").mkdir()
    return tmp_path / "workspace"


def test_an_open_document_counts_more_than_the_disk(root: Path):
    project, uri = project_with(root, agents("on disk"))
    assert names(project) == ["on disk"]
    project.open(uri, "json", 1, agents("open"))
    assert names(project) == ["open"]
    project.change(uri, 2, Span(11, 15), "changed")
    assert names(project) == ["changed"]
    write(root / "agents.json", agents("on disk, later"))
    project.reread_from_disk([uri])
    assert names(project) == ["changed"]
    project.close(uri)
    assert names(project) == ["on disk, later"]


def test_a_document_that_was_never_saved_goes_with_its_window(root: Path):
    project, _ = project_with(root, agents("docs"))
    uri = uri_of(root / "new.agent.json")
    project.open(uri, "json", 1, agents("new"))
    assert names(project) == ["docs", "new"]
    project.close(uri)
    assert names(project) == ["docs"]


def test_a_whole_new_text(root: Path):
    project, uri = project_with(root, agents("docs"))
    project.open(uri, "json", 1, agents("a"))
    project.change(uri, 5, None, agents("b", "c"))
    assert names(project) == ["b", "c"]
    document = project.document(uri)
    assert document is not None
    assert (document.version, document.text) == (5, agents("b", "c"))


def test_edits_one_after_the_other_are_those_of_the_text(root: Path):
    project, uri = project_with(root, "[]")
    project.open(uri, "json", 1, "[]")
    text = agents("a", "b")
    for version, character in enumerate(text, 2):
        at = version - 2
        project.change(uri, version, Span(at, at + 2 if version == 2 else at), character)
    document = project.document(uri)
    assert document is not None
    assert document.text == text
    assert names(project) == ["a", "b"]


def test_what_is_no_agent_file_is_a_document_only(root: Path):
    project = Project()
    uri = uri_of(root / "package.json")
    project.open(uri, "json", 1, agents("docs"))
    project.change(uri, 2, None, agents("other"))
    assert (project.agent_file(uri), project.open_agent_files(), names(project)) == (None, [], [])
    project.close(uri)
    assert project.document(uri) is None


@pytest.mark.parametrize("uri", ["untitled:agents.json", "untitled:x/my.agent.json", "vscode-vfs://host/agents.json"])
def test_documents_that_are_no_files(uri: str):
    project = Project()
    project.open(uri, "json", 1, agents("docs"))
    assert names(project) == ["docs"]
    project.refresh()
    project.close(uri)
    assert names(project) == []


def test_settings_say_which_open_documents_are_agent_files(root: Path):
    project = Project()
    uri = uri_of(root / "bots" / "a.json")
    project.open(uri, "json", 1, agents("docs"))
    assert project.open_agent_files() == []
    project.apply_settings(Settings(files=("bots/*.json",)))
    assert (project.open_agent_files(), names(project)) == ([uri], ["docs"])
    project.change(uri, 2, None, agents("changed"))
    assert names(project) == ["changed"]
    project.apply_settings(Settings())
    assert (project.open_agent_files(), names(project)) == ([], [])


def test_refresh_sees_files_that_changed_or_went(root: Path):
    project, uri = project_with(root, agents("docs"))
    write(root / "agents.json", agents("renamed"))
    project.refresh()
    assert names(project) == ["renamed"]
    (root / "agents.json").unlink()
    project.refresh()
    assert (names(project), project.agent_file(uri)) == ([], None)


def test_refresh_sees_that_the_user_has_a_file_now(root: Path):
    project, _ = project_with(root, agents("docs"))
    write(user_agent_file(), agents("mine"))
    project.refresh()
    assert names(project) == ["mine", "docs"]


def test_refresh_reads_only_what_has_changed(root: Path):
    project, uri = project_with(root, agents("docs"))
    before = project.agent_file(uri)
    project.refresh()
    assert project.agent_file(uri) is before


def test_the_users_agent_is_the_one_that_is_meant(root: Path):
    write(user_agent_file(), agents("docs", "mine"))
    project, uri = project_with(root, agents("docs", "theirs"))
    assert [(known.agent.name, known.origin) for known in project.agents()] == [
        ("docs", "user"),
        ("mine", "user"),
        ("theirs", "workspace"),
    ]
    assert [(known.agent.name, known.uri == uri) for known in project.all_agents()] == [
        ("docs", False),
        ("mine", False),
        ("docs", True),
        ("theirs", True),
    ]
    docs = project.agent("docs")
    assert docs is not None
    assert docs.origin == "user"
    assert project.agent("nobody") is None


def test_the_users_file_has_its_agents_whatever_it_is_called(root: Path, monkeypatch: pytest.MonkeyPatch):
    project = Project()
    project.open(uri_of(user_agent_file()), "json", 1, agents("mine"))
    assert [known.origin for known in project.agents()] == ["user"]


def test_an_agent_with_no_name_cannot_be_chosen(root: Path):
    project, _ = project_with(root, '[{"url": "http://h"}, {"name": "docs"}]')
    assert names(project) == ["docs"]
    assert len(list(project.all_agents())) == 2


def test_a_broken_agent_hides_no_other(root: Path):
    project, _ = project_with(root, '[{"name": "a", "url": }, {"name" "b"}, nonsense, {"name": "c"}')
    assert names(project) == ["a", "b", "c"]


def test_several_folders(root: Path, tmp_path: Path):
    write(root / "agents.json", agents("one"))
    write(tmp_path / "other" / "my.agents.json", agents("two"))
    project = Project()
    project.set_roots([root, tmp_path / "other"])
    project.take_files(read_agent_files(project.roots))
    assert names(project) == ["one", "two"]


def test_files_that_cannot_be_read_are_passed_by(root: Path):
    (root / "agents.json").mkdir()
    (root / "bytes.agent.json").write_bytes(b'{"name": "\xff"}')
    os.symlink(root / "nowhere", root / "lost.agent.json")
    project = Project()
    project.take_files(read_agent_files([root]))
    assert names(project) == ["\ufffd"]
    project.reread_from_disk([uri_of(root / "agents.json"), "http://h/agents.json", "file:///a%00/agents.json"])
    assert names(project) == ["\ufffd"]


def project_with(root: Path, text: str) -> tuple[Project, str]:
    write(root / "agents.json", text)
    project = Project()
    project.set_roots([root])
    project.take_files(read_agent_files([root]))
    return project, uri_of(root / "agents.json")


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def agents(*names: str) -> str:
    return "[" + ", ".join(f'{{"name": "{name}", "url": "http://h/"}}' for name in names) + "]"


def names(project: Project) -> list[str]:
    return [known.agent.name for known in project.agents()]
