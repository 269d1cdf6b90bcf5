"""What is proposed inside strings, at the caret (|): JSON, placeholders, references, JsonPaths."""

from __future__ import annotations

import json

import pytest

from dragoman.agents.placeholders import MEANINGS
from dragoman.lint.diagnostic import Fix, TextEdit
from dragoman.syntax.jsonc import parse
from linting import diagnose, fixed, shown
from marked import at_caret
from proposing import expanded, proposals, taken

TEMPLATE = '{"connector": {"requestFormat": "%s"}}'
OBJECT = '{"connector": {"requestFormat": %s}}'
PATH = '{"connector": {"responseFormat": "%s"}}'
COZE = '{"provider": "coze", "connector": {"responseFormat": "%s"}}'
PLACEHOLDERS = {f"${name}" for name in MEANINGS}


@pytest.fixture(autouse=True)
def variables(monkeypatch: pytest.MonkeyPatch) -> None:
    from dragoman.secrets.sources import env

    monkeypatch.setattr(env, "names", lambda: ["DOCS_TOKEN", "HOME"])


@pytest.mark.parametrize(
    ("marked", "labels"),
    [
        (TEMPLATE % r"{|}", {"customFields", "fields", "customHeaders", "messageKeys"}),
        (TEMPLATE % r"{\"fields\": {}, |}", {"customFields", "customHeaders", "messageKeys"}),
        (TEMPLATE % r"{\"messageKeys\": {|}}", {"role", "content"}),
        (TEMPLATE % r"{\"customFields\": {\"stream\": |}}", {"true", "false"} | PLACEHOLDERS),
        (TEMPLATE % r"{\"fields\": {\"q\": |}}", PLACEHOLDERS),
        (TEMPLATE % r"{\"fields\": {\"q\": \"|\"}}", PLACEHOLDERS),
        (
            TEMPLATE % r"{\"fields\": {\"a\": [\"x $|\"]}}",
            PLACEHOLDERS - {"$history"} | {"${env:DOCS_TOKEN}", "${keyring:service/user}"},
        ),
        (OBJECT % '{"fields": {"a": ["|"]}}', PLACEHOLDERS),
        (OBJECT % '{"customHeaders": {"X-Token": "|"}}', {"${env:DOCS_TOKEN}", "${keyring:service/user}"}),
        (OBJECT % '{"customHeaders": {"X-Team": "|"}}', set()),
        (OBJECT % '{"messageKeys": {"role": "$|"}}', set()),
        ('{"auth": {"token": "|"}}', {"${env:AGENT_API_KEY}", "${env:DOCS_TOKEN}", "${keyring:service/user}"}),
        (
            '{"name": "my docs", "auth": {"token": "|"}}',
            {"${env:MY_DOCS_API_KEY}", "${env:DOCS_TOKEN}", "${keyring:service/user}"},
        ),
        (
            '{"provider": "dify", "auth": {"token": "$|"}}',
            {"${env:DIFY_API_KEY}", "${env:DOCS_TOKEN}", "${keyring:service/user}"},
        ),
        ('{"url": "http://${env:|"}', {"${env:DOCS_TOKEN}", "${env:HOME}", "${keyring:service/user}"}),
        ('{"auth": {"token": "abc|"}}', set()),
        ('{"provider": "dify", "url": "|"}', {"https://api.dify.ai/v1/chat-messages"}),
        ('{"flow": {"next": "|"}}', {"first", "second"}),
        ('{"name": "first", "flow": {"next": "|"}}', {"second"}),
        (
            '{"transition": [{"source": "$.data.answer", "target": "|"}]}',
            {"$.answer", "$.query", "$.prompt", "$.content"},
        ),
    ],
)
def test_what_is_proposed(marked: str, labels: set[str]) -> None:
    assert set(proposals(marked)) == labels


@pytest.mark.parametrize(
    ("marked", "among"),
    [
        (PATH % "|", {"$.choices[0].delta.content", "$.choices[0].message.content", "$.message.content", "$"}),
        (PATH % "$.ch|", {"choices", "length()", "$.choices[0].delta.content"}),
        (PATH % "$.choices[0].|", {"delta", "message", "keys()"}),
        (PATH % "$.choices[0].delta.|", {"content"}),
        (PATH % "$..|", {"delta", "answer"}),
        (COZE % "$.|", {"type", "content", "data", "usage"}),
        (COZE % "$[?(@.|", {"type", "content"}),
        (COZE % "$[?(|", {"@", "@.type"}),
        (COZE % "$[?(@.type |", {"==", "=~", "in", "nin", "&&", "||"}),
        (COZE % "$[?(@.type == 'answer' && |", {"@.type"}),
        (COZE % "$[|", {"0]", "-1]", "*]", "'type']"}),
        ('{"connector": {"responseFormat": |}}', {"$.choices[0].delta.content", '""'}),
        ('{"transition": [{"source": "|"}]}', {"$.choices[0].delta.content", "$.usage.total_tokens"}),
        (OBJECT % '{"customHeaders": {|}}', {"Authorization", "Accept", "X-Request-ID"}),
        (OBJECT % '{"fields": {|}}', {"messages", "query", "stream", "conversation_id"}),
        ('{"url": |}', {"http://127.0.0.1:8765/v1/chat/completions", "https://api.openai.com/v1/chat/completions"}),
        ('{"auth": {"header": "|"}}', {"x-api-key"}),
    ],
)
def test_what_is_among_the_proposals(marked: str, among: set[str]) -> None:
    assert among <= set(proposals(marked))


def test_a_path_of_the_other_dialect_calls_no_functions_of_this_one() -> None:
    ng = '{"connector": {"dialect": "jsonpath-ng", "responseFormat": "$.choices[0].|"}}'
    assert "delta" in proposals(ng)
    assert "length()" not in proposals(ng)


@pytest.mark.parametrize(
    ("before", "label", "after"),
    [
        (TEMPLATE % "{|", "fields", TEMPLATE % r"{\"fields\": {}"),
        (TEMPLATE % r"{\"fie|", "fields", TEMPLATE % r"{\"fields\": {}"),
        (TEMPLATE % r"{\"fie|\": {}}", "fields", TEMPLATE % r"{\"fields\": {}}"),
        (TEMPLATE % r"{\"fields\": {} |}", "customHeaders", TEMPLATE % r"{\"fields\": {}, \"customHeaders\": {}}"),
        (TEMPLATE % r"{\"fields\": {|}}", "query", TEMPLATE % r"{\"fields\": {\"query\": \"$content\"}}"),
        (TEMPLATE % r"{\"fields\": {\"q\": |}}", "$content", TEMPLATE % r"{\"fields\": {\"q\": \"$content\"}}"),
        (
            TEMPLATE % r"{\"fields\": {\"q\": \"\\\"|\"}}",
            "$content",
            TEMPLATE % r"{\"fields\": {\"q\": \"\\\"$content\"}}",
        ),
        (
            TEMPLATE % r"{\"fields\": {\"q\": \"a $con|tent b\"}}",
            "$selection",
            TEMPLATE % r"{\"fields\": {\"q\": \"a $selection b\"}}",
        ),
        (OBJECT % '{"fields": {"q": "\\u0041 $|"}}', "$content", OBJECT % '{"fields": {"q": "\\u0041 $content"}}'),
        ('{"auth": {"token": "${env:A|}"}}', "${env:DOCS_TOKEN}", '{"auth": {"token": "${env:DOCS_TOKEN}"}}'),
        ('{"auth": {"token": "${env:A|"}}', "${env:DOCS_TOKEN}", '{"auth": {"token": "${env:DOCS_TOKEN}"}}'),
        ('{"url": "http://$|/x"}', "${env:DOCS_TOKEN}", '{"url": "http://${env:DOCS_TOKEN}/x"}'),
        (PATH % "$.choices[0].de|lt.content", "delta", PATH % "$.choices[0].delta.content"),
        (PATH % "$.cho|", "$.choices[0].delta.content", PATH % "$.choices[0].delta.content"),
        (PATH % "$.choices[|]", "-1]", PATH % "$.choices[-1]"),
        (COZE % "$[?(@.ty|)].content", "type", COZE % "$[?(@.type)].content"),
        ('{"flow": {"next": |}}', "second", '{"flow": {"next": "second"}}'),
        ('{"connector": {"responseFormat": |}}', "$.answer", '{"connector": {"responseFormat": "$.answer"}}'),
        ('{"connector": {"responseFormat": "|\n}}', "$.answer", '{"connector": {"responseFormat": "$.answer\n}}'),
    ],
)
def test_taking_a_proposal(before: str, label: str, after: str) -> None:
    assert taken(before, label) == after


@pytest.mark.parametrize(
    ("before", "label", "after"),
    [
        (TEMPLATE % "{|}", "fields", TEMPLATE % r'{\\"fields\\": {$1}}'),
        (TEMPLATE % r"{\"fields\": {|}}", "query", TEMPLATE % r'{\"fields\": {\\"query\\": ${1:\\"\$content\\"}}}'),
        (
            '{"auth": {"token": "|"}}',
            "${keyring:service/user}",
            r'{"auth": {"token": "\${keyring:${1:service}/${2:user}\}"}}',
        ),
    ],
)
def test_taking_a_proposal_with_snippets(before: str, label: str, after: str) -> None:
    assert taken(before, label, with_snippets=True) == after


@pytest.mark.parametrize("with_snippets", [False, True], ids=["plain", "snippets"])
@pytest.mark.parametrize(
    "inner",
    [
        "{|}",
        r"{\"fields\": {|}}",
        r"{\"customFields\": {|}}",
        r"{\"customHeaders\": {|}}",
        r"{\"messageKeys\": {|}}",
        r"{\"fields\": {\"q\": |}}",
        r"{\"fields\": {\"q\": \"a \\\" $|\"}}",
        r"{\"fields\": {\"stream\": |}}",
    ],
)
def test_what_is_taken_inside_a_string_is_json_in_json(inner: str, with_snippets: bool) -> None:
    marked = TEMPLATE % inner
    items = proposals(marked, with_snippets=with_snippets)
    assert items
    for label, item in items.items():
        written = TextEdit(item.span, expanded(item.new_text, is_snippet=item.is_snippet))
        text = fixed(at_caret(marked)[0], Fix(label, (written, *([item.before] if item.before else []))))
        assert not parse(text).problems, text
        assert not parse(json.loads(text)["connector"]["requestFormat"]).problems, text


def test_templates_are_proposed_as_text_and_as_objects() -> None:
    for label in proposals('{"connector": {"requestFormat": |}}'):
        agent = f'{{"name": "a", "url": "http://127.0.0.1/", "connector": {{"requestFormat": {label}}}}}'
        said = [shown(diagnostic) for diagnostic in diagnose(agent) if diagnostic.severity < 3]
        assert said == [], label


def test_no_value_of_a_variable_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCS_TOKEN", "s3cret")
    items = proposals('{"auth": {"token": "${env:|"}}')
    assert "is set" in items["${env:DOCS_TOKEN}"].documentation
    assert "is not set" in items["${env:AGENT_API_KEY}"].documentation
    assert "s3cret" not in repr(items)


def test_every_proposal_in_a_string_says_what_it_is() -> None:
    for marked in (
        TEMPLATE % r"{\"fields\": {\"q\": \"$|\"}}",
        PATH % "$.choices[0].delta.content.|",
        PATH % "$[?(@.a |",
    ):
        assert all(item.documentation for item in proposals(marked).values())
