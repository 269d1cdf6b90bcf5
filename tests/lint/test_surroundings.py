"""Rules about what a file has to do with others, and with the environment."""

from __future__ import annotations

from linting import around, check, diagnose, fixed
from marked import unmark

FLOW = '{"name": "a", "url": "http://h/", "responseAction": "Flow", "flow": {"next": %s}}'
OTHER = '{"name": "other", "url": "http://h/"%s}'
DISABLED = 'flow-next warning: The agent "other" is disabled, so nothing is handed on to it.'


def test_shadowed_name():
    said = 'shadowed-name warning: You have an agent "other" of your own: that one is meant until you trust this one.'
    theirs = around(f"[{OTHER % ''}]")
    check('[{"name": «"other"», "url": "http://h/"}, {"name": "b", "url": "http://h/"}]', said, surroundings=theirs)
    check('[{"name": "Other", "url": "http://h/"}]', surroundings=theirs)
    (found,) = diagnose(OTHER % "", {}, theirs)
    (related,) = found.related
    assert related.elsewhere
    assert related.elsewhere.uri == "file:///home/me/agents.json"
    assert related.elsewhere.text[related.span.start : related.span.end] == '"other"'


def test_the_next_agent_may_be_anywhere():
    for surroundings in (around(OTHER % ""), around("", "[]", f"[{OTHER % ''}]")):
        check(FLOW % '"other"', surroundings=surroundings)
    check("[" + FLOW % '"other"' + "," + OTHER % "" + "]", surroundings=around())
    check(FLOW % '""', surroundings=around())


def test_there_is_no_next_agent():
    check(
        FLOW % '«"othr"»',
        'flow-next warning: There is no agent "othr" to hand on to: did you mean "other"?',
        surroundings=around(OTHER % ""),
    )
    check(FLOW % '«"x"»', 'flow-next warning: There is no agent "x" to hand on to.', surroundings=around())
    text = FLOW % '"othr"'
    (found,) = diagnose(text, {}, around(OTHER % ""))
    assert fixed(text, found.fixes[0]) == FLOW % '"other"'


def test_the_next_agent_is_disabled():
    off = OTHER % ', "enabled": false'
    text = "[" + FLOW % '«"other"»' + f",{off}]"
    check(text, DISABLED, surroundings=around())
    plain, _ = unmark(text)
    (found,) = diagnose(plain, {}, around())
    assert plain[found.related[0].span.start :].startswith("false")
    check(FLOW % '«"other"»', DISABLED, surroundings=around(off))
    check(FLOW % '"other"', surroundings=around(off, OTHER % ""))


def test_only_a_flow_hands_on():
    text = '{"name": "a", "url": "http://h/", «"flow"»: {"next": "x"}}'
    said = 'unused-flow warning: "flow" has no effect with "responseAction": "Direct", only with "Flow".'
    check(text, said, surroundings=around())


def test_an_unset_variable_is_told_at_its_first_reference():
    said = "unset-variable information: The environment variable {} is not set here, so this agent cannot be asked."
    check(
        '{"name": "a", "url": "https://«${env:HOST}»/${env:HOST}", "description": "${env:NONE}",\n'
        ' "auth": {"type": "Bearer", "token": "${env:TOKEN}"}, '
        '"provider": "openai", "parameters": {"user": "«${env:ME}»"},\n'
        r' "connector": {"requestFormat": "{\"customFields\": {\"a\": [\"x «${env:B}»\"]}}"}}',
        *[said.format(name) for name in ("HOST", "ME", "B")],
        surroundings=around(variables=["TOKEN"]),
    )


def test_a_variable_that_was_meant():
    text = '{"name": "a", "url": "https://${env:DOCS_HOTS}/"}'
    (found,) = diagnose(text, {}, around(variables=["DOCS_HOST"]))
    assert found.message.endswith('Did you mean "DOCS_HOST"?')
    assert fixed(text, found.fixes[0]) == '{"name": "a", "url": "https://${env:DOCS_HOST}/"}'


def test_without_surroundings_a_file_is_looked_at_by_itself():
    assert (
        diagnose('{"name": "a", "url": "https://${env:NONE}/", "responseAction": "Flow", "flow": {"next": "x"}}') == []
    )
