from __future__ import annotations

from pathlib import Path

import pytest

from dragoman.features.chat_document.links import LinkFault, folders_of, followed_link


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "root"
    (root / "sub").mkdir(parents=True)
    (root / "a.py").write_text("")
    (tmp_path / "rooted.py").write_text("")
    (tmp_path / "other").mkdir()
    (tmp_path / "other/b.py").write_text("")
    (root / "out").symlink_to(tmp_path / "other")
    (root / "in.py").symlink_to(root / "a.py")
    return root


@pytest.mark.parametrize(
    ("link", "found"),
    [
        ("a.py", "a.py"),
        ("sub/../a.py", "a.py"),
        ("./a.py", "a.py"),
        ("in.py", "in.py"),
        ("gone.py", LinkFault.MISSING),
        ("sub", LinkFault.NO_FILE),
        (".", LinkFault.NO_FILE),
        ("../rooted.py", LinkFault.OUTSIDE),
        ("../gone.py", LinkFault.OUTSIDE),
        ("sub/../../rooted.py", LinkFault.OUTSIDE),
        ("out/b.py", LinkFault.OUTSIDE),
        ("out/gone.py", LinkFault.OUTSIDE),
        ("/etc/passwd", LinkFault.OUTSIDE),
        ("~/a.py", LinkFault.MISSING),
        ("a\0.py", LinkFault.MISSING),
        ("x" * 5000, LinkFault.MISSING),
    ],
)
def test_what_a_link_means(root: Path, link: str, found: str | LinkFault) -> None:
    expected = found if isinstance(found, LinkFault) else root / found
    assert followed_link(link, folders_of([root], "file:///elsewhere/x.chat.md")) == expected


def test_an_absolute_path_into_the_workspace(root: Path) -> None:
    assert followed_link(str(root / "a.py"), folders_of([root], "untitled:x")) == root / "a.py"


def test_several_folders(root: Path) -> None:
    folders = folders_of([root, root.parent / "other"], "untitled:x")
    assert followed_link("b.py", folders) == root.parent / "other/b.py"
    assert followed_link("out/b.py", folders) == root / "out/b.py", "it leads into the other folder"


def test_without_a_workspace_the_folder_of_the_document_counts(root: Path) -> None:
    assert followed_link("a.py", folders_of([], (root / "x.chat.md").as_uri())) == root / "a.py"
    assert followed_link("a.py", folders_of([], "untitled:x")) is LinkFault.OUTSIDE


def test_a_document_that_was_never_saved(root: Path) -> None:
    assert (
        followed_link("new.py", folders_of([root], "untitled:x"), lambda path: path.name == "new.py") == root / "new.py"
    )


def test_a_workspace_that_is_itself_a_link(root: Path) -> None:
    named = root.parent / "named"
    named.symlink_to(root)
    assert followed_link("a.py", folders_of([named], "untitled:x")) == named / "a.py"
