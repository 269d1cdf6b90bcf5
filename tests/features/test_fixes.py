"""Each fix at its place: what the text is then; its diagnostic is gone, and no other has come."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dragoman.agents.catalog import built_in_catalog
from dragoman.features.code_action.disabling import disablings
from dragoman.features.code_action.fix_all import fix_all
from dragoman.features.code_action.missing import additions
from dragoman.features.code_action.quick_fix import quick_fixes
from dragoman.features.code_action.removal import removals
from dragoman.lint.diagnostic import Diagnostic, Fix
from dragoman.project.agent_file import read_agent_file
from dragoman.syntax.text import Span
from json_texts import array_texts
from linting import AGENT, diagnose, fixed

CHAINDESK = f'{{{AGENT}, "provider": "chaindesk", %s}}'
PLAIN = '{"type": "Bearer", "token": "abc"}'
BEGUN = '{"name": "My agent", "url": "http://127.0.0.1:8765/v1/chat/completions"}'
EMBEDDED = f'{{{AGENT}, "connector": {{"requestFormat": "%s"}}}}'


@pytest.mark.parametrize(
    ("before", "title", "after"),
    [
        ('{"name": "a"}', "Add “url”", '{"name": "a", "url": "http://127.0.0.1:8765/v1/chat/completions"}'),
        ('{"url": "http://127.0.0.1/"}', "Add “name”", '{"url": "http://127.0.0.1/", "name": "My agent"}'),
        (
            '{\n  "provider": "dify",\n  "name": "a"\n}',
            "Add “url”",
            '{\n  "provider": "dify",\n  "name": "a",\n  "url": "https://api.dify.ai/v1/chat-messages"\n}',
        ),
        (
            f'{{{AGENT}, "auth": {{"token": "${{env:PATH}}"}}}}',
            "Add “type”",
            f'{{{AGENT}, "auth": {{"token": "${{env:PATH}}", "type": "Bearer"}}}}',
        ),
        (
            f'{{{AGENT}, "responseAction": "Flow", "transition": [{{"source": "$.a"}}]}}',
            "Add “target”",
            f'{{{AGENT}, "responseAction": "Flow", "transition": [{{"source": "$.a", "target": "$.query"}}]}}',
        ),
        (f'{{{AGENT}, "colour": {{"a": 1}}}}', "Remove “colour”", f"{{{AGENT}}}"),
        (f'{{"colour": 1, {AGENT}}}', "Remove “colour”", f"{{{AGENT}}}"),
        (f'{{\n  "colour": 1,\n  {AGENT}\n}}', "Remove “colour”", f"{{\n  {AGENT}\n}}"),
        (f'{{\n  {AGENT},\n  "colour": 1\n}}', "Remove “colour”", f"{{\n  {AGENT}\n}}"),
        (f'{{\n  {AGENT}, // a\n  "colour": 1 // b\n}}', "Remove “colour”", f"{{\n  {AGENT} // a\n // b\n}}"),
        (f'{{"icon": "", {AGENT}, "icon": ""}}', "Remove “icon”", f'{{{AGENT}, "icon": ""}}'),
        (CHAINDESK % '"parameters": {"promptType": "raw"}', "Remove “promptType”", CHAINDESK % '"parameters": {}'),
        (CHAINDESK % '"connector": {}', "Remove “connector”", (CHAINDESK % "").replace(", }", "}")),
        (
            f'{{{AGENT}, "responseAction": "WebView", "interactive": "StreamDiff"}}',
            "Remove “interactive”",
            f'{{{AGENT}, "responseAction": "WebView"}}',
        ),
        (
            EMBEDDED % r"{\"fields\": {\"q\": \"$content\"}, \"customFields\": {}}",
            "Remove “customFields”",
            EMBEDDED % r"{\"fields\": {\"q\": \"$content\"}}",
        ),
        (EMBEDDED % r"{\"colour\": 1, \"customFields\": {}}", "Remove “colour”", EMBEDDED % r"{\"customFields\": {}}"),
        (f"// one\n{{{AGENT}}}\n", "Remove the comment", f"{{{AGENT}}}\n"),
        (f"{{{AGENT} /* one */}}", "Remove the comment", f"{{{AGENT}}}"),
        (f'{{{AGENT}, "enabled": "false"}}', "Change to false", f'{{{AGENT}, "enabled": false}}'),
        (f'{{{AGENT}, "defaultTimeout": "20"}}', "Change to 20", f'{{{AGENT}, "defaultTimeout": 20}}'),
        (f'{{{AGENT}, "system": 5}}', 'Change to "5"', f'{{{AGENT}, "system": "5"}}'),
        (f'{{{AGENT}, "system": ["be brief"]}}', "Take it out of the array", f'{{{AGENT}, "system": "be brief"}}'),
        (
            f'{{{AGENT}, "responseAction": "Flow", "transition": {{"source": "$.a", "target": "$.b"}}}}',
            "Put it into an array",
            f'{{{AGENT}, "responseAction": "Flow", "transition": [{{"source": "$.a", "target": "$.b"}}]}}',
        ),
        (
            '{"auth": {}}',
            "Add all 4 missing keys",
            '{"auth": {"type": "Bearer", "token": "${env:MY_AGENT_API_KEY}"}, "name": "My agent", '
            '"url": "http://127.0.0.1:8765/v1/chat/completions"}',
        ),
        ("[1,\r\n  {\r\n  }]", "Add all 2 missing keys", f"[1,\r\n  {BEGUN}]"),
        (
            f'{{{AGENT}, "responseFormat": "$.a"}}',
            "Move it into “connector”",
            f'{{{AGENT}, "connector": {{"responseFormat": "$.a"}}}}',
        ),
        (
            f'{{"responseFromat": "$.a", "connector": {{"requestFormat": ""}}, {AGENT}}}',
            "Move it into “connector”, as “responseFormat”",
            f'{{"connector": {{"requestFormat": "", "responseFormat": "$.a"}}, {AGENT}}}',
        ),
        (
            f'{{{AGENT},\n  "connector": {{}},\n  "responseFormat": "$.a"\n}}',
            "Move it into “connector”",
            f'{{{AGENT},\n  "connector": {{"responseFormat": "$.a"}}\n}}',
        ),
        (
            f'{{\r\n  {AGENT},\r\n  "colour": 1\r\n}}',
            "Switch “unknown-key” off for this line",
            f'{{\r\n  {AGENT},\r\n  // dragoman-disable-next-line unknown-key\r\n  "colour": 1\r\n}}',
        ),
        (
            f'\ufeff{{{AGENT}, "colour": 1}}',
            "Switch “unknown-key” off for this line",
            f'\ufeff// dragoman-disable-next-line unknown-key\n{{{AGENT}, "colour": 1}}',
        ),
        (
            f'// dragoman-disable-next-line plain-token -- x\n{{{AGENT}, "auth": {PLAIN}, "colour": 1}}',
            "Switch “unknown-key” off for this line",
            f'// dragoman-disable-next-line plain-token, unknown-key -- x\n{{{AGENT}, "auth": {PLAIN}, "colour": 1}}',
        ),
        (
            f'{{{AGENT}, "auth": {{"type": "Bearer", "token": "abc"}}}}',
            "Read it from the system's keyring",
            f'{{{AGENT}, "auth": {{"type": "Bearer", "token": "${{keyring:dragoman/docs}}"}}}}',
        ),
    ],
)
def test_a_fix(before: str, title: str, after: str) -> None:
    diagnostic, fix = offered(before)[title]
    assert fixed(before, fix) == after
    left = Counter(map(_kind, diagnose(after)))
    assert left <= Counter(map(_kind, diagnose(before))) - Counter([_kind(diagnostic)])


@pytest.mark.parametrize(
    ("before", "absent"),
    [
        ('{"name": "a"', "Add “url”"),
        (f'{{{AGENT}, "enabled": "maybe"}}', "Change to maybe"),
        (f'{{{AGENT}, "system": [1, 2]}}', "Take it out of the array"),
        (f'{{{AGENT}, "responseActoin": "Stream"}}', "Remove “responseAction”"),
        ('{"name": "a"}', "Add all 1 missing keys"),
        (f'{{{AGENT}, "responseFormat": "$.a", "connector": 5}}', "Move it into “connector”"),
        (f'{{{AGENT}, "responseFormat": "$.a", "connector": {{"responseFormat": ""}}}}', "Move it into “connector”"),
        ('{"name": "a"}', "Switch “missing-key” off for this line"),
        (f"{{{AGENT},}}", "Switch “trailing-comma” off for this line"),
        (f'/*\n*/ {{{AGENT}, "colour": 1}}', "Switch “unknown-key” off for this line"),
    ],
)
def test_no_fix_where_none_would_help(before: str, absent: str) -> None:
    assert absent not in offered(before)


def test_what_loses_something_is_never_done_unseen() -> None:
    text = f'// one\n{{"colour": 1, "icon": "", {AGENT}, "icon": "", "auth": {{"type": "Bearer", "token": "abc"}}}}'
    assert fix_all(text, diagnose) is None


@given(array_texts)
@settings(deadline=None)
def test_all_fixes_twice_are_all_fixes_once(text: str) -> None:
    once = _mended(text)
    assert _mended(once) == once


@given(
    st.lists(st.sampled_from(['"enabled": "true"', '"responseActoin": "stream"', '"icon": 5', '"provider": "dfiy"']))
)
@settings(deadline=None)
def test_all_fixes_leave_none(entries: list[str]) -> None:
    text = "[" + ", ".join(f'{{"name": "{index}", "url": "http://h/", {entry}}}' for index, entry in enumerate(entries))
    assert fix_all(_mended(text), diagnose) is None


def _mended(text: str) -> str:
    fix = fix_all(text, diagnose)
    return fixed(text, fix) if fix else text


def _kind(diagnostic: Diagnostic) -> str:
    return f"{diagnostic.code}: {diagnostic.message}"


def offered(text: str) -> dict[str, tuple[Diagnostic, Fix]]:
    found, whole = diagnose(text), Span(0, len(text))
    file, catalog = read_agent_file(text), built_in_catalog()
    fixes = [*quick_fixes(found, whole), *additions(file, found, whole, catalog)]
    fixes += [*removals(file, found, whole, catalog), *disablings(file, found, whole)]
    return {quick.fix.title: (quick.diagnostic, quick.fix) for quick in reversed(fixes)}
