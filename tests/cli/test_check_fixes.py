"""`dragoman check --fix` and `--diff`."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given

from command_line import CommandLine
from dragoman.cli.check_fixes import difference
from dragoman.lint.diagnostic import Diagnostic, Fix, TextEdit
from dragoman.lint.mending import mend
from dragoman.lint.registry import RULES_BY_NAME
from dragoman.syntax.text import Span
from json_texts import array_texts
from linting import AGENT, diagnose

REQUEST = f'{{{AGENT}, "connector": {{"requestFormat": {{"fields": {{"ask": "%s"}}}}}}}}'
PATH = f'{{{AGENT}, "connector": {{"responseFormat": "%s"}}}}'
COMMENTED = f'{{{AGENT}, "icon": "", "icon": ""}} // dragoman-disable-line %s\n'

FIXED = {
    "bad-reference": (REQUEST % "$content ${env:PATH", REQUEST % "$content ${env:PATH}"),
    "disable-comment": (COMMENTED % "duplicate-keys", COMMENTED % "duplicate-key"),
    "odd-path": (PATH % "$.a[0:2:1]", PATH % "$.a[0:2]"),
    "enum-case": (f'{{{AGENT}, "responseAction": "direct"}}', f'{{{AGENT}, "responseAction": "Direct"}}'),
    "provider-definition": (
        '{"like": "openai", "respones": {"text": ["$.answer"]}}',
        '{"like": "openai", "response": {"text": ["$.answer"]}}',
    ),
    "syntax": (f'[{{{AGENT} "icon": "x"}}', f'[{{{AGENT}, "icon": "x"}}]'),
    "trailing-comma": (f"[{{{AGENT},}},]", f"[{{{AGENT}}}]"),
    "unknown-key": (f'{{{AGENT}, "responseActoin": "Stream"}}', f'{{{AGENT}, "responseAction": "Stream"}}'),
    "unknown-provider": (f'{{{AGENT}, "provider": "chain-desk"}}', f'{{{AGENT}, "provider": "chaindesk"}}'),
    "wrong-type": (f'{{{AGENT}, "enabled": "true"}}', f'{{{AGENT}, "enabled": true}}'),
    "wrong-value": (f'{{{AGENT}, "interactive": "RigthPanel"}}', f'{{{AGENT}, "interactive": "RightPanel"}}'),
}
"""Rule → before and after."""

NEEDS_USER = {
    *("autodev-hang", "missing-key", "plain-token", "bad-timeout", "stream-flag", "unset-variable"),
    *("flow-next", "unfilled-placeholder", "unknown-model", "unprotected-token"),
}
"""Rules whose fix the user has to look at."""


@pytest.mark.parametrize("rule", FIXED)
def test_the_fix_of_a_rule_mends_it_and_changes_nothing_else(shell: CommandLine, rule: str):
    before, after = FIXED[rule]
    file = shell.write(before, ".agents/providers/x.json" if rule == "provider-definition" else "agents.json")
    assert f"[{rule}]" in shell.run("check").out
    done = shell.run("check", "--fix")
    assert file.read_text() == after
    assert done.code == 0, done.out
    assert "mended. 1 file checked, nothing found." in done.out


def test_every_rule_that_offers_a_fix_is_tried_above():
    import dragoman.lint.rules

    (folder,) = dragoman.lint.rules.__path__
    sources = {path.stem.replace("_", "-"): path.read_text() for path in Path(folder).glob("*.py")}
    makers = re.compile(r"(Fix|replacement|correction|proposal)\(")
    offering = {name for name, source in sources.items() if makers.search(source)}
    assert offering & RULES_BY_NAME.keys() == FIXED.keys() | NEEDS_USER


def test_a_token_is_never_taken_away_unseen(shell: CommandLine):
    text = '{"name": "a", "url": "https://h.example/", "auth": {"type": "Bearer", "token": "sk-1"}}'
    file = shell.write(text)
    done = shell.run("check", "--fix")
    assert file.read_text() == text
    assert done.code == 1
    assert done.out.endswith("1 warning in 1 of 1 file.\n")


@pytest.mark.parametrize(
    "entries",
    [
        '"stream": true',
        '"responseAction": "Flow", "flow": {"next": "doc"}',
        '"provider": "chaindesk", "parameters": {"modelName": "gpt_5"}',
        '"connector": {"requestFormat": {"fields": {"q": "$content", "about": "$context"}}}',
    ],
)
def test_a_guess_is_never_made_unseen(shell: CommandLine, entries: str):
    text = f"{{{AGENT}, {entries}}}"
    file = shell.write(text)
    assert "did you mean" in shell.run("check", "--fix").out
    assert file.read_text() == text


def test_a_fix_may_lead_to_another(shell: CommandLine):
    file = shell.write(f'{{{AGENT}, "responseActoin": "direct",}}')
    done = shell.run("check", "--fix")
    assert json.loads(file.read_text())["responseAction"] == "Direct"
    assert done.out == "3 findings mended. 1 file checked, nothing found.\n"


def test_what_is_left_is_told(shell: CommandLine):
    shell.write(f"{{{AGENT},}}", "a.agents.json")
    shell.write('{"name": "a",}', "b.agents.json")
    done = shell.run("check", "--fix")
    assert done.code == 1
    assert done.out.startswith('b.agents.json:1:10: error: "url" is missing')
    assert done.out.endswith("2 findings mended. 1 error in 1 of 2 files.\n")


def test_only_what_is_selected_is_mended(shell: CommandLine):
    file = shell.write(f'{{{AGENT}, "responseAction": "direct",}}')
    assert shell.run("check", "--fix", "--select", "enum-case").code == 0
    assert file.read_text() == f'{{{AGENT}, "responseAction": "Direct",}}'


def test_bytes_mode_and_link_stay(shell: CommandLine):
    before = f'\ufeff// mine\r\n{{\r\n\t{AGENT}, "icon": "é🦜",\r\n}}\r\n'
    file = shell.write(before, "real.json")
    file.chmod(0o640)
    (shell.here / "agents.json").symlink_to(file)
    shell.run("check", "--fix")
    assert file.read_bytes().decode() == before.replace(",\r\n}", "\r\n}")
    assert file.stat().st_mode & 0o777 == 0o640
    assert (shell.here / "agents.json").is_symlink()
    assert sorted(entry.name for entry in shell.here.iterdir()) == ["agents.json", "real.json"]


def test_a_file_with_nothing_to_mend_is_not_written(shell: CommandLine):
    file = shell.write(f"{{{AGENT}}}")
    before = file.stat()
    shell.run("check", "--fix")
    assert (file.stat().st_ino, file.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_stdin_is_mended_to_stdout(shell: CommandLine):
    done = shell.run("check", "--fix", "-", given=f'\ufeff{{{AGENT},\r\n"nmae": 1,}}'.encode())
    assert done.out == f'\ufeff{{{AGENT},\r\n"nmae": 1}}'
    assert done.err.startswith("<stdin>:2:2: warning: Unknown key")
    assert done.code == 1


def test_the_difference(shell: CommandLine):
    file = shell.write(f"[\n  {{{AGENT}}},\n]")
    done = shell.run("check", "--diff")
    assert done.code == 1
    assert done.out == (
        "--- agents.json\n+++ agents.json\n@@ -1,3 +1,3 @@\n [\n"
        f"-  {{{AGENT}}},\n+  {{{AGENT}}}\n ]\n\\ No newline at end of file\n"
    )
    assert file.read_text() == f"[\n  {{{AGENT}}},\n]"
    shell.write(f'[{{{AGENT}, "iocn": 1, "icon": "x"}}]')
    assert shell.run("check", "--diff").out == ""


def test_a_difference_keeps_lines_that_only_some_programs_split():
    assert "".join(difference("a", "x\u2028\ry\r\n", "x\u2028\rz\r\n")).endswith("-x\u2028\ry\r\n+x\u2028\rz\r\n")


def test_a_file_that_cannot_be_written_is_as_it_was(shell: CommandLine):
    # What is written to first, beside it, would have too long a name: so even for root.
    name = f"{'x' * 236}.agents.json"
    before, _ = FIXED["trailing-comma"]
    file = shell.write(before, name)
    shell.write(before, "y.agents.json")
    done = shell.run("check", "--fix")
    assert done.code == 2
    assert done.err == f"dragoman check: {name}: cannot be written: file name too long\n"
    assert file.read_text() == before
    assert done.out.endswith("2 findings mended. 2 warnings in 1 of 2 files. 2 can be mended by --fix.\n")


# --- Fixes that meet --------------------------------------------------------------------------------------------------


def test_fixes_that_come_to_no_end_are_not_made():
    def contradicting(text: str) -> list[Diagnostic]:
        other = "b" if text == "a" else "a"
        return [Diagnostic("x", "x", Span(0, 1), fixes=(Fix("x", (TextEdit(Span(0, 1), other),)),))]

    assert (mend("a", contradicting).text, mend("a", contradicting).fixed) == ("a", 0)


def test_of_several_fixes_the_one_that_is_preferred():
    one, other = (TextEdit(Span(0, 1), "1"),), (TextEdit(Span(0, 1), "2"),)

    def offering(*fixes: Fix) -> str:
        found = [Diagnostic("x", "x", Span(0, 1), fixes=fixes)]
        return mend("a", lambda text: found if text == "a" else []).text

    assert offering(Fix("x", one), Fix("y", other)) == "a"
    assert offering(Fix("x", one), Fix("y", other, is_preferred=True)) == "2"
    assert offering(Fix("x", one, is_preferred=True), Fix("y", other, is_preferred=True)) == "a"
    assert offering(Fix("x", one), Fix("y", page="https://h.example/")) == "1"


@given(array_texts)
def test_mending_leaves_nothing_that_it_could_mend_and_breaks_nothing(text: str):
    mended = mend(text, diagnose)
    assert mend(mended.text, diagnose).fixed == 0 or mended.fixed == 0
    assert syntax_errors(mended.text) <= syntax_errors(text)


def syntax_errors(text: str) -> int:
    return sum(diagnostic.code == "syntax" for diagnostic in diagnose(text))
