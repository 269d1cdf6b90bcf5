"""What an agent is trusted with: all that decides what is sent and where to changes the digest, nothing else does."""

from __future__ import annotations

from typing import Any

import pytest

from dragoman.agents.model import Agent
from dragoman.project.agent_file import read_agent_file
from dragoman.project.trust import fingerprint, references_of

AGENT = """{
  "name": "a", "url": "http://h/x",
  "auth": {"type": "Bearer", "token": "t"},
  "connector": {"requestFormat": {"customFields": {"stream": true}, "customHeaders": {"X-A": "1"}}}
}"""


def agent(text: str) -> Agent:
    (entry,) = read_agent_file(text).entries()
    return entry.agent


def digest(text: str) -> str:
    return fingerprint(agent(text), "/work")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"a"', '"b"'),
        ("http://h/x", "http://h/y"),
        ("http://h/x", "https://h/x"),
        ("http://h/x", "http://${env:HOST}/x"),
        ('"t"', '"${env:TOKEN}"'),
        ('"Bearer"', '"ApiKey"'),
        ('"token"', '"header": "X-Key", "token"'),
        ("true", "1"),
        ("true", '{"deep": ["${env:HOME}"]}'),
        ('"X-A": "1"', '"X-A": "${env:HOME}"'),
        ('"X-A": "1"', '"X-B": "1"'),
        ('"customFields"', '"fields"'),
        ('"customFields"', '"messageKeys": {"role": "who"}, "customFields"'),
        ('"connector"', '"provider": "openai", "connector"'),
        ('"connector"', '"parameters": {"temperature": 1}, "connector"'),
        ('"connector"', '"system": "Be brief.", "connector"'),
    ],
)
def test_what_decides_what_is_sent_is_asked_anew(old: str, new: str):
    assert AGENT.count(old) == 1
    assert digest(AGENT.replace(old, new)) != digest(AGENT)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (" ", ""),
        ("\n", " // a comment\n"),
        ('"url": "http://h/x",', '"description": "better", "icon": "data:", "url": "http://h/x",'),
        ('"name": "a", "url": "http://h/x"', '"url": "http://h/x", "name": "a"'),
        (
            '"customFields": {"stream": true}, "customHeaders": {"X-A": "1"}',
            '"customHeaders": {"X-A": "1"}, "customFields": {"stream": true}',
        ),
        ('"connector": {', '"connector": {"responseFormat": "$.x", "dialect": "jsonpath-ng", '),
        ('"connector"', '"responseAction": "Stream", "interactive": "OnPaste", "defaultTimeout": 3, "connector"'),
        ('"connector"', '"flow": {"next": "b"}, "enabled": false, "unknown": 1, "connector"'),
        (
            '{"customFields": {"stream": true}, "customHeaders": {"X-A": "1"}}',
            '"{\\"customFields\\": {\\"stream\\": true}, \\"customHeaders\\": {\\"X-A\\": \\"1\\"}}"',
        ),
    ],
)
def test_the_rest_is_not(old: str, new: str):
    assert old in AGENT
    assert digest(AGENT.replace(old, new)) == digest(AGENT)


def test_the_workspace_counts():
    assert fingerprint(agent(AGENT), "/work") != fingerprint(agent(AGENT), "/elsewhere")


def test_the_definition_of_a_provider_that_the_workspace_brings_along_counts():
    digests = {fingerprint(agent(AGENT), "/work", provider) for provider in (None, {}, {"url": "http://h/"})}
    assert len(digests) == 3


def test_the_digest_tells_nothing():
    assert digest(AGENT).isalnum()
    assert len(digest(AGENT)) == 64


@pytest.mark.parametrize(
    ("more", "references"),
    [
        ("", ()),
        ('"auth": {"type": "Bearer", "token": "${env:B}"}', ("${env:B}",)),
        ('"connector": {"requestFormat": {"fields": {"x": ["${env:C} ${env:D}"]}}}', ("${env:C}", "${env:D}")),
        ('"connector": {"requestFormat": {"customHeaders": {"X": "${keyring:a/b}"}}}', ("${keyring:a/b}",)),
        ('"connector": {"requestFormat": "{\\"customFields\\": {\\"x\\": \\"${env:E}\\"}}"}', ("${env:E}",)),
        ('"parameters": {"x": {"y": "${env:F}"}}', ("${env:F}",)),
        ('"system": "${env:G}", "description": "${env:H}"', ()),
    ],
)
def test_references_that_a_request_resolves(more: str, references: tuple[str, ...]):
    text = f'{{"name": "a", "url": "http://${{env:A}}/${{env:A}}"{", " if more else ""}{more}}}'
    assert references_of(agent(text)) == ("${env:A}", *references)


def test_references_of_a_provider():
    provider: Any = {"request": {"body": {"key": "${env:P}"}}}
    assert references_of(agent(AGENT), provider) == ("${env:P}",)
