"""What is proposed at the caret (|), and the text after a proposal was taken."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman.agents.built_in import provider_names
from dragoman.features.completion import complete
from dragoman.project.agent_file import read_agent_file
from json_texts import array_texts
from linting import diagnose, shown
from proposing import expanded, proposals, taken

AGENTS = {
    *(
        "Any HTTP agent",
        "Anthropic agent",
        "Coze agent",
        "Dify agent",
        "Ollama agent",
        "OpenAI (chat completions) agent",
    ),
}
"""Some of the kinds of agents that are proposed where an agent can stand."""

OLLAMA = """{
  "name": "Ollama",
  "provider": "ollama",
  "url": "http://127.0.0.1:11434/api/chat",
  "parameters": {"model": "llama3.2"}
}"""

KEYS = {
    *("name", "url", "description", "provider", "auth", "connector", "responseAction", "interactive", "parameters"),
    *("system", "enabled", "defaultTimeout", "icon", "transition", "flow", "$schema"),
}


@pytest.mark.parametrize(
    ("marked", "labels"),
    [
        ("{|}", KEYS),
        ('{"name": "x", |}', KEYS - {"name"}),
        ('{"name": "x" | }', KEYS - {"name"}),
        ('{"name": "x"\n| }', KEYS - {"name"}),
        ('{"name": {} // c\n |"url": 1}', KEYS - {"name"}),
        ('{"nam|": "x", "url": ""}', KEYS - {"url"}),
        ('{"name"|: "x", "url": ""}', KEYS - {"url"}),
        ('{"na"|}', KEYS),
        ('{"name|": "x", "url": ""}', KEYS - {"url"}),
        ('[{"name": "x"}, {|}]', KEYS),
        ('[{"name": "x"}, {"url": 1, "|', KEYS - {"url"}),
        ('{"auth": {|}}', {"type", "token", "header"}),
        ('{"auth": {"type": "Bearer", | }}', {"token", "header"}),
        ('{"auth": {"|', {"type", "token", "header"}),
        ('{"auth": {"type": "|"}}', {"Bearer", "ApiKey", "Basic"}),
        ('{"auth": {"type": |', {"Bearer", "ApiKey", "Basic"}),
        ('{"connector": {|}}', {"requestFormat", "responseFormat", "dialect"}),
        ('{"connector": {"requestFormat": {|}}}', {"fields", "customFields", "customHeaders", "messageKeys"}),
        ('{"connector": {"requestFormat": {"messageKeys": {|}}}}', {"role", "content"}),
        ('{"connector": {"dialect": "|"}}', {"jayway", "jsonpath-ng"}),
        ('{"provider": "|"}', set(provider_names())),
        ('{"enabled": |}', {"true", "false"}),
        ('{"transition": [{|}]}', {"source", "target"}),
        ('{"transition": [{"source": "$", |}]}', {"target"}),
        ('{"transition": [{}, {|', {"source", "target"}),
        ('{"flow": {|}}', {"next"}),
        ('{"responseAction": |}', {"Direct", "Stream", "TextChunk", "WebView", "DevIns", "Flow"}),
        ('{"responseAction": "St|zzz"}', {"Direct", "Stream", "TextChunk", "WebView", "DevIns", "Flow"}),
        ('{"responseAction": "Direct"|}', {"Direct", "Stream", "TextChunk", "WebView", "DevIns", "Flow"}),
        ('{"responseAction" | }', {"Direct", "Stream", "TextChunk", "WebView", "DevIns", "Flow"}),
        ('{"responseAction" "|" }', {"Direct", "Stream", "TextChunk", "WebView", "DevIns", "Flow"}),
        ('{"name": |}', {'""'}),
        ('{"auth": |}', {'{"type": "Bearer", "token": "${env:AGENT_API_KEY}"}', "{}"}),
        ('{"provider": "gemini", "auth": |}', {'{"type": "ApiKey", "token": "${env:GEMINI_API_KEY}"}', "{}"}),
        ('{"provider": "coze", "parameters": |}', {'{"bot_id": ""}', "{}"}),
        ('{"provider": "nobody", "auth": |}', {"{}"}),
        ('{"transition": |}', {"[]"}),
    ],
)
def test_what_is_proposed(marked: str, labels: set[str]):
    assert set(proposals(marked)) == labels


PLACES_FOR_AGENTS = [
    "|",
    "\n|\n",
    "[|]",
    '[{"name": "a"},|]',
    '[{"name": "a"},\n|\n{"name": "b"}]',
    '[{"name": "a"} | ]',
    '[{"name": "a"}\n | {"name": "b"}]',
    "[ // c\n|]",
    "// c\n|",
    "dif|",
    "[dif|]",
    '[{"name": "a"}, dif|]',
    '[di|f\n{"name": "a"}]',
    '[{"name": "a"}\ndif|]',
]


@pytest.mark.parametrize("marked", PLACES_FOR_AGENTS)
def test_agents_are_proposed(marked: str):
    assert set(proposals(marked)) >= AGENTS


@pytest.mark.parametrize("with_snippets", [False, True], ids=["plain", "snippets"])
@pytest.mark.parametrize("marked", PLACES_FOR_AGENTS)
def test_every_proposed_agent_is_a_good_one(marked: str, with_snippets: bool):
    marked = marked.replace('"name": "', '"url": "http://h/", "name": "')
    for label in proposals(marked, with_snippets=with_snippets):
        text = expanded(taken(marked, label, with_snippets=with_snippets), is_snippet=with_snippets)
        assert [shown(diagnostic) for diagnostic in diagnose(text) if diagnostic.code != "comment"] == []


def test_the_kinds_of_agents():
    items = proposals("|", with_snippets=True)
    assert len(items) == len(provider_names())
    assert next(iter(items)) == "Any HTTP agent"
    assert items["Dify agent"].filter_text == "dify Dify"
    assert items["Dify agent"].documentation.startswith("**Dify**\n\nDify's apps")
    assert {item.kind for item in items.values()} == {"agent"}


@pytest.mark.parametrize(("typed", "filter_text"), [("di", "dify Dify"), ("Di", "Dify dify"), ("", "dify Dify")])
def test_kinds_of_agents_are_found_by_what_was_typed(typed: str, filter_text: str):
    assert proposals(f"{typed}|")["Dify agent"].filter_text == filter_text


@pytest.mark.parametrize(
    "marked",
    [
        '{"name": "hel|lo"}',
        "{ /* | */ }",
        "{\n // |\n}",
        '{"auth": {}|}',
        '{"auth": | {}}',
        '{"name" |: "x"}',
        '{"name": "x", {"a":\n|1}: 2}',
        '{"name": "x"} |',
        '{"name": "x"}|',
        '[{"name": "x"}|]',
        '[{"name": "x"} | , {}]',
        '[{"name": "x"} {"name": "y"} | , {}]',
        '{"nothing": {|}}',
        '{"nothing": |}',
        '{"connector": {"requestFormat": {"fields": {"inputs": {|}}}}}',
        '{"parameters": {|}}',
        '{"defaultTimeout": 5|}',
        '"x|"',
        "[5|]",
    ],
)
def test_nothing_is_proposed(marked: str):
    assert set(proposals(marked)) == set()


@pytest.mark.parametrize(
    ("before", "label", "after"),
    [
        # keys
        ("{|}", "name", '{"name": ""}'),
        ("{|}", "auth", '{"auth": {"type": "Bearer", "token": "${env:AGENT_API_KEY}"}}'),
        (
            '{"provider": "anthropic", |}',
            "auth",
            '{"provider": "anthropic", "auth": {"type": "ApiKey", "token": "${env:ANTHROPIC_API_KEY}"}}',
        ),
        ('{"provider": "coze", |}', "parameters", '{"provider": "coze", "parameters": {"bot_id": ""}}'),
        (
            '{"provider": "ollama", "parameters": {|}}',
            "think",
            '{"provider": "ollama", "parameters": {"think": true}}',
        ),
        ('{"provider": "openai", "parameters": {|}}', "seed", '{"provider": "openai", "parameters": {"seed": }}'),
        ('{"provider": "nobody", |}', "auth", '{"provider": "nobody", "auth": {}}'),
        (
            "{|}",
            "connector",
            '{"connector": {"requestFormat": {"customFields": {"stream": true}}, '
            '"responseFormat": "$.choices[0].delta.content"}}',
        ),
        ("{|}", "transition", '{"transition": []}'),
        ("{|}", "enabled", '{"enabled": false}'),
        ("{|}", "defaultTimeout", '{"defaultTimeout": }'),
        ("{|}", "responseAction", '{"responseAction": ""}'),
        ('{"|}', "name", '{"name": ""}'),
        ('{"na|}', "name", '{"name": ""}'),
        ('{"my na|me of}', "name", '{"name": "", of}'),
        ("{na|}", "name", '{"name": ""}'),
        ('{"na|"}', "name", '{"name": ""}'),
        ('{"name": "x", |}', "url", '{"name": "x", "url": ""}'),
        ('{"name": "x",\n  "u|\n}', "url", '{"name": "x",\n  "url": ""\n}'),
        # a comma where another entry follows
        ('{| "url": "x"}', "name", '{"name": "", "url": "x"}'),
        ('{ |\n"url": "x"}', "name", '{ "name": "",\n"url": "x"}'),
        ('{ na|\n"url": "x"}', "name", '{ "name": "",\n"url": "x"}'),
        ('{ |, "url": "x"}', "name", '{ "name": "", "url": "x"}'),
        ('{ | // c\n "url": "x"}', "name", '{ "name": "", // c\n "url": "x"}'),
        # a comma or a colon that is missing before
        ('{"name": "x" | }', "url", '{"name": "x", "url": "" }'),
        ('{"name": "x" // c\n  |\n}', "url", '{"name": "x", // c\n  "url": ""\n}'),
        ('{"name": "x"\n  "u|\n}', "url", '{"name": "x",\n  "url": ""\n}'),
        ('{"name": "x"\n  u|\n  "icon": ""\n}', "url", '{"name": "x",\n  "url": "",\n  "icon": ""\n}'),
        ('[{"name": 1}, {"name": "x"\n  |}]', "url", '[{"name": 1}, {"name": "x",\n  "url": ""}]'),
        ('{"auth": {"token": ""} | }', "url", '{"auth": {"token": ""}, "url": "" }'),
        ('{"responseAction" | }', "Flow", '{"responseAction": "Flow" }'),
        ('{"responseAction" "|" }', "Flow", '{"responseAction": "Flow" }'),
        # a key that has its value
        ('{"nam"|: "x"}', "name", '{"name": "x"}'),
        ('{"na|": "x", "url": 1}', "name", '{"name": "x", "url": 1}'),
        ('{na|: "x"}', "name", '{"name": "x"}'),
        ('{|  : "x"}', "name", '{"name"  : "x"}'),
        ('{\n"na|: 5,\n"url": 1}', "name", '{\n"name": 5,\n"url": 1}'),
        ('{"na|me" : "x"}', "url", '{"url" : "x"}'),
        # values
        ('{"responseAction":|}', "Flow", '{"responseAction":"Flow"}'),
        ('{"responseAction": "|"}', "Flow", '{"responseAction": "Flow"}'),
        ('{"responseAction": "Fl|xx"}', "Flow", '{"responseAction": "Flow"}'),
        ('{"responseAction": Fl|}', "Flow", '{"responseAction": "Flow"}'),
        ('{"responseAction": "Fl|\n}', "Flow", '{"responseAction": "Flow"\n}'),
        ('{"responseAction": "Direct"|, "name": 1}', "Flow", '{"responseAction": "Flow", "name": 1}'),
        ('{"responseAction": |\n"name": "x"}', "Flow", '{"responseAction": "Flow",\n"name": "x"}'),
        ('{"responseAction": |, "name": "x"}', "Flow", '{"responseAction": "Flow", "name": "x"}'),
        ('{"responseAction":| "Direct"}', "Flow", '{"responseAction":"Flow"}'),
        ('{"responseAction": | "Direct", "name": 1}', "Flow", '{"responseAction": "Flow", "name": 1}'),
        ('{"responseAction": |\n"Direct", "name": 1}', "Flow", '{"responseAction": "Flow",\n"Direct", "name": 1}'),
        ('{"enabled": |}', "false", '{"enabled": false}'),
        ('{"enabled": t|}', "true", '{"enabled": true}'),
        ('{"name": "😀", "responseAction": "|"}', "Flow", '{"name": "😀", "responseAction": "Flow"}'),
        # after what is broken
        ('{"name": @@@, "responseAction": | }', "Flow", '{"name": @@@, "responseAction": "Flow" }'),
        ('{"name" "x", |}', "url", '{"name" "x", "url": ""}'),
        ('[{"name": }, {|}]', "url", '[{"name": }, {"url": ""}]'),
        ('{"auth": {"token": "x",}, |}', "name", '{"auth": {"token": "x",}, "name": ""}'),
        # agents
        ("|", "Ollama agent", OLLAMA),
        ("oll|", "Ollama agent", OLLAMA),
        ('[|{"name": "a"}]', "Ollama agent", f'[{OLLAMA},{{"name": "a"}}]'),
        ('[oll|\n{"name": "a"}]', "Ollama agent", f'[{OLLAMA},\n{{"name": "a"}}]'),
        ('[{"name": "a"}, |]', "Ollama agent", f'[{{"name": "a"}}, {OLLAMA}]'),
        ('[{"name": "a"}\n|]', "Ollama agent", f'[{{"name": "a"}},\n{OLLAMA}]'),
        ('[{"name": "a"}\noll|]', "Ollama agent", f'[{{"name": "a"}},\n{OLLAMA}]'),
    ],
)
def test_taking_a_proposal(before: str, label: str, after: str):
    assert taken(before, label) == after


@pytest.mark.parametrize(
    ("before", "label", "after"),
    [
        ("{|}", "name", '{"name": "$1"}'),
        ("{|}", "auth", '{"auth": {"type": "Bearer", "token": "${1:\\${env:AGENT_API_KEY\\}}"}}'),
        ('{"provider": "coze", |}', "parameters", '{"provider": "coze", "parameters": {"bot_id": "$1"}}'),
        ('{"connector": |}', "{}", '{"connector": {$1}}'),
        ("{|}", "enabled", '{"enabled": ${1:false}}'),
        ("{|}", "defaultTimeout", '{"defaultTimeout": $1}'),
        ('{"connector": {|}}', "dialect", '{"connector": {"dialect": "${1|jayway,jsonpath-ng|}"}}'),
        ("{|}", "$schema", '{"\\$schema": "$1"}'),
        ('{"na|": "x"}', "name", '{"name": "x"}'),
        ('{"$|": "x"}', "$schema", '{"$schema": "x"}'),
        ('{"name": |}', '""', '{"name": "$1"}'),
        ('{"responseAction": |}', "Flow", '{"responseAction": "Flow"}'),
        (
            "|",
            "Coze agent",
            """{
  "name": "${1:Coze}",
  "provider": "coze",
  "url": "${2:https://api.coze.com/v3/chat}",
  "auth": {"type": "Bearer", "token": "${3:\\${env:COZE_API_KEY\\}}"},
  "parameters": {"bot_id": "$4"}
}""",
        ),
    ],
)
def test_taking_a_proposal_with_snippets(before: str, label: str, after: str):
    assert taken(before, label, with_snippets=True) == after


def test_what_has_no_tab_stop_is_no_snippet():
    assert not proposals('{"$|": "x"}', with_snippets=True)["$schema"].is_snippet
    assert not proposals('{"responseAction": |}', with_snippets=True)["Flow"].is_snippet
    assert proposals("{|}", with_snippets=True)["name"].is_snippet
    assert not proposals("{|}")["name"].is_snippet


def test_the_providers_parameters():
    marked = '{"provider": "chaindesk", "parameters": {%s}}'
    keys = proposals(marked % "|")
    assert {"modelName", "temperature", "filters", "promptType"} <= set(keys)
    assert [key for key, item in keys.items() if item.deprecated] == list(keys)[-2:] == ["promptType", "promptTemplate"]
    assert len(proposals(marked % '"modelName": "|"')) == 41
    assert {"datastore_ids"} < set(proposals(marked % '"filters": {|}'))
    assert set(proposals('[{"provider": "chaindesk"}, {"parameters": {|}}]')) == set()


def test_a_new_agent_has_a_name_of_its_own():
    assert '"name": "Dify 2"' in taken('[{"name": "Dify"}, |]', "Dify agent")


def test_what_is_needed_comes_first():
    assert next(iter(proposals('{"provider": "coze", "parameters": {|}}'))) == "bot_id"
    assert list(proposals('{"provider": "azure-openai", "parameters": {|}}'))[:2] == ["resource", "deployment"]
    assert list(proposals("{|}"))[:2] == ["name", "url"]
    assert list(proposals('{"auth": {|}}'))[:2] == ["type", "token"]


def test_proposals_say_what_they_are():
    items = proposals("{|}")
    assert items["name"].documentation.startswith("**name** *(string, needed)*")
    assert {item.kind for item in items.values()} == {"key"}
    assert proposals('{"responseAction": |}')["Flow"].documentation.startswith("**Flow**: ")
    assert all(item.documentation for item in items.values())


@given(array_texts, st.data())
def test_any_text_can_be_completed(text: str, data: st.DataObject):
    offset = data.draw(st.integers(0, len(text)))
    for item in complete(read_agent_file(text), offset, with_snippets=data.draw(st.booleans())):
        assert 0 <= item.span.start <= offset <= item.span.end <= len(text)
        assert "\n" not in text[item.span.start : item.span.end]
        assert item.before is None or item.before.span.end < item.span.start
