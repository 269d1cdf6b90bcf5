"""`dragoman agents` end to end, in a process of its own and a folder of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from linting import diagnose, shown

CURL = """curl https://api.dify.ai/v1/chat-messages -H 'Authorization: Bearer app-SECRET' \\
  -d '{"inputs": {}, "query": "x", "response_mode": "blocking", "user": "u"}'"""


class Shell:
    """A folder, and the user's own beside it."""

    def __init__(self, folder: Path) -> None:
        self.here = folder / "work"
        self.here.mkdir()
        self.users_file = folder / "config/dragoman/agents.json"
        kept = {name: value for name, value in os.environ.items() if not name.endswith("_API_KEY")}
        self.environment = {**kept, "XDG_CONFIG_HOME": str(folder / "config"), "XDG_DATA_HOME": str(folder / "data")}

    def agents(self, *arguments: str, given: str = "") -> tuple[int, str, str]:
        """Exit code, stdout and stderr."""
        done = subprocess.run(
            [sys.executable, "-m", "dragoman", "agents", *arguments],
            input=given.encode(),
            capture_output=True,
            check=False,
            cwd=self.here,
            env=self.environment,
        )
        return done.returncode, done.stdout.decode(), done.stderr.decode()

    def write(self, text: str, name: str = "agents.json") -> Path:
        file = self.here / name
        file.write_bytes(text.encode())
        return file

    def read(self, name: str = "agents.json") -> str:
        return (self.here / name).read_bytes().decode()


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    return Shell(tmp_path)


def test_the_agents_of_the_folder_and_the_users_own(shell: Shell):
    shell.users_file.parent.mkdir(parents=True)
    shell.users_file.write_text('{"name": "Mine", "url": "https://m.example/", "provider": "openai"}')
    shell.write(
        '[\n  {"name": "Döcs", "url": "http://127.0.0.1:1/"},\n  {"name": "Off", "url": "ftp://x", "enabled": false}\n]'
    )

    code, printed, complained = shell.agents("list")

    assert (code, complained) == (0, "")
    rows = [line.split() for line in printed.splitlines()]
    assert rows[0] == ["Mine", "openai", "m.example", "ok", f"{shell.users_file}:1"]
    assert rows[1] == ["Döcs", "custom", "127.0.0.1:1", "ok", "agents.json:2"]
    assert rows[2] == ["Off", "custom", "x", "disabled", "agents.json:3"]
    assert printed.splitlines()[3] == '    "url" must begin with http:// or https:// and name a host.'


def test_where_there_are_no_agents(shell: Shell):
    code, printed, _ = shell.agents("list")
    assert code == 0
    assert "dragoman agents add --provider openai" in printed


def test_a_new_file(shell: Shell):
    code, printed, complained = shell.agents("add", "--provider", "dify")

    assert (code, complained) == (0, "")
    assert json.loads(shell.read()) == [
        {
            "name": "Dify",
            "provider": "dify",
            "url": "https://api.dify.ai/v1/chat-messages",
            "auth": {"type": "Bearer", "token": "${env:DIFY_API_KEY}"},
        }
    ]
    assert "Added to agents.json:" in printed
    assert "export DIFY_API_KEY=…" in printed


def test_several_agents_in_one_file_lint_clean(shell: Shell):
    for kind in ("custom", "azure-openai", "custom", "chaindesk"):
        assert shell.agents("add", "--provider", kind)[0] == 0
    assert [shown(diagnostic) for diagnostic in diagnose(shell.read())] == []
    names = [agent["name"] for agent in json.loads(shell.read())]
    assert names == ["My agent", "Azure OpenAI", "My agent 2", "Chaindesk"]


def test_a_file_that_is_there_keeps_its_bytes_and_its_mode(shell: Shell):
    before = '\ufeff// mine\r\n[\r\n\t{"name": "a", "url": "http://127.0.0.1/"} // first\r\n]\r\n'
    file = shell.write(before)
    file.chmod(0o640)

    shell.agents(
        "add", "--provider", "coze", "--name", "Bot", "--parameter", "bot_id=73", "--parameter", "stream=false"
    )

    after = shell.read()
    assert after.startswith('\ufeff// mine\r\n[\r\n\t{"name": "a", "url": "http://127.0.0.1/"}, // first\r\n\t{\r\n')
    assert after.endswith("\r\n\t}\r\n]\r\n")
    assert '"parameters": {"bot_id": "73", "stream": false}' in after
    assert file.stat().st_mode & 0o777 == 0o640
    assert [entry.name for entry in shell.here.iterdir()] == ["agents.json"]


def test_a_link_stays_a_link(shell: Shell):
    real = shell.write("[]", "real.json")
    (shell.here / "agents.json").symlink_to(real)
    shell.agents("add", "--provider", "ollama")
    assert (shell.here / "agents.json").is_symlink()
    assert json.loads(real.read_text())[0]["name"] == "Ollama"


def test_a_broken_file_stays_as_it_is(shell: Shell):
    shell.write('[\n{"name": "a",}\n')
    code, printed, complained = shell.agents("add", "--provider", "ollama")
    assert (code, printed) == (1, "")
    assert complained == (
        "dragoman agents: agents.json stays as it is. Line 2 must be corrected before anything can be added: "
        "“]” is missing: the text ends.\n"
    )
    assert shell.read() == '[\n{"name": "a",}\n'


def test_a_token_as_it_is_is_warned_of_and_not_shown(shell: Shell):
    code, printed, complained = shell.agents("add", "--provider", "openai", "--user", "--token", "sk-SECRET")
    assert code == 0
    assert '"token": "sk-SECRET"' in shell.users_file.read_text()
    assert shell.users_file.stat().st_mode & 0o777 == 0o600
    assert "SECRET" not in printed + complained
    assert "${env:OPENAI_API_KEY} in its place would keep it out." in complained


def test_what_cannot_be_added(shell: Shell):
    assert shell.agents("add", "--provider", "difi") == (
        1,
        "",
        "dragoman agents: There is no kind of agent difi: did you mean dify?\n",
    )
    shell.agents("add", "--provider", "dify")
    assert "has an agent “Dify” already" in shell.agents("add", "--provider", "dify", "--name", "Dify")[2]
    (shell.here / "b.agents.json").write_bytes(b"\xff\xfe")
    assert "b.agents.json is no UTF-8 text." in shell.agents("add", "--provider", "dify", "--file", "b.agents.json")[2]


def test_a_kind_of_agent_of_the_workspace(shell: Shell):
    (shell.here / ".agents/providers").mkdir(parents=True)
    shell.write(
        '{"like": "openai", "title": "Ours", "url": "https://llm.example/v1/chat"}', ".agents/providers/ours.jsonc"
    )
    assert shell.agents("add", "--provider", "ours")[0] == 0
    assert json.loads(shell.read())[0]["url"] == "https://llm.example/v1/chat"


@pytest.mark.parametrize("way", ["argument", "file", "stdin"])
def test_a_command_becomes_an_agent(shell: Shell, way: str):
    if way == "stdin":
        code, printed, complained = shell.agents("import", given=CURL)
    elif way == "file":
        code, printed, complained = shell.agents("import", str(shell.write(CURL, "command.sh")))
    else:
        code, printed, complained = shell.agents("import", CURL)

    assert (code, complained) == (0, "")
    assert json.loads(shell.read()) == [
        {
            "name": "Dify",
            "provider": "dify",
            "url": "https://api.dify.ai/v1/chat-messages",
            "auth": {"type": "Bearer", "token": "${env:DIFY_API_KEY}"},
            "parameters": {"response_mode": "blocking"},
        }
    ]
    assert "SECRET" not in printed
    assert "- Set DIFY_API_KEY to the token behind “Bearer” where your editor is started from" in printed


def test_a_command_that_is_no_agent(shell: Shell):
    code, printed, complained = shell.agents("import", "curl http://h/ -d @file.json")
    assert (code, printed) == (1, "")
    assert complained.startswith("dragoman agents: The data are in a file")
    assert not (shell.here / "agents.json").exists()
