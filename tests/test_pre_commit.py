"""The hook looks at the files that `dragoman check` would find."""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath

import pytest

from dragoman.cli.main import SUBCOMMANDS
from dragoman.project.recognise import DEFINITIONS, NAMES, is_agent_file, is_definition

HOOK = dict(
    line.removeprefix("- ").strip().split(": ", 1)
    for line in (Path(__file__).parents[1] / ".pre-commit-hooks.yaml").read_text(encoding="utf-8").splitlines()
)
NAMED = [name.replace("*", "x") for name in (*NAMES, *DEFINITIONS)]
OTHERS = (
    "x.json",
    "agents.yaml",
    "agentsx.json",
    "agents.jsond",
    "x.agentss.json",
    "agents/x.json",
    "providers/x.json",
)


def test_the_hook_runs_a_command_that_there_is():
    program, command = HOOK["entry"].split()
    assert (program, HOOK["id"]) == ("dragoman", "dragoman-check")
    assert command in SUBCOMMANDS


@pytest.mark.parametrize("folder", ["", "a/", "a/.agents/", ".agents/providers/", ".agents/b/", "xagents/"])
@pytest.mark.parametrize("name", [*NAMED, *(f"{name}c" for name in NAMED), *OTHERS])
def test_its_files_are_those_that_a_search_takes(folder: str, name: str):
    path = PurePosixPath(folder + name)
    is_ours = is_agent_file(path, "") or is_definition(path)
    assert (re.search(HOOK["files"], str(path)) is not None) == is_ours
