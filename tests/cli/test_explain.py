"""`dragoman explain`."""

from __future__ import annotations

import pytest

from command_line import CommandLine, Done
from dragoman.lint.registry import RULES, rules_named


def test_a_rule(shell: CommandLine):
    assert shell.run("explain", "unknown-provider") == Done(
        0,
        """\
unknown-provider

A provider that is not known, or whose definition cannot be used.

A provider says how requests are built and answers are read; without it nothing can be sent. There
are those of providers.md, and those that you or the workspace define.

Example:
    {"name": "docs", "url": "http://127.0.0.1:8765/", "provider": "chain-desk"}

Instead:
    {"name": "docs", "url": "http://127.0.0.1:8765/", "provider": "chaindesk"}
""",
        "",
    )


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_every_rule_can_be_explained(shell: CommandLine, rule):
    done = shell.run("explain", rule.name)
    assert done.code == 0
    assert done.out.startswith(f"{rule.name}\n\n")
    assert "\nExample:\n    " in done.out
    assert "\nInstead:\n    " in done.out


def test_the_list(shell: CommandLine):
    done = shell.run("explain")
    assert done.code == 0
    assert [line.split()[0] for line in done.out.splitlines() if line.startswith("  ")] == [rule.name for rule in RULES]
    assert done.out.startswith("json: The text as JSON.\n  syntax                The text is no JSON.\n")


def test_a_group(shell: CommandLine):
    done = shell.run("explain", "names")
    assert done.code == 0
    assert done.out.startswith("names: Agents among others.\n  duplicate-name        Two agents of one file have")
    assert len(done.out.splitlines()) == 1 + len(rules_named("names"))


def test_a_rule_that_there_is_not(shell: CommandLine):
    said = "dragoman explain: there is no rule duplicate-keys: did you mean duplicate-key?\n"
    assert shell.run("explain", "duplicate-keys") == Done(2, "", said)
    assert shell.run("explain", "\x1b[2J").err == (
        "dragoman explain: there is no rule \\u001b[2J: dragoman explain lists them\n"
    )
