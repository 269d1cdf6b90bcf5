"""Which files are agent files, and which of them a search finds."""

from __future__ import annotations

import subprocess
from pathlib import Path, PurePosixPath

import pytest

from dragoman.project.recognise import find_files, is_agent_file, is_chat_document


@pytest.mark.parametrize(
    "path",
    [
        "/w/agents.json",
        "/w/agents.jsonc",
        "/w/my.agents.json",
        "/w/my.agents.jsonc",
        "/w/a.b.agent.json",
        "/w/my.agent.jsonc",
        "/w/.agents/docs.json",
        "/w/deep/er/.agents/docs.jsonc",
        "/w/AutoDevCustomAgentFile.json",
        "/w/AutoDevCustomAgentFile.jsonc",
        "agents.json",
    ],
)
def test_recognised(path: str):
    assert is_agent_file(PurePosixPath(path), "json")


@pytest.mark.parametrize(
    "path",
    [
        "/w/agent.json",
        "/w/myagents.json",
        "/w/agents.json.bak",
        "/w/agents.jsonl",
        "/w/agents_json",
        "/w/agents/docs.json",
        "/w/.agents/deep/docs.json",
        "/w/x.agents/docs.json",
        "/w/.agents/docs.yaml",
        "/w/package.json",
        "/w/agents.json/other.txt",
        "/w/Agents.json",
    ],
)
def test_not_recognised(path: str):
    assert not is_agent_file(PurePosixPath(path), "json")


def test_a_language_id_recognises_anything():
    assert is_agent_file(PurePosixPath("/w/x.txt"), "agent-config")
    assert is_agent_file(None, "agent-config")
    assert not is_agent_file(None, "json")


@pytest.mark.parametrize(
    ("glob", "path", "matches"),
    [
        ("bots/*.json", "/w/bots/a.json", True),
        ("bots/*.json", "/w/deep/bots/a.json", True),
        ("bots/*.json", "/w/bots/deep/a.json", False),
        ("bots/*.json", "/w/robots/a.json", False),
        ("bots/**/*.json", "/w/bots/a.json", True),
        ("bots/**/*.json", "/w/bots/x/y/a.json", True),
        ("bots/**", "/w/bots/x/y/a.txt", True),
        ("**/bots.json", "/w/x/bots.json", True),
        ("*.{bot,agent}.json", "/w/a.bot.json", True),
        ("*.{bot,agent}.json", "/w/a.other.json", False),
        ("*.{*bot,x?}.json", "/w/a.mybot.json", True),
        ("*.{*bot,x?}.json", "/w/a.x1.json", True),
        ("a?.json", "/w/ab.json", True),
        ("a?.json", "/w/abc.json", False),
        ("a?.json", "/w/a/.json", False),
        ("a.b", "/w/aXb", False),
        ("a[1].json", "/w/a[1].json", True),
        ("{a", "/w/{a", True),
        ("/w/x/*.json", "/w/x/a.json", True),
        ("", "/w/a.json", False),
    ],
)
def test_more_globs(glob: str, path: str, matches: bool):
    assert is_agent_file(PurePosixPath(path), "json", [glob]) == matches


def test_a_search_passes_by_what_is_not_the_users_own(tmp_path: Path):
    wanted = ["agents.json", ".agents/docs.json", "deep/my.agent.jsonc", "deep/.agents/x.json"]
    others = [
        ".hidden/agents.json",
        ".git/agents.json",
        "node_modules/x/agents.json",
        "venv/agents.json",
        "my-environment/pyvenv.cfg",
        "my-environment/agents.json",
        "__pycache__/agents.json",
        "package.json",
    ]
    make(tmp_path, *wanted, *others)
    assert found(tmp_path) == sorted(wanted)


def test_a_search_passes_by_what_git_ignores(tmp_path: Path):
    make(tmp_path, "agents.json", "build/agents.json", "über/agents.json", "a b/agents.json", "out/x.agent.json")
    subprocess.run(["git", "init", "--quiet", str(tmp_path)], check=True)
    (tmp_path / ".gitignore").write_text("build/\n/über\na b\n", "utf-8")
    assert found(tmp_path) == ["agents.json", "out/x.agent.json"]


def test_a_search_takes_more_globs(tmp_path: Path):
    make(tmp_path, "bots/a.json", "other/a.json")
    assert found(tmp_path, "bots/*.json") == ["bots/a.json"]


def test_a_folder_that_is_not_there_holds_nothing(tmp_path: Path):
    assert find_files(tmp_path / "nowhere") == []


def found(root: Path, *globs: str) -> list[str]:
    return sorted(path.relative_to(root).as_posix() for path in find_files(root, globs))


def make(root: Path, *files: str) -> None:
    for file in files:
        (root / file).parent.mkdir(parents=True, exist_ok=True)
        (root / file).touch()


@pytest.mark.parametrize(
    ("name", "language_id", "is_one"),
    [
        ("x.chat.md", "markdown", True),
        ("a/b.c.chat.md", "", True),
        ("Untitled-1", "dragoman-chat", True),
        ("chat.md", "markdown", False),
        ("x.chat.mdx", "markdown", False),
        ("x.md", "markdown", False),
    ],
)
def test_chat_documents(name: str, language_id: str, is_one: bool) -> None:
    assert is_chat_document(PurePosixPath(name), language_id) is is_one
