"""Where the paths of an agent may lead."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman.chat.delivery.devins.paths import RefusedPath, SafePath, safe_path


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A workspace beside something private, with links of all kinds."""
    folder = tmp_path / "workspace"
    (folder / "src").mkdir(parents=True)
    (folder / ".git/hooks").mkdir(parents=True)
    (folder / "src/a.py").write_text("a")
    private = tmp_path / "private"
    private.mkdir()
    (private / "key").write_text("k")
    (folder / "out").symlink_to(private)
    (folder / "key").symlink_to(private / "key")
    (folder / "new").symlink_to(private / "not-there-yet")
    (folder / "hooks").symlink_to(folder / ".git/hooks")
    (folder / "same").symlink_to("src")
    (folder / "round").symlink_to("round")
    os.mkfifo(folder / "pipe")
    return folder


@pytest.mark.parametrize("text", ["src/a.py", "./src/a.py", "src\\a.py", "src//a.py", "same/a.py"])
def test_a_file_of_the_workspace(root: Path, text: str):
    found = safe_path(text, [root])
    assert isinstance(found, SafePath)
    assert (found.path, found.caution) == ((root / "src/a.py").resolve(), "")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "it names no file"),
        (".", "it names no file"),
        ("/etc/passwd", "it does not begin in the workspace"),
        ("\\\\host\\share\\x", "it does not begin in the workspace"),
        ("~/x", "it does not begin in the workspace"),
        ("C:\\x", "it does not begin in the workspace"),
        ("c:x", "it does not begin in the workspace"),
        ("a.txt:stream", "it holds a colon"),
        ("file:///etc/passwd", "it holds a colon"),
        ("../x", "it leads upwards"),
        ("src/../a", "it leads upwards"),
        ("src\\..\\..\\x", "it leads upwards"),
        ("a\0b", "it holds characters that cannot be seen"),
        ("a\nb", "it holds characters that cannot be seen"),
        (".g\u200cit/config", "it holds characters that cannot be seen"),
        ("\u202eyp.a", "it holds characters that cannot be seen"),
        ("\ud800", "it holds characters that cannot be seen"),
        ("src/NUL", "NUL is a device on some systems"),
        ("con.txt", "con.txt is a device on some systems"),
        ("COM1 .log", "COM1 .log is a device on some systems"),
        ("lpt²", "lpt² is a device on some systems"),
        (".git./config", "a blank or a dot at an end is dropped on some systems"),
        ("a ", "a blank or a dot at an end is dropped on some systems"),
        ("GIT~1/config", "GIT~1 is a short name of another file on some systems"),
        ("x" * 256, "a part of it is too long"),
        ("out/x", "it leads out of the workspace"),
        ("out/new/x", "it leads out of the workspace"),
        ("key", "it leads out of the workspace"),
        ("new", "it leads out of the workspace"),
        ("src", "what stands there is no plain file"),
        ("pipe", "what stands there is no plain file"),
        ("src/a.py/x", "a part of it is no folder"),
        ("round", "its place cannot be looked at"),
        ("round/x", "its place cannot be looked at"),
    ],
)
def test_a_path_that_is_not_followed(root: Path, text: str, reason: str):
    assert safe_path(text, [root]) == RefusedPath(reason)


@pytest.mark.parametrize(
    ("text", "caution"),
    [
        (".git/config", "git acts on it"),
        ("sub/.GIT/config", "git acts on it"),
        ("hooks/pre-commit", "git acts on it"),
        (".vscode/tasks.json", "editors act on it"),
        (".env", "it holds settings of this machine, and may hold secrets"),
        ("sub/.env.local", "it holds settings of this machine, and may hold secrets"),
        (".github/workflows/ci.yml", "it is run by the project's automation"),
        (".github/actions/a/action.yml", "it is run by the project's automation"),
        ("Jenkinsfile", "it is run by the project's automation"),
        (".gitlab-ci.yml", "it is run by the project's automation"),
        ("agents.json", "it says which agents are asked, and with what"),
        ("sub/my.agents.jsonc", "it says which agents are asked, and with what"),
        (".agents/providers/x.json", "it says which agents are asked, and with what"),
        ("AutoDevCustomAgentFile.json", "it says which agents are asked, and with what"),
        (".nvim.lua", "editors act on it"),
        (".github/README.md", ""),
        ("src/environment.py", ""),
        ("git/x", ""),
    ],
)
def test_a_file_that_is_asked_for_in_particular(root: Path, text: str, caution: str):
    found = safe_path(text, [root])
    assert isinstance(found, SafePath)
    assert found.caution == caution


def test_several_folders(root: Path, tmp_path: Path):
    other = tmp_path / "other"
    other.mkdir()
    (other / "b.py").write_text("b")
    for text, folder in (("b.py", other), ("src/a.py", root), ("neither.py", root)):
        found = safe_path(text, [root, other])
        assert isinstance(found, SafePath)
        assert found.path == (folder / text).resolve()
    assert safe_path("a", []) == RefusedPath("no folder is open")


def test_a_workspace_that_is_reached_by_a_link(root: Path, tmp_path: Path):
    (tmp_path / "link").symlink_to(root)
    found = safe_path("src/new.py", [tmp_path / "link"])
    assert found == SafePath((root / "src/new.py").resolve(), "src/new.py")


STEPS = st.sampled_from(["src", "out", "..", ".", "same", "hooks", "a.py", "new", "key", "", "\\", "C:", "x", "round"])


@given(st.lists(STEPS, max_size=6).map("/".join) | st.text(max_size=12))
def test_no_path_leads_out(tmp_path_factory: pytest.TempPathFactory, text: str):
    folder = workspace(tmp_path_factory)
    found = safe_path(text, [folder])
    assert isinstance(found, RefusedPath) or found.path.is_relative_to(folder.resolve())


_made: list[Path] = []


def workspace(factory: pytest.TempPathFactory) -> Path:
    """One for all examples."""
    if not _made:
        base = factory.mktemp("paths")
        (base / "private").mkdir()
        (base / "private/key").write_text("k")
        folder = base / "workspace"
        (folder / "src").mkdir(parents=True)
        for name, to in (("out", "../private"), ("key", "../private/key"), ("new", "../new"), ("same", "src")):
            (folder / name).symlink_to(to)
        (folder / "round").symlink_to("round")
        _made.append(folder)
    return _made[0]
