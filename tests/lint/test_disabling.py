"""Comments that switch rules off."""

from __future__ import annotations

import pytest

from dragoman.lint.runner import lint
from dragoman.project.agent_file import read_agent_file
from linting import AGENT, around, check, diagnose, diagnose_definition, fixed

WRONG = '"icon": 1, "x": 1'
"""Two findings on one line: wrong-type, unknown-key."""


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("{A, W}", ["wrong-type", "unknown-key"]),
        ("{A,\n W // dragoman-disable-line\n}", []),
        ("{A,\n W // dragoman-disable-line wrong-type\n}", ["unknown-key"]),
        ("{A,\n W // dragoman-disable-line wrong-type, unknown-key\n}", []),
        ("{A,\n W // dragoman-disable-line wrong-type unknown-key -- ours, and not syntax\n}", []),
        ("{A,\n W /* dragoman-disable-line wrong-type */\n}", ["unknown-key"]),
        ("{A,\n W // dragoman-disable-line format\n}", []),
        ("{A, // dragoman-disable-next-line wrong-type\n W\n}", ["unknown-key"]),
        ("{A, // dragoman-disable-next-line wrong-type\r\n W\r\n}", ["unknown-key"]),
        ("{A, // dragoman-disable-next-line wrong-type\r W\r}", ["unknown-key"]),
        ("{A, /* dragoman-disable-next-line\n   wrong-type */\n W\n}", ["unknown-key"]),
        ("// dragoman-disable unknown-key\n{A, W}", ["wrong-type"]),
        ("// dragoman-disable\n[{A, W}, {A, W}]", []),
        ("[{A, W}, // dragoman-disable names\n {A, W}]", ["wrong-type", "unknown-key", "wrong-type", "unknown-key"]),
        ("[{A},\n // dragoman-disable format\n {A, W, }]", ["duplicate-name", "trailing-comma"]),
        ("{A, // dragoman-disable-next-line syntax\n nonsense\n}", []),
        ("{A, W} // dragoman-disable-line", []),
        ("// dragoman-disable empty-file\n", []),
    ],
)
def test_what_is_left(text: str, left: list[str]):
    said = diagnose(text.replace("A", AGENT).replace("W", WRONG))
    assert [found.code for found in said] == left


def test_a_name_that_means_no_rule():
    said = 'disable-comment warning: There is no rule "plain-tokens": did you mean "plain-token"?'
    check(f"{{{AGENT}}} // dragoman-disable-line «plain-tokens»", said)
    text = f"{{{AGENT}}} // dragoman-disable plain-tokens"
    (found,) = diagnose(text)
    assert fixed(text, found.fixes[0]) == f"{{{AGENT}}} // dragoman-disable plain-token"


def test_a_word_that_means_nothing():
    check(
        f"/* «dragoman-enable» syntax */ {{{AGENT}}}",
        'disable-comment warning: "dragoman-enable" means nothing: a comment can say dragoman-disable, '
        "dragoman-disable-line, dragoman-disable-next-line.",
    )


def test_a_comment_that_switches_nothing_off():
    idle = "disable-comment information: {} nothing here that this comment could switch off."
    check(f"{{{AGENT}}} // dragoman-disable-line «wrong-type»", idle.format('"wrong-type" finds'))
    check(f"{{{AGENT}}} // «dragoman-disable»", idle.format("The rules find"))
    check(f"{{{AGENT}}} // dragoman-disable «format»", idle.format('"format" finds'))


def test_of_rules_that_were_not_run_nothing_is_said():
    check(f"{{{AGENT}}} // dragoman-disable autodev")
    check(f"{{{AGENT}}} // dragoman-disable unset-variable")


def test_a_rule_that_settings_switch_off_is_not_idle():
    assert diagnose(f"{{{AGENT}, {WRONG}}} // dragoman-disable-line wrong-type", {"format": "off"}) == []


def test_rules_about_the_surroundings_can_be_switched_off_too():
    text = '{"name": "docs", "url": "http://h/${env:NO}"} // dragoman-disable-line unset-variable shadowed-name'
    assert diagnose(text, {}, around('{"name": "docs", "url": "http://h/"}')) == []


def test_in_a_definition_of_a_provider():
    assert diagnose_definition('// dragoman-disable\n{"like": "openai", "respones": {}}') == []


def test_many_comments_in_one_line_are_read_at_once():
    text = f"{{{AGENT}, {'/* dragoman-disable-line syntax */' * 20_000}}}"
    assert len(lint(read_agent_file(text), {})) > 0
