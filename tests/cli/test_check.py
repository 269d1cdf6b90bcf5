"""`dragoman check`: what it says of which files, and how it ends."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from command_line import CommandLine, Done
from dragoman.paths import uri_of, user_agent_file
from linting import AGENT

GOOD = f"{{{AGENT}}}"
WARNED = f'{{{AGENT}, "iocn": "x"}}'
COMMENTED = f"{{{AGENT} /* ours */}}"


def test_a_finding_with_its_line_and_marks_under_it(shell: CommandLine):
    shell.write('[\n  {\n\t"name": "漢字 🦜", "responseAction": "direct",\n    "url": "http://127.0.0.1/"\n  }\n]\n')
    assert shell.run("check") == Done(
        1,
        'agents.json:3:36: error: "direct" must be written "Direct". [enum-case]\n'
        '    3 |     "name": "漢字 🦜", "responseAction": "direct",\n'
        "                                                 ^^^^^^^^\n"
        "1 error in 1 of 1 file. 1 can be mended by --fix.\n",
        "",
    )


def test_another_place_that_belongs_to_it(shell: CommandLine):
    shell.write(f"[{GOOD},\n{GOOD}]")
    assert "\n    agents.json:1:11: The other one is here.\n" in shell.run("check").out


def test_a_long_line_is_shown_in_part(shell: CommandLine):
    shell.write("[" + ", ".join([WARNED.replace("docs", f"docs {number}") for number in range(1000)]) + "]")
    shown = shell.run("check", "--format", "text").out.splitlines()
    assert len(shown) == 3001
    assert max(len(line) for line in shown) < 250
    assert shown[1501].index("iocn") == shown[1502].index("^^^^")


@pytest.mark.parametrize(
    ("text", "options", "code"),
    [
        (GOOD, [], 0),
        (COMMENTED, [], 0),
        (COMMENTED, ["--severity", "information"], 1),
        (WARNED, [], 1),
        (WARNED, ["--severity", "error"], 0),
        (WARNED, ["--ignore", "unknown-key"], 0),
        (WARNED, ["--select", "enum-case,wrong-type"], 0),
        (WARNED, ["--select", "enum-case", "--select", "unknown-key"], 1),
        (WARNED, ["--rules", "unknown-key=off"], 0),
        (WARNED, ["--rules", "unknown-key=information"], 0),
        (COMMENTED, ["--rules", "comment=error,unknown-key=off", "--severity", "error"], 1),
        ("{", ["--severity", "error"], 1),
        ("", [], 1),
    ],
)
def test_the_exit_code(shell: CommandLine, text: str, options: list[str], code: int):
    shell.write(text)
    assert shell.run("check", *options).code == code


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--select", "unknown-kye"], "there is no rule unknown-kye: did you mean unknown-key?"),
        (["--ignore", "xyz"], "there is no rule xyz: dragoman explain lists them"),
        (["--rules", "comment=loud"], "comment=loud: the level is one of off, information, warning, error"),
        (["--rules", "coment=off"], "did you mean comment?"),
        (["--format", "xml"], "invalid choice: 'xml'"),
        (["--fix", "--diff"], "not allowed with argument"),
    ],
)
def test_a_bad_option(shell: CommandLine, options: list[str], said: str):
    done = shell.run("check", *options)
    assert (done.code, done.out) == (2, "")
    assert said in done.err


# --- Which files ------------------------------------------------------------------------------------------------------


def test_a_folder_is_searched_and_a_named_file_is_always_checked(shell: CommandLine):
    for name in ("a/agents.json", "a/x.agent.jsonc", "a/.agents/y.json", "a/.hidden/agents.json", "a/other.json"):
        shell.write(WARNED, name)
    assert files(shell.run("check", "a")) == ["a/agents.json", "a/x.agent.jsonc", "a/.agents/y.json"]
    assert files(shell.run("check")) == files(shell.run("check", "a"))
    assert files(shell.run("check", "a/other.json", "a/x.agent.jsonc")) == ["a/other.json", "a/x.agent.jsonc"]


def test_each_file_is_checked_once(shell: CommandLine):
    file = shell.write(WARNED)
    done = shell.run("check", "agents.json", ".", "./agents.json", str(file))
    assert "1 warning in 1 of 1 file." in done.out


def test_what_git_ignores_is_not_searched_for_and_can_be_named(shell: CommandLine):
    shell.write("made/\n", ".gitignore")
    shell.write(WARNED, "made/agents.json")
    subprocess.run(["git", "init", "--quiet"], cwd=shell.here, check=True)
    assert files(shell.run("check")) == []
    assert files(shell.run("check", "made/agents.json")) == ["made/agents.json"]


def test_no_agent_file(shell: CommandLine):
    assert shell.run("check") == Done(0, "There is no agent file to check.\n", "")
    (shell.here / "sub").mkdir()
    said = "dragoman check: sub: no agent file is in this folder\n"
    assert shell.run("check", "sub") == Done(2, "Nothing was checked.\n", said)


def test_what_cannot_be_checked_hides_nothing_else(shell: CommandLine):
    shell.write(WARNED)
    shell.write(b'{\n"a": "\xff"}', "latin.agents.json")
    (shell.here / "loop.agents.json").symlink_to("loop.agents.json")

    done = shell.run("check", ".", "gone.json")

    assert done.code == 2
    assert files(done) == ["agents.json"]
    assert done.err.splitlines() == [
        "dragoman check: latin.agents.json: not UTF-8 text (line 2, byte 9 of the file)",
        "dragoman check: loop.agents.json: too many levels of symbolic links",
        "dragoman check: gone.json: no such file or directory",
    ]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_folder_that_cannot_be_read(shell: CommandLine):
    (shell.here / "locked").mkdir(mode=0)
    assert shell.run("check", "locked").err == "dragoman check: locked: permission denied\n"


def test_a_file_that_is_too_large_to_be_one(shell: CommandLine):
    with shell.write("").open("wb") as file:
        file.truncate((16 << 20) + 1)
    assert shell.run("check").err == "dragoman check: agents.json: larger than 16 MB\n"


def test_names_that_are_no_text(shell: CommandLine):
    os.mkdir(b"caf\xe9")
    Path(os.fsdecode(b"caf\xe9/agents.json")).write_text(WARNED)
    done = shell.run("check")
    assert done.code == 1
    assert done.out.startswith("caf\\udce9/agents.json:1:52: warning")
    assert '"uri": "caf%E9/agents.json"' in shell.run("check", "--format", "sarif").out


def test_broken_files_end_in_findings(shell: CommandLine):
    shell.write("[" * 100_000, "deep.agents.json")
    shell.write(f'{{{AGENT}, "defaultTimeout": {"9" * 5000}}}', "number.agents.json")
    shell.write("\0\x1b[2J", "binary.agents.json")
    assert shell.run("check").code == 1


# --- stdin ------------------------------------------------------------------------------------------------------------


def test_stdin(shell: CommandLine):
    done = shell.run("check", "-", given=WARNED.encode())
    assert done.code == 1
    assert done.out.startswith("<stdin>:1:52: warning: Unknown key")


def test_stdin_as_the_text_of_a_file(shell: CommandLine):
    shell.write(GOOD)
    assert files(shell.run("check", "-", "--stdin-filename", "agents.json", given=WARNED.encode())) == ["agents.json"]
    definition = ".agents/providers/ours.jsonc"
    done = shell.run("check", "-", "--stdin-filename", definition, given=b'{"like": "opnai"}')
    assert done.out.startswith(f"{definition}:1:10: error: ")
    assert "[provider-definition]" in done.out


# --- Providers of the workspace ---------------------------------------------------------------------------------------

OURS = f'{{{AGENT}, "provider": "ours"}}'


def test_the_providers_of_the_workspace_are_known(shell: CommandLine):
    shell.write(OURS, "team/agents.json")
    assert "[unknown-provider]" in shell.run("check", "team/agents.json").out
    shell.write('{"like": "openai"}', ".agents/providers/ours.jsonc")
    assert shell.run("check", "team/agents.json").code == 0


def test_definitions_are_checked_too(shell: CommandLine):
    shell.write(OURS)
    shell.write('{"like": "openai", "respones": {}}', ".agents/providers/ours.jsonc")
    done = shell.run("check")
    assert files(done) == ["agents.json", ".agents/providers/ours.jsonc"]
    assert 'error: There is no key "respones"' in done.out or "[provider-definition]" in done.out


def test_what_lies_elsewhere_is_a_workspace_of_its_own(shell: CommandLine, tmp_path: Path):
    (tmp_path / "else/.agents/providers").mkdir(parents=True)
    (tmp_path / "else/.agents/providers/ours.jsonc").write_text('{"like": "openai"}')
    (tmp_path / "else/agents.json").write_text(OURS)
    assert shell.run("check", "../else").code == 0
    assert shell.run("check", "../else/agents.json").code == 0


def test_rules_by_their_group(shell: CommandLine):
    shell.write(f'{{{AGENT}, "x": 1, "icon": 1,}}')
    assert "[trailing-comma]" not in shell.run("check", "--ignore", "json").out
    assert shell.run("check", "--select", "json").out.count("[") == 1
    assert shell.run("check", "--rules", "format=off,json=off").code == 0
    assert "groop" in shell.run("check", "--select", "groop").err


def test_what_is_off_can_be_selected(shell: CommandLine):
    shell.write('{"name": "a", "url": "https://${env:SURELY_NOT_SET}/"}')
    assert "nothing found" in shell.run("check").out
    assert "[autodev-dropped]" in shell.run("check", "--select", "autodev").out
    assert "[autodev-dropped]" in shell.run("check", "--rules", "autodev=error").out
    assert "[unset-variable]" in shell.run("check", "--select", "unset-variable").out
    assert "[unset-variable]" in shell.run("check", "--rules", "unset-variable=error").out


def test_more_files(shell: CommandLine):
    shell.write(f'{{{AGENT}, "x": 1}}', "bots/mine.json")
    assert shell.run("check").code == 0
    assert files(shell.run("check", "--files", "bots/*.json")) == ["bots/mine.json"]


def test_a_place_in_another_file_is_named(shell: CommandLine):
    shell.write(f"{{{AGENT}}}")
    own = user_agent_file()
    own.parent.mkdir(parents=True, exist_ok=True)
    own.write_text(f"[{{{AGENT}}}]")
    done = shell.run("check")
    assert "[shadowed-name]" in done.out
    assert f"\n    {own}:1:11: Your own agent is here.\n" in done.out
    (finding,) = json.loads(shell.run("check", "--format", "json").out)["findings"]
    assert finding["related"][0]["file"] == str(own)
    (run,) = json.loads(shell.run("check", "--format", "sarif").out)["runs"]
    (related,) = run["results"][0]["relatedLocations"]
    assert related["physicalLocation"]["artifactLocation"] == {"uri": uri_of(own)}


# --- What is shown of a file ------------------------------------------------------------------------------------------

SECRET = "SENTINEL"
SECRETS = f"""[
  {{"name": "a", "url": "http://h.example/?api_key={SECRET}", "auth": {{"type": "Baerer", "token": "{SECRET}"}}}},
  {{"name": "b", "url": "http://user:{SECRET}@h.example/", "password": "x\\"{SECRET}", "x-api-key" : '{SECRET}'}},
  {{"name": "c", "connector": {{"requestFormat": "{{\\"customHeaders\\": {{\\"Cookie\\": \\"{SECRET}\\"}}, x}}"}}}},
  {{"name": "d", "auth": {{"token": "{SECRET}
]"""


@pytest.mark.parametrize("form", ["text", "json", "sarif", "github"])
def test_no_token_is_shown(shell: CommandLine, form: str):
    shell.write(SECRETS)
    done = shell.run("check", "--format", form, "--ignore", "unprotected-token")
    assert done.code == 1
    assert SECRET not in done.out + done.err


def test_a_reference_is_shown(shell: CommandLine):
    shell.write('{"name": "a", "url": "http://h.example/", "auth": {"type": "Bearer", "token": "${env:X}"}}')
    assert '"token": "${env:X}"' in shell.run("check").out


@pytest.mark.parametrize("form", ["text", "json", "sarif", "github"])
def test_nothing_in_a_file_commands_the_terminal(shell: CommandLine, form: str):
    shell.write('{"na\x1b]0;x\x07me": "\u202e\u061c\x9b31m", "url": 5, "\\u001b[2J": 1}', "\x1b[1mx.agents.json")
    out = shell.run("check", "--format", form).out
    assert out
    assert [character for character in out if character in "\x1b\x07\x9b\u202e\u061c\r"] == []


@pytest.mark.parametrize(("variables", "styled"), [({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)])
def test_colours_on_a_terminal_only(shell: CommandLine, variables: dict[str, str], styled: bool):
    shell.write(WARNED)
    shown = on_terminal({"TERM": "xterm", "NO_COLOR": "", **variables}, "check")
    assert "unknown-key" in shown
    assert ("\x1b[33mwarning\x1b[0m" in shown) == styled
    assert "\x1b" not in shell.run("check").out


def test_a_difference_on_a_terminal(shell: CommandLine):
    shell.write(f'{{{AGENT}, "icon": "\x1b[2J",}}')
    assert "\x1b[2J" in shell.run("check", "--diff").out, "as it is, for patch"
    shown = on_terminal({"TERM": "dumb"}, "check", "--diff")
    assert f'+{{{AGENT}, "icon": "\\u001b[2J"}}' in shown
    assert "\x1b" not in shown


def on_terminal(variables: dict[str, str], *arguments: str) -> str:
    """What a command shows on a terminal."""
    outer, inner = pty.openpty()
    command = [sys.executable, "-m", "dragoman", *arguments]
    with subprocess.Popen(command, stdout=inner, env={**os.environ, **variables}) as process:
        os.close(inner)
        process.wait()
    shown = os.read(outer, 10_000)
    os.close(outer)
    return shown.decode()


def files(done: Done) -> list[str]:
    """The files that something was found in, in order."""
    heads = [line for line in done.out.splitlines() if line.endswith("]") and not line.startswith(" ")]
    return list(dict.fromkeys(line.partition(":")[0] for line in heads))
