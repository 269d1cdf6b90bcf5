from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from dragoman.features.chat_document.workspace_files import WorkspaceFiles, best_matches, list_files


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in ("src/app.py", "readme.md", ".env", ".git-not/x", "src/.cache/x", "node_modules/x/index.js", "ü ö.md"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("")
    return tmp_path


def test_without_git(root: Path) -> None:
    assert sorted(list_files(root)) == ["readme.md", "src/app.py", "ü ö.md"]


def test_with_git_what_it_ignores_is_left_out(root: Path) -> None:
    subprocess.run(["git", "init", "-q", str(root)], check=True)
    (root / ".gitignore").write_text("node_modules/\n*.md\n!readme.md\n")
    assert sorted(list_files(root)) == ["readme.md", "src/app.py"]
    assert list_files(root / "src") == ["app.py"]


FILES = ["docs/app.md", "src/app.py", "src/deep/map.py", "x/ASP.py", "zip.py"]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("app", ["docs/app.md", "src/app.py", "x/ASP.py", "src/deep/map.py"]),
        ("ap", ["docs/app.md", "src/app.py", "src/deep/map.py", "x/ASP.py"]),
        ("src/", ["src/app.py", "src/deep/map.py"]),
        ("asp", ["x/ASP.py"]),
        ("DEEP", ["src/deep/map.py"]),
        ("none", []),
        ("", ["zip.py", "docs/app.md", "src/app.py", "x/ASP.py", "src/deep/map.py"]),
    ],
)
def test_what_was_typed(typed: str, found: list[str]) -> None:
    assert best_matches(FILES, typed, 10) == found


def test_no_more_than_asked_for() -> None:
    assert best_matches(FILES, "", 1) == ["zip.py"]


def test_a_folder_that_is_gone(tmp_path: Path) -> None:
    assert WorkspaceFiles().matching([tmp_path / "gone"], "", 10) == []
