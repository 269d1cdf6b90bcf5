"""The group `autodev`: off unless it is asked for, and then what AutoDev does with the file."""

from __future__ import annotations

import pytest

from dragoman.lint.diagnostic import Severity
from linting import AGENT, check, diagnose

DROPS = "autodev-dropped warning: AutoDev would drop every agent of this file without a word: "
SEED = (
    '[{"name": "内部 API 集成", "url": "http://127.0.0.1:8765/api", "connector": '
    r'{"requestFormat": "{\"customFields\": {\"model\": \"yi-34b-chat\", \"stream\": %s}}", '
    '"responseFormat": "$.choices[0].delta.content"}, "responseAction": "Direct", "interactive": "ChatPanel"}]'
)


def check_autodev(marked: str, *said: str) -> None:
    check(marked, *said, severities={"autodev": "warning"})


def test_off_unless_asked_for():
    text = SEED % "true"
    assert diagnose(text) == []
    assert diagnose(text, {"autodev": "off"}) == []
    for rules, severity in (
        ({"autodev": "error"}, Severity.ERROR),
        ({"autodev-hang": "information"}, Severity.INFORMATION),
        ({"autodev": "off", "autodev-hang": "warning"}, Severity.WARNING),
    ):
        assert [(found.code, found.severity) for found in diagnose(text, rules)] == [("autodev-hang", severity)]
    assert diagnose(text, {"autodev": "warning", "autodev-hang": "off"}) == []


def test_a_stream_that_would_hang():
    said = 'autodev-hang warning: AutoDev reads a stream with "responseAction": "Stream" alone: here it would hang.'
    check_autodev(SEED % "«true»", said)
    check_autodev((SEED % "true").replace("Direct", "Stream"))


@pytest.mark.parametrize(
    ("inside", "key"),
    [
        ('"«$schema»": "x"', "$schema"),
        ('"«system»": "x"', "system"),
        ('"«provider»": "openai"', "provider"),
        ('"«parameters»": {}', "parameters"),
        ('"«flow»": {}', "flow"),
        ('"connector": {"«dialect»": "jayway"}', "dialect"),
        ('"auth": {"type": "Bearer", "token": "${env:X}", "«header»": "x"}', "header"),
    ],
)
def test_keys_that_autodev_does_not_know(inside: str, key: str):
    check_autodev(f"[{{{AGENT}, {inside}}}]", f'{DROPS}it does not know "{key}".')


def test_what_else_it_cannot_read():
    check_autodev(f"«{{»{AGENT}}}", f"{DROPS}it wants an array [ ] around them.")
    check_autodev(
        f'[{{{AGENT}, "connector": {{"requestFormat": «{{»}}}}}}]', f'{DROPS}its "requestFormat" is a string.'
    )
    check_autodev(f'[{{{AGENT}, "x": 1}}] «// dragoman-disable-line unknown-key»', f"{DROPS}JSON has no comments.")
    check_autodev(f"[{{{AGENT}}}]")


def test_what_does_nothing():
    said = "autodev-ignored warning: {} does nothing in AutoDev."
    check_autodev(
        f'[{{{AGENT}, "interactive": «"OnPaste"», "icon": «"x"»}}]', said.format('"interactive"'), said.format('"icon"')
    )
    check_autodev(
        f'[{{{AGENT}, "responseAction": «"Flow"», "transition": «[»{{"source": "$", "target": "$.a"}}]}}]',
        said.format('"Flow"'),
        said.format('"transition"'),
    )
    check_autodev(
        f'[{{{AGENT}, "auth": {{"type": «"Basic"», "token": "${{env:X}}"}}}}]',
        "autodev-ignored warning: AutoDev sends tokens as Bearer only.",
    )
    check_autodev(
        rf'[{{{AGENT}, "connector": {{"requestFormat": "{{\"customHeaders\": «{{»\"X-A\": \"b\"}}}}"}}}}]',
        'autodev-ignored warning: "customHeaders" are not sent by AutoDev.',
    )
    check_autodev(f'[{{{AGENT}, "interactive": "ChatPanel", "icon": "", "transition": []}}]')


def test_a_prompt_that_would_be_pasted():
    said = "AutoDev would paste the prompt here as it is: a quote in it would break the request."
    pasted = f"autodev-placeholder warning: {said}"
    template = rf'[{{{AGENT}, "connector": {{"requestFormat": "{{\"fields\": %s}}"}}}}]'
    check_autodev(template % r"{\"a\": \"$content\", \"b\": {\"c\": \"x $content\"}}")
    check_autodev(template % r"{\"a\": {\"b\": {\"c\": \"«$content»\"}}}", pasted)
    check_autodev(template % r"{\"a\": [\"«$content»\"]}", pasted)


def test_a_conversation_that_it_does_not_have():
    said = 'autodev-conversation warning: AutoDev knows no conversation: it would send "{}" as it stands.'
    check_autodev(
        f'[{{{AGENT}, "connector": {{"requestFormat": '
        r'"{\"fields\": {\"a\": \"«$history»\", \"b\": \"«$sessionId»\"}}"}}]',
        said.format("$history"),
        said.format("$sessionId"),
    )


def test_a_script_that_it_would_run():
    check_autodev(
        f'[{{{AGENT}, "responseAction": «"DevIns"»}}]',
        "autodev-dev-ins warning: AutoDev runs the script that this agent answers with, without asking.",
    )
