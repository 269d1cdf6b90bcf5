"""Rules about what an agent means: what is sent and read, and where secrets come from."""

from __future__ import annotations

import pytest

from dragoman.lint.diagnostic import Severity
from dragoman.lint.path_hints import hints
from linting import AGENT, check, check_agent, diagnose, fixed

REQUEST = '"connector": {"requestFormat": {%s}}'


def test_bad_reference():
    sent, none = "bad-reference warning: This is sent as it stands: ", "bad-reference warning: This is no reference: "
    variable = f"{sent}a variable of the environment is written ${{env:NAME}}."
    other = f"{sent}references are ${{env:NAME}} and ${{keyring:service/user}}."
    broken = f"{none}one is written ${{env:NAME}}."
    no_name = "bad-reference warning: This reference names no variable of the environment: write ${env:NAME}."
    no_entry = "bad-reference warning: This reference names no entry of the keyring: write ${keyring:service/user}."
    token = '"auth": {"type": "Bearer", "token": "%s"}'
    check_agent(token % "«${TOKEN}»", variable)
    check_agent(token % "a «${ENV:TOKEN}»", broken)
    check_agent(token % "«${env:TOKEN»", broken)
    check_agent(token % "«${env.TOKEN}»", broken)
    check_agent(token % "«${env: TOKEN }»", broken)
    check_agent(token % "«${env:}»", no_name)
    check_agent(token % "«${keyring:service}»", no_entry)
    check_agent(token % "«${vault:a/b}»", other)
    check('{"name": "docs", "url": "https://«${HOST}»/x"}', variable)
    check_agent(REQUEST % '"customHeaders": {"X-Team": "«${TEAM}»"}', variable)
    check_agent(REQUEST % '"customFields": {"a": ["x «${env:}»"]}', no_name)
    check_agent('"provider": "openai", "parameters": {"user": "«${env:»"}', no_name)


def test_what_is_a_reference_or_may_mean_something_to_the_agent():
    check_agent('"auth": {"type": "Bearer", "token": "${env:A}${keyring:a.b/c d}"}')
    check_agent(REQUEST % '"customFields": {"a": "${name} ${x:y} ${", "b": "${environment}"}')


def test_a_reference_is_mended_where_it_stands():
    for text, after in (
        (f'{{{AGENT}, "auth": {{"type": "Bearer", "token": "${{T}}"}}}}', "${env:T}"),
        (
            rf'{{{AGENT}, "connector": {{"requestFormat": "{{\"customFields\": {{\"a\": \"${{ENV:T\"}}}}"}}}}',
            "${env:T}",
        ),
    ):
        (found,) = diagnose(text)
        mended = fixed(text, found.fixes[0])
        assert after in mended
        assert diagnose(mended) == []


def test_unfilled_placeholder():
    close = 'unfilled-placeholder warning: There is no placeholder "{}": did you mean "{}"?'
    check_agent(REQUEST % '"fields": {"q": "$content", "a": "«$contents»"}', close.format("$contents", "$content"))
    check_agent(
        REQUEST % '"customFields": {"a": ["x «$conversation_id»"]}',
        close.format("$conversation_id", "$conversationId"),
    )
    check_agent(
        r'"connector": {"requestFormat": "{\"customFields\": {\"a\": \"\\\"«$sessionid»\"}}"}',
        close.format("$sessionid", "$sessionId"),
    )
    check_agent(
        REQUEST % '"fields": {"q": "Before: «$history» $content"}',
        'unfilled-placeholder warning: "$history" is a list, and can only be a whole value: '
        "here it is sent as it stands.",
    )
    check_agent(
        REQUEST % '"customFields": {"a": "«$question»"}',
        'unfilled-placeholder information: There is no placeholder "$question", so it is sent as it stands.',
    )


def test_a_placeholder_where_none_is_filled():
    alone = '"{}" is filled in "fields" and "customFields" alone: here it is sent as it stands.'
    here = f"unfilled-placeholder warning: {alone}"
    check_agent(REQUEST % '"customHeaders": {"X-Session": "«$sessionId»"}', here.format("$sessionId"))
    check('{"name": "docs", "url": "http://h/?q=«$content»"}', here.format("$content"))
    check_agent('"system": "You speak «$language»."', here.format("$language"))


def test_what_is_filled_or_no_placeholder():
    check_agent(REQUEST % '"fields": {"a": "$history", "b": {"c": ["$content", "in $language: $selection"]}}')
    check_agent(REQUEST % '"customFields": {"price": "costs $amount, $5, US$ or $$", "path": "$.a"}')
    check_agent('"provider": "dify", ' + REQUEST % '"fields": {"q": "$content", "c": "$conversation_id"}')
    check_agent('"system": "It costs $amount."')


def test_unsent_prompt():
    said = (
        'unsent-prompt warning: The prompt is not sent: "fields" is the whole body, '
        'and neither "$content" nor "$history" is in it.'
    )
    check_agent(REQUEST % '«"fields"»: {"a": 1, "b": "$selection"}', said)
    check_agent(r'"connector": {"requestFormat": "{«\"fields\"»: {\"a\": 1}}"}', said)
    check_agent(REQUEST % '"fields": {"a": [{"b": "Say: $content"}]}')
    check_agent(REQUEST % '"fields": {}')
    check_agent(REQUEST % '"customFields": {"a": 1}')


def test_headers_that_are_never_taken():
    check_agent(
        REQUEST % '"customHeaders": {«"Host"»: "h", "X-Host": "h"}',
        'ignored-key warning: "Host" is never taken from here: it belongs to the connection.',
    )


def test_bad_timeout():
    long = (
        'bad-timeout warning: "defaultTimeout" counts seconds, and this is more than an hour: are milliseconds meant?'
    )
    check_agent('"defaultTimeout": «30000»', long)
    check_agent('"defaultTimeout": «1e400»', long)
    check_agent(f'"defaultTimeout": «1{"0" * 400}»', long)
    check_agent(f'"defaultTimeout": «1{"0" * 5000}»', long)
    check_agent(
        '"defaultTimeout": «0.01»',
        'bad-timeout warning: "defaultTimeout" counts seconds: no agent answers within 0.01 of one.',
    )
    for seconds in ("0.1", "5", "1800", "3600"):
        check_agent(f'"defaultTimeout": {seconds}')


WHOLE = (
    'stream-flag warning: The request asks for a stream, whose pieces stand in "delta": this path reads whole answers.'
)
PIECES = (
    "stream-flag warning: The request asks for a whole answer: this path reads the pieces of a stream, "
    'which stand in "delta".'
)
ONE_PIECE = 'stream-flag information: The request asks for no stream, so "{}" shows the answer in one piece.'


def test_stream_flag_against_path():
    check_agent(
        '"connector": {"requestFormat": {"customFields": {"stream": true}}, '
        '"responseFormat": "$.choices[0].«message».content"}',
        WHOLE,
    )
    check_agent(
        r'"connector": {"requestFormat": "{\"fields\": {\"q\": \"$content\", \"stream\": false}}", '
        '"responseFormat": "$.choices[*].«delta».content"}',
        PIECES,
    )
    check_agent(
        '"provider": "openai", "parameters": {"stream": false}, "connector": {"responseFormat": "$.«delta».a"}', PIECES
    )


def test_stream_flag_against_what_is_shown():
    refusing = '"connector": {"requestFormat": {"customFields": {"stream": false}}}'
    check_agent(f'{refusing}, "responseAction": «"Stream"»', ONE_PIECE.format("Stream"))
    check_agent(f'{refusing}, "interactive": «"StreamDiff"»', ONE_PIECE.format("StreamDiff"))
    check_agent(f'{refusing}, "responseAction": "Direct"')


@pytest.mark.parametrize(
    ("flag", "path"),
    [
        ("true", "$.choices[0].delta.content"),
        ("true", "$.message.content"),  # as Ollama streams
        ("false", "$.choices[0].message.content"),
        ("false", "$.my-delta.x"),
        ("1", "$.choices[0].message.content"),
    ],
)
def test_flags_and_paths_that_agree(flag: str, path: str):
    check_agent(
        f'"connector": {{"requestFormat": {{"customFields": {{"stream": {flag}}}}}, "responseFormat": "{path}"}}'
    )


def test_unused_flow():
    said = 'unused-flow warning: "{}" has no effect with "responseAction": "{}", only with "Flow".'
    transition = '"transition"{}: [{{"source": "$.a", "target": "$.b"}}]'
    check_agent('«"flow"»: {"next": "b"}', said.format("flow", "Direct"))
    check_agent(
        '"responseAction": "Stream", «"transition"»: [{"source": "$.a", "target": "$.b"}]',
        said.format("transition", "Stream"),
    )
    check_agent(f'"responseAction": "Flow", {transition.format("")}, "flow": {{"next": "b"}}')
    check_agent('"transition": [], "flow": {}')


@pytest.mark.parametrize(
    ("path", "marked"),
    [
        ("$.a[?(@.b&&@.c)]", ["b&&@"]),
        ("$.a[0]x", ["x"]),
        ("$.x{0}", ["x{0}"]),
        ("a.b", [""]),
        ("$.a[0:4:2]", ["[0:4:2]"]),
        ("$.a[1:-1]", ["[1:-1]"]),
        ("$.a[?(@.b == /x/)]", ["=="]),
        ("$.a[?(@.b =~ 'x')]", ["'x'"]),
        ("$.a.length().b", [")"]),
        ("$.a[?($.b)]", ["$"]),
        ("$.a.len()", ["len"]),
        ("$.a［0］", ["a［0］"]),
        ("$.a[?(!@.b == 1)]", ["!"]),
        ("$.a[?(!($.b) || @.c[?(@.d&&@.e)])]", ["$", "d&&@"]),
        ("$[?(@.type == 'answer' && !(@.created_at))].content", []),
        ("$.choices[0].delta.content", []),
        ("$.a[-2:]", []),
        ("$.a[:-2]", []),
        ("$.a.length()", []),
        ("$.a.concat('x', $.b)", []),
        ("$['x{0}']", []),
        ("$.a-b", []),
        ("$.中文", []),
        ("$.a[?(@.b =~ /x/i)]", []),
        ("$[", []),
        ("$", []),
    ],
)
def test_hints_about_paths(path: str, marked: list[str]):
    assert [path[hint.span.start : hint.span.end] for hint in hints(path)] == marked


def test_odd_path():
    check_agent(
        '"connector": {"responseFormat": " $.é😀«[0:4:2]»"}',
        "odd-path warning: The step of a slice has no effect: every item is taken.",
    )
    check_agent(
        '"responseAction": "Flow", "transition": [{"source": "«a».b", "target": "$.c"}]',
        'odd-path information: This path begins without "$" and is read as if "$." stood before it.',
    )
    check_agent('"connector": {"responseFormat": "a.b", "dialect": "jsonpath-ng"}')


@pytest.mark.parametrize(
    ("path", "mended"), [("a.b", "$.a.b"), ("$.a[0]x", "$.a[0]"), ("$.a[?($.b)]", "$.a[?(@.b)]"), (".a", "$..a")]
)
def test_what_is_odd_can_be_mended(path: str, mended: str):
    text = f'{{{AGENT}, "connector": {{"responseFormat": "{path}"}}}}'
    (found,) = diagnose(text)
    assert fixed(text, found.fixes[0]) == text.replace(path, mended)


def test_one_defect_is_told_once():
    """Each of these would be the business of two rules."""
    for inside, code in (
        ('"auth": {"type": "Bearer", "token": "${TOKEN}"}', "bad-reference"),
        ('"auth": {"type": "Bearer", "token": "a${env:T}\\n"}', "bad-header"),
        ('"provider": "chaindesk", "connector": {"requestFormat": {"fields": {"q": "$content"}}}', "unused-connector"),
        ('"provider": "chaindesk", "connector": {"requestFormat": {"fields": {"stream": false}}}', "unused-connector"),
        (
            '"provider": "chaindesk", "responseAction": "Stream", '
            '"connector": {"requestFormat": {"customFields": {"stream": false}}, "responseFormat": "$.delta.text"}',
            "unused-connector",
        ),
        (REQUEST % '"fields": {"q": "$content"}, "customFields": {"q": "$contents"}', "ignored-key"),
        (REQUEST % '"customFields": {"messages": "$contents"}', "ignored-key"),
        ('"defaultTimeout": -1', "wrong-value"),
        ('"connector": {"responseFormat": "$.a[0"}', "response-format"),
        ('"responseAction": "flow", "flow": {"next": "x"}', "enum-case"),
    ):
        assert [found.code for found in diagnose(f"{{{AGENT}, {inside}}}")] == [code]


def test_related_places():
    text = f'{{{AGENT}, "responseAction": "WebView", "interactive": "ReplaceSelection"}}'
    (found,) = diagnose(text)
    assert text[found.related[0].span.start : found.related[0].span.end] == '"WebView"'
    assert found.severity is Severity.INFORMATION
