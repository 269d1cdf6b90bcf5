"""Folders of the user, and `file:` URIs."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman.paths import cache_folder, data_folder, path_of, uri_of, user_agent_file


@pytest.mark.parametrize(
    ("uri", "path"),
    [
        ("file:///a/b.json", "/a/b.json"),
        ("file://localhost/a", "/a"),
        ("file:///a%20b/%C3%A9%23%3F.json", "/a b/é#?.json"),
        ("file:///a+b/c&d", "/a+b/c&d"),
        ("FILE:///a", "/a"),
        ("untitled:Untitled-1", None),
        ("https://host/a", None),
        ("", None),
        ("/a/b", None),
        ("http://[", None),
        ("file://[/a", None),
        ("file:///a%00b", None),
    ],
)
def test_path_of(uri: str, path: str | None):
    assert path_of(uri) == (Path(path) if path else None)


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        ("/a/b.json", "file:///a/b.json"),
        ("/a b/é.json", "file:///a%20b/%C3%A9.json"),
        ("/a#b?c%d", "file:///a%23b%3Fc%25d"),
    ],
)
def test_uri_of(path: str, uri: str):
    assert uri_of(Path(path)) == uri


_names = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="/\0"), min_size=1)


@given(st.lists(_names.filter(lambda name: name not in (".", "..")), min_size=1).map("/".join))
def test_there_and_back(relative: str):
    path = Path("/") / relative
    assert path_of(uri_of(path)) == path


def test_the_users_files_are_where_the_environment_says(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    assert user_agent_file() == tmp_path / "config" / "dragoman" / "agents.json"
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    assert cache_folder() == tmp_path / "cache" / "dragoman"
    assert data_folder() == tmp_path / "data" / "dragoman"


@pytest.mark.parametrize(
    ("platform", "agents", "cache", "data"),
    [
        ("linux", ".config/dragoman/agents.json", ".cache/dragoman", ".local/share/dragoman"),
        (
            "darwin",
            "Library/Application Support/dragoman/agents.json",
            "Library/Caches/dragoman",
            "Library/Application Support/dragoman",
        ),
    ],
)
def test_the_users_files_elsewhere(
    platform: str, agents: str, cache: str, data: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    for name in ("XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr("sys.platform", platform)
    assert user_agent_file() == tmp_path / agents
    assert cache_folder() == tmp_path / cache
    assert data_folder() == tmp_path / data


@pytest.mark.skipif(sys.platform == "win32", reason="names are text there")
def test_a_name_that_is_no_text_has_a_uri():
    path = Path(os.fsdecode(b"/caf\xe9/agents.json"))
    assert uri_of(path) == "file:///caf%E9/agents.json"
    assert path_of("file:///caf%E9/agents.json") == path
