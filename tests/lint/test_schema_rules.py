"""Rules about what the schema asks for: keys, types, values."""

from __future__ import annotations

from linting import AGENT, check, check_agent, diagnose

FREE_KEYS = (
    "description, provider, auth, connector, responseAction, interactive, parameters, system, enabled, "
    "defaultTimeout, icon, transition, flow, $schema"
)


def test_missing_key():
    check('{"name": «"docs"»}', 'missing-key error: "url" is missing: the agent needs it.')
    check('«{»"url": "http://h/"}', 'missing-key error: "name" is missing: the agent needs it.')
    check('[{"name": «"a"»}]', 'missing-key error: "url" is missing: the agent needs it.')
    check_agent('"auth": «{»"type": "Basic"}', 'missing-key error: "token" is missing: "auth" needs it.')
    check_agent(
        '"responseAction": "Flow", "transition": [«{»"source": "$"}]',
        'missing-key error: "target" is missing: each entry of "transition" needs it.',
    )


def test_a_key_without_its_value_is_told_by_the_syntax_alone():
    check('{"name": "docs", "url":«}»', 'syntax error: The value of "url" is missing.')
    check('{"name": "docs", "url": «@»}', "syntax error: This is no JSON value: text needs double quotes.")


def test_unknown_key():
    check_agent(
        '"«respnseAction»": "Direct"',
        'unknown-key warning: Unknown key "respnseAction": did you mean "responseAction"?',
    )
    check_agent(
        '"«response_action»": "Direct"',
        'unknown-key warning: Unknown key "response_action": did you mean "responseAction"?',
    )
    check_agent('"«zzz»": 1', f'unknown-key warning: Unknown key "zzz"; known here: {FREE_KEYS}.')
    check_agent(
        '"responseAction": "Flow", "flow": {"«nxt»": "a"}',
        'unknown-key warning: Unknown key "nxt": did you mean "next"?',
    )
    check_agent(
        '"connector": {"requestFormat": {"«customHeader»": {}}}',
        'unknown-key warning: Unknown key "customHeader": did you mean "customHeaders"?',
    )


def test_a_misspelt_key_is_not_told_as_missing_too():
    check('{"«nmae»": "a", "url": "http://h/"}', 'unknown-key warning: Unknown key "nmae": did you mean "name"?')
    check('{"name": "a", "«ulr»": "http://h/"}', 'unknown-key warning: Unknown key "ulr": did you mean "url"?')


def test_a_key_one_level_too_high():
    check_agent(
        '"«responseFormat»": "$"',
        'unknown-key warning: Unknown key "responseFormat": did you mean "responseFormat" inside "connector"?',
    )
    check_agent('"«token»": "x"', 'unknown-key warning: Unknown key "token": did you mean "token" inside "auth"?')
    check_agent(
        '"provider": "chaindesk", "«maxToken»": 5',
        'unknown-key warning: Unknown key "maxToken": did you mean "maxTokens" inside "parameters"?',
    )


def test_deprecated_key():
    check_agent(
        '"provider": "chaindesk", "parameters": {«"promptType"»: "raw"}',
        'deprecated-key warning: "promptType" is deprecated. Use systemPrompt and userPrompt.',
    )
    check_agent('"parameters": {"promptType": "raw"}')


def test_wrong_type():
    check_agent('"enabled": «"yes"»', 'wrong-type error: "enabled" must be true or false.')
    check_agent('"auth": «"x"»', 'wrong-type error: "auth" must be an object { }.')
    check_agent('"transition": «{}»', 'wrong-type error: "transition" must be an array [ ].')
    check_agent('"responseAction": "Flow", "transition": [«1»]', "wrong-type error: This must be an object { }.")
    check_agent('"defaultTimeout": «"5"»', 'wrong-type error: "defaultTimeout" must be a number.')
    check_agent(f'"defaultTimeout": «[1{"0" * 400}]»', 'wrong-type error: "defaultTimeout" must be a number.')
    check_agent(
        '"connector": {"requestFormat": «5»}',
        'wrong-type error: "requestFormat" must be text in double quotes or an object { }.',
    )
    check("[«1», «[]», «null»]", *["wrong-type error: An agent is an object { }."] * 3)


def test_a_value_of_the_wrong_type_has_nothing_else_wrong():
    check_agent('"responseAction": «1»', 'wrong-type error: "responseAction" must be text in double quotes.')
    check(
        '{"name": «null», "url": «[]»}',
        *[f'wrong-type error: "{key}" must be text in double quotes.' for key in ("name", "url")],
    )


def test_wrong_value():
    check_agent(
        '"interactive": «"RihgtPanel"»',
        'wrong-value error: "interactive" has no value "RihgtPanel": did you mean "RightPanel"?',
    )
    check_agent(
        '"auth": {"type": «"zzz"», "token": "${env:X}"}',
        'wrong-value error: "type" must be one of: Bearer, ApiKey, Basic.',
    )
    check_agent('"defaultTimeout": «0»', 'wrong-value error: "defaultTimeout" must be more than 0.')
    check('{"name": «""», "url": "http://h/"}', 'wrong-value error: "name" must not be empty.')
    check_agent(
        '"auth": {"type": "ApiKey", "token": "${env:X}", "header": «"a b"»}',
        'wrong-value error: "header" holds characters that may not stand there.',
    )
    check_agent(
        '"provider": "chaindesk", "parameters": {"temperature": «1.5», "presencePenalty": «-3»}',
        'wrong-value error: "temperature" must be at most 1.',
        'wrong-value error: "presencePenalty" must be at least -2.',
    )


def test_a_line_end_in_what_becomes_a_header_is_refused():
    for value in (r"a\n", r"a\r\nX-Evil: b", r"\n", r"\u0000"):
        for agent, code in (
            ('"auth": {{"type": "ApiKey", "token": "{}${{env:X}}"}}', "bad-header"),
            ('"auth": {{"type": "ApiKey", "token": "${{env:X}}", "header": "{}"}}', "wrong-value"),
            ('"connector": {{"requestFormat": {{"customHeaders": {{"X-A": "{}"}}}}}}', "bad-header"),
        ):
            said = diagnose(f"{{{AGENT}, {agent.format(value)}}}")
            assert [diagnostic.code for diagnostic in said] == [code], (agent, value)


def test_enum_case():
    check_agent('"responseAction": «"direct"»', 'enum-case error: "direct" must be written "Direct".')
    check_agent('"interactive": «"CHATPANEL"»', 'enum-case error: "CHATPANEL" must be written "ChatPanel".')
    check_agent(
        '"auth": {"type": «" bearer "», "token": "${env:X}"}', 'enum-case error: " bearer " must be written "Bearer".'
    )


def test_bad_url():
    wrong = 'bad-url error: "url" must begin with http:// or https:// and name a host.'
    for url in ("127.0.0.1:8765/chat", "ftp://h/", "http:/h", "http:///x", "http://", " http://h/", "localhost"):
        check(f'{{"name": "docs", "url": «"{url}"»}}', wrong)
    check('{"name": "docs", "url": «""»}', 'bad-url error: "url" must not be empty.')
    cannot = 'bad-url error: "url" names a host or a port that cannot be.'
    for url in (
        "http://h:99999/",
        "http://h:0/",
        "http://h:x",
        "http://a b/",
        "http://[::zz]/",
        "http://:80/",
    ):
        check(f'{{"name": "docs", "url": «"{url}"»}}', cannot)
    for url in (r"http://h\n/", r"http://h/a\tb"):
        check(
            f'{{"name": "docs", "url": «"{url}"»}}',
            'bad-url error: "url" holds a line end or another character that no url can have.',
        )
    for url in ("http://169.254.169.254/latest", "https://[fe80::1]/", "http://[::ffff:169.254.1.1]"):
        check(
            f'{{"name": "docs", "url": «"{url}"»}}',
            'bad-url error: "url" is a link-local address, which is not asked.',
        )
    for url in (
        "http://h:${env:PORT}/",
        "http://a@${env:HOST}",
        "http://h?a b",
        "http://h/${env:A}:b c",
        "http://助手/",
    ):
        check(f'{{"name": "docs", "url": "{url}"}}')
    for url in ("http://h", "HTTPS://h:1/x?y#z", "${env:BASE}/chat", "http://${env:HOST}/", "http://[::1]:80/"):
        check(f'{{"name": "docs", "url": "{url}"}}')


def test_a_whole_number_is_wanted():
    check_agent(
        '"provider": "anthropic", "parameters": {"max_tokens": «"9"»}',
        'wrong-type error: "max_tokens" must be a whole number.',
    )
