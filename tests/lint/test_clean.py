"""Of an agent that is called clean, no rule has anything to say; and ordinary agents are called clean."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman.agents.catalog import built_in_catalog
from dragoman.lint import kept, runner
from dragoman.lint.clean import is_clean
from dragoman.project.agent_file import read_agent_file

URLS = [
    "http://127.0.0.1:8765/",
    "http://h/",
    "https://h.example/x?y=ä",
    "http://h:70000/",
    "http://169.254.1.1/",
    "x",
    "",
]
URLS += [
    "https://${env:H}/",
    "HTTPS://h/",
    "http://a..b/",
    "https://256.1.1.1/",
    "http://h/$content",
    "http://h/${X}",
    "http://localhost",
    "https://h:0/",
]
TOKENS = ["${env:X}", "plain", " ", "Bearer ${keyring:a/b}", "${env:X", "${X}", "${env:X}${env:}", "${keyring:a}"]
TEMPLATES = ['{"customFields": {"model": "x"}}', '{"customFields": {"messages": []}}', '{"fields": {}}', "{", " ", "[]"]
TEMPLATES += ['{"fields": {}, "customFields": {}}', '{"a": 1}', '{"fields": {}, "fields": {}}', '{"fields": {},}']
TEMPLATES += ['{"fields": {"a": "$content", "b": ["$history", "$contents"]}}', '{"fields": {"a": "x $history"}}']
TEMPLATES += ['{"customFields": {"a": "${env:X} ${env:"}}', '{"customFields": {"stream": true}}']
TEMPLATES += ['{"customFields": {"stream": false}}', '{"fields": {"streaming": false, "a": "$content"}}']
TEMPLATES += ['{"customHeaders": {"Authorization": "x"}}', '{"customFields": 1}', '{"fields": {"a": "$system"}}']
PATHS = ["$.a", "$", "", "$.a[", "a", "$..b", "$.choices[0].message.content", "$.a.delta.b", "$.a[0]x", "$.a{0}"]

texts = st.sampled_from
connectors = st.fixed_dictionaries(
    {},
    optional={
        "requestFormat": texts(TEMPLATES) | texts(TEMPLATES[:3]).map(json.loads),
        "responseFormat": texts(PATHS),
        "dialect": texts(["jayway", "jsonpath-ng"]),
    },
)
agents = st.fixed_dictionaries(
    {"name": texts(["a", "", "😀"]), "url": texts(URLS)},
    optional={
        "auth": st.fixed_dictionaries({"type": texts(["Bearer", "ApiKey", "bearer"]), "token": texts(TOKENS)}),
        "connector": connectors,
        "responseAction": texts(["Direct", "Stream", "WebView", "TextChunk", "Flow", "x"]),
        "interactive": texts(["ChatPanel", "ReplaceSelection", "OnPaste", "StreamDiff", "chatpanel"]),
        "provider": texts(["custom", "chaindesk", "openai", "opnai", ""]),
        "system": texts(["", "Be kind."]),
        "parameters": texts([{}, {"modelName": "gpt"}, {"temperature": 7}]),
        "transition": texts([[], [{"source": "$.a[", "target": "$.b"}]]),
        "flow": texts([{}, {"next": "b"}]),
        "enabled": texts([True, False, 1]),
        "defaultTimeout": texts([0, 5, 0.01, 7200, 1e400, True]),
        "description": texts(["", "x"]),
        "x": st.just(1),
    },
)  # fmt: skip


@given(agents)
def test_rules_say_nothing_of_what_is_called_clean(agent: dict[str, Any]):
    if is_clean(agent, built_in_catalog()):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(kept, "is_clean", lambda *_: False)
            assert runner.lint(read_agent_file(json.dumps(agent)), {}) == []


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"auth": {"type": "Bearer", "token": "${env:TOKEN}"}},
        {"connector": {"requestFormat": TEMPLATES[0], "responseFormat": "$.choices[0].delta.content"}},
        {"responseAction": "Stream", "interactive": "ChatPanel", "icon": "https://h/i.png", "enabled": False},
        {"connector": {"requestFormat": {"fields": {"q": "$content", "all": "$history", "s": "a $selection b"}}}},
        {"responseAction": "Flow", "flow": {"next": "b"}},
        {"provider": "openai", "description": "d", "defaultTimeout": 30},
    ],
)
def test_ordinary_agents_are_clean(more: dict[str, Any]):
    assert is_clean({"name": "a", "url": "http://127.0.0.1:8765/api?x=1", **more}, built_in_catalog())
