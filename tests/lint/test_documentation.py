"""Each rule's documentation is true: its example is told of, what to write instead is not, and its fixes mend."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman.lint.diagnostic import Diagnostic
from dragoman.lint.registry import RULES
from dragoman.lint.rule import CHECKS, Rule
from json_texts import FRAGMENTS, array_texts
from linting import AGENT, around, diagnose, diagnose_definition, fixed

PROSE = {"Example: a file with nothing in it": "", "Instead: say it in `description`": f"{{{AGENT}}}"}
"""Lines that say it in words, and a text for each."""

AROUND = around('[{"name": "docs", "url": "http://h/"}]', variables=["DOCS_TOKEN", "HOME"])
"""What stands around the examples of rules that look there."""

named = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)


@named
def test_the_example_is_told_of(rule: Rule):
    assert rule.name in {diagnostic.code for diagnostic in said(rule, line(rule, "Example"))}


@named
def test_what_to_write_instead_is_not(rule: Rule):
    assert rule.name not in {diagnostic.code for diagnostic in said(rule, line(rule, "Instead"))}


@named
def test_the_documentation_begins_with_one_sentence(rule: Rule):
    assert re.fullmatch(r"\S[^\n]+\.", rule.documentation.split("\n")[0])


@named
def test_the_fixes_of_the_example_mend_it(rule: Rule):
    text = line(rule, "Example")
    for diagnostic in said(rule, text):
        for fix in diagnostic.fixes:
            after = fixed(text, fix)
            assert diagnostic.message not in {other.message for other in said(rule, after)}
            assert len(said(rule, after)) < len(said(rule, text))


def test_every_rule_has_a_name_of_its_own_and_something_to_check():
    assert len({rule.name for rule in RULES}) == len(RULES)
    assert [rule.name for rule in RULES if not any(getattr(rule, check) for check in CHECKS)] == []


KEYS = ("name", "nmae", "url", "responseAction", "ResponseAction", "auth", "token", "flow", "connector")
VALUES = (
    *('"docs"', '"direct"', "5", '{"nxt": 1}', '{"type": "baerer", "token": "x"}'),
    '{"requestFormat": "{\\"feilds\\": 1}"}',
)
agents = st.dictionaries(st.sampled_from(KEYS), st.sampled_from(VALUES), max_size=5).map(
    lambda entries: "{" + ", ".join(f'"{key}": {value}' for key, value in entries.items()) + "}"
)
files = st.lists(agents, max_size=3).map(lambda found: "[" + ",\n".join(found) + "]")


@given(files)
def test_every_fix_of_an_agent_leaves_less_to_say(text: str):
    before = diagnose(text)
    for diagnostic in before:
        for fix in diagnostic.fixes:
            told = [other for other in diagnose(fixed(text, fix)) if other.code == diagnostic.code]
            assert len(told) < len([other for other in before if other.code == diagnostic.code])


@given(array_texts | files)
def test_any_text_can_be_linted_and_every_place_lies_within_it(text: str):
    for diagnostic in diagnose(text):
        edits = [edit.span for fix in diagnostic.fixes for edit in fix.edits]
        for span in [diagnostic.span, *edits, *(related.span for related in diagnostic.related)]:
            assert 0 <= span.start <= span.end <= len(text), diagnostic


@given(st.sampled_from(FRAGMENTS), st.integers(0, 300))
def test_a_text_broken_anywhere_can_be_linted(fragment: str, place: int):
    connector = '"connector": {"requestFormat": "{\\"fields\\": {}}"}'
    text = f'[{{{AGENT}, {connector}, "auth": {{"type": "Basic"}}}}, {{{AGENT}}}]'
    diagnose(text[:place] + fragment + text[place:])
    diagnose(text[:place] + fragment)


def said(rule: Rule, text: str) -> list[Diagnostic]:
    if rule.check_definition:
        return diagnose_definition(text)
    severities = {rule.name: "warning"} if rule.is_optional else {}
    return diagnose(text, severities, AROUND if rule.check_project else None)


def line(rule: Rule, label: str) -> str:
    (found,) = re.findall(rf"^{label}: .*$", rule.documentation, re.MULTILINE)
    return PROSE[found] if found in PROSE else found.removeprefix(f"{label}: ").strip("`")
