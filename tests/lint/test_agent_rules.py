"""Rules about what the agent means: names, formats, tokens, models."""

from __future__ import annotations

from dragoman.agents.built_in import provider_names
from linting import AGENT, check, check_agent, diagnose, fixed
from marked import unmark


def test_duplicate_name():
    other = 'duplicate-name error: Another agent of this file is named "docs" too: rename one of them.'
    agent = '{"name": %s, "url": "http://h/"}'
    docs, marked, different = (agent % name for name in ('"docs"', '«"docs"»', '"Docs"'))
    check(f"[{docs}, {different}, {marked}, {marked}]", other, other)
    assert diagnose(f"[{docs}, {docs}]")[0].related[0].span.start == 10


def test_names_are_compared_as_they_are_meant():
    check(
        r'[{"name": "é", "url": "http://h/"}, {"name": «"\u00e9"», "url": "http://h/"}]',
        'duplicate-name error: Another agent of this file is named "é" too: rename one of them.',
    )


def test_agents_without_a_name_are_no_duplicates():
    codes = [
        diagnostic.code
        for diagnostic in diagnose('[{"url": "http://h/"}, {"url": "http://h/"}, {"name": ""}, {"name": ""}]')
    ]
    assert "duplicate-name" not in codes


def test_request_format():
    inside = "request-format error: Inside requestFormat: "
    check_agent(
        r'"connector": {"requestFormat": "{\"a\": 1 «\"fields\"»: {}}"}', f"{inside}A comma is missing before this."
    )
    check_agent(r'"connector": {"requestFormat": "{\"a\": «1»"}', f"{inside}“}}” is missing: the text ends.")
    check_agent(
        r'"connector": {"requestFormat": "{\"fields\": {}«,»}"}', f"{inside}JSON allows no comma behind the last item."
    )
    check_agent(r'"connector": {"requestFormat": "{«' "'fields'" '»: {}}"}', f"{inside}Strings need double quotes.")
    check_agent(r'"connector": {"requestFormat": "{\n «// c»\n}"}', f"{inside}JSON has no comments.")
    check_agent('"connector": {"requestFormat": "«}»"}', f"{inside}There is no value here.")
    check_agent(
        '"connector": {"requestFormat": "«[]»"}',
        'request-format error: requestFormat must hold a JSON object: {"customFields": {…}} or {"fields": {…}}.',
    )


def test_what_a_request_format_may_be():
    for value in (
        '""',
        '"  "',
        '"{}"',
        "{}",
        r'"{\"customFields\": {\"a\": \"😀 \\\"quoted\\\"\"}}"',
        '{"fields": {"a": "$content"}}',
    ):
        check_agent(f'"connector": {{"requestFormat": {value}}}')


def test_the_keys_inside_a_request_format():
    check_agent(
        r'"connector": {"requestFormat": "{\"«customFeilds»\": {}, \"fields\": «1»}"}',
        'unknown-key warning: Unknown key "customFeilds": did you mean "customFields"?',
        'wrong-type error: "fields" must be an object { }.',
    )
    check_agent(
        r'"connector": {"requestFormat": "{\u0022\u0063ustomHeaders\": {\"X\": «5»}}"}',
        'wrong-type error: "X" must be text in double quotes.',
    )


def test_keys_that_occur_twice_inside_a_request_format():
    check_agent(
        r'"connector": {"requestFormat": "{«\"fields\"»: {}, \"fields\": {\"a\": \"$content\"}}"}',
        'duplicate-key warning: "fields" occurs again below, and only the last one counts.',
    )


def test_ignored_key():
    messages = 'ignored-key warning: "messages" is ignored here: it always holds the conversation.'
    fields = 'ignored-key warning: "customFields" has no effect beside "fields", which is the whole body.'
    check_agent('"connector": {"requestFormat": {"customFields": {"a": 1, «"messages"»: []}}}', messages)
    check_agent(r'"connector": {"requestFormat": "{\"customFields\": {«\"messages\"»: \"😀\"}}"}', messages)
    check_agent('"connector": {"requestFormat": {"fields": {}, «"customFields"»: {"messages": []}}}', fields)
    check_agent('"connector": {"requestFormat": {"fields": {"messages": "$history"}}}')
    check_agent('"connector": {"requestFormat": {"customFields": {"inner": {"messages": []}}}}')


def test_bad_header():
    bad = "bad-header error: This is no name of a header: only letters, digits and signs such as - may be in it."
    check_agent(
        '"connector": {"requestFormat": {"customHeaders": {"«a b»": "", "X-Y_1": "", "«é»": "", "«»": ""}}}', *[bad] * 3
    )
    check_agent(
        r'"connector": {"requestFormat": "{\"customHeaders\": {\"«a:b»\": \"x\", \"«c\\n»\": \"\"}}"}', bad, bad
    )


def test_response_format():
    for marked in ("$.choices[0«.»delta.content", "$.é😀[0«.»x", r"\u0024.a[0«.»x", "  $.choices[0«.»delta"):
        check_agent(
            f'"connector": {{"responseFormat": "{marked}"}}',
            "response-format error: Inside responseFormat: ] is missing here: an index is a whole number.",
        )


def test_what_a_response_format_may_be():
    for path in ("", " ", "$", "$.choices[0].delta.content", "$[?(@.type == 'answer' && !(@.created_at))].content"):
        check_agent(f'"connector": {{"responseFormat": "{path}"}}')


def test_the_dialect_decides_what_a_path_is():
    connector = '"connector": {"responseFormat": "$.a.`len`", "dialect": "%s"}'
    check_agent(connector % "jsonpath-ng")
    (diagnostic,) = diagnose(
        '{"name": "a", "url": "http://h/", "connector": {"responseFormat": "$[", "dialect": "jsonpath-ng"}}'
    )
    assert diagnostic.code == "response-format"


def test_unused_interactive():
    check_agent(
        '"responseAction": "TextChunk", "interactive": «"OnPaste"»',
        'unused-interactive information: "OnPaste" has no effect with "responseAction": "TextChunk": '
        "the answer becomes the input of the chat panel's next prompt.",
    )
    check_agent('"responseAction": "TextChunk", "interactive": "RightPanel"')
    check_agent('"responseAction": "Stream", "interactive": "ReplaceSelection"')
    check_agent('"interactive": "StreamDiff"')


def test_transition_path():
    inside = "transition-path error: Inside {}: ] is missing here: an index is a whole number."
    check_agent(
        '"responseAction": "Flow", "transition": [{"source": "$.é😀[0«.»x", "target": "$.a"}, '
        '{"source": "$", "target": "$[0«.»a"}]',
        inside.format("source"),
        inside.format("target"),
    )


def test_unprotected_token():
    said = "unprotected-token warning: The token can be read by everyone on the way: http:// does not encrypt it."
    auth = '"auth": {"type": "Bearer", "token": "${env:X}"}'
    for url in ("http://docs.example/", "HTTP://10.0.0.1:80", "http://localhost.example", "http://[2001:db8::1]/"):
        check(f'{{"name": "docs", "url": «"{url}"», {auth}}}', said)
    for url in (
        *("https://docs.example/", "http://127.0.0.2", "http://localhost:1/", "http://a.localhost./", "http://[::1]/"),
        *("${env:BASE}/x", "http://${env:HOST}/", "http://[::ffff:127.0.0.1]"),
    ):
        check(f'{{"name": "docs", "url": "{url}", {auth}}}')
    check('{"name": "docs", "url": "http://docs.example/"}')


def test_plain_token():
    readable = (
        "plain-token warning: The token can be read by everyone who sees this file: "
        "use ${{env:{}}} or ${{keyring:service/user}}."
    )
    check_agent('"auth": {"type": "Bearer", "token": «"s3cret"»}', readable.format("DOCS_TOKEN"))
    for name, variable in (
        ("My Docs!", "MY_DOCS_TOKEN"),
        ("4th", "AGENT_TOKEN"),
        ("", "AGENT_TOKEN"),
        ("助手", "AGENT_TOKEN"),
    ):
        text = f'{{"name": "{name}", "url": "https://h/", "auth": {{"type": "Bearer", "token": "s3cret"}}}}'
        assert variable in diagnose(text)[-1].message
    for token in ("${env:X}", "user:${keyring:a/b}", " "):
        check_agent(f'"auth": {{"type": "Basic", "token": "{token}"}}')


def test_a_plain_token_in_a_header():
    readable = (
        "plain-token warning: The token can be read by everyone who sees this file: "
        "use ${env:DOCS_TOKEN} or ${keyring:service/user}."
    )
    headers = '"connector": {"requestFormat": {"customHeaders": {%s}}}'
    check_agent(headers % '"Authorization": «"Bearer s3cret"», "x-api-key": «"s3cret"»', readable, readable)
    check_agent(headers % '"X-Team": "docs", "X-Token": "${env:X}", "Cookie": ""')
    inside = r'"connector": {"requestFormat": "{\"customHeaders\": {\"Authorization\": «\"Bearer s3cret\"»}}"}'
    check_agent(inside, readable)
    text, _ = unmark(f"{{{AGENT}, {inside}}}")
    (diagnostic,) = diagnose(text)
    assert fixed(text, diagnostic.fixes[0]) == text.replace("s3cret", "${env:DOCS_TOKEN}")


def test_no_sentence_repeats_the_token():
    for token in (
        '"s3cret"',
        "s3cret",
        "'s3cret'",
        '"s3cret',
        '"x" "s3cret"',
        "my s3cret",
        '"a\\qs3cret"',
        "1s3cret",
        "@s3cret",
        "[s3cret]",
    ):
        for text in (
            f'{{"name": "a", "url": "http://h/", "auth": {{"type": "Bearer", "token": {token}}}}}',
            f'{{"name": "a", "auth": {{"token": {token}\n, "type": "bearer"}}}}',
            f'{{"auth": {{"token" {token}',
        ):
            said = str([(diagnostic.message, diagnostic.fixes, diagnostic.related) for diagnostic in diagnose(text)])
            assert "s3cret" not in said, text


def test_unknown_model():
    model = '"provider": "chaindesk", "parameters": {"modelName": %s}'
    check_agent(
        model % '«"gpt_4o"»', 'unknown-model warning: The provider lists no model "gpt_4o": did you mean "gpt_4_o"?'
    )
    check_agent(
        model % '«"zzz"»', 'unknown-model warning: The provider lists no model "zzz": check the provider\'s list.'
    )
    check_agent(model % '"gpt_4_o"')
    check_agent('"parameters": {"modelName": "anything"}')


def test_unknown_provider():
    check_agent(
        '"provider": «"chain-desk"»',
        'unknown-provider error: There is no provider "chain-desk": did you mean "chaindesk"?',
    )
    (diagnostic,) = diagnose('{"name": "a", "url": "http://h/", "provider": "zzz"}')
    assert diagnostic.message == f'There is no provider "zzz": known are {", ".join(provider_names())}.'


def test_every_provider_there_is_may_be_named():
    for name in provider_names():
        check_agent(f'"provider": "{name}"')


def test_unused_connector():
    unused = 'unused-connector warning: "connector" has no effect with provider "chaindesk".'
    check_agent('"provider": "chaindesk", «"connector"»: {"responseFormat": "$"}', unused)
    check_agent('"provider": "custom", "connector": {"responseFormat": "$"}')
