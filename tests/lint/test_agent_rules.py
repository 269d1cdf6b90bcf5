"""Rules about what the agent means: names, formats, tokens, models."""

from __future__ import annotations

from dragoman.agents.provider import provider_names
from linting import check, check_agent, diagnose


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
        '{"fields": {"a": 1}}',
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
        text = f'{{"name": "{name}", "url": "http://h/", "auth": {{"type": "Bearer", "token": "s3cret"}}}}'
        assert variable in diagnose(text)[-1].message
    for token in ("${env:X}", "user:${keyring:a/b}", " "):
        check_agent(f'"auth": {{"type": "Basic", "token": "{token}"}}')


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
