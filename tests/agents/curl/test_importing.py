"""From a command to an agent, and from that to the request that the command makes."""

from __future__ import annotations

import json
import shlex
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman.agents.catalog import built_in_catalog
from dragoman.agents.curl.command import CurlError
from dragoman.agents.curl.importing import Imported, import_curl
from dragoman.agents.reader import read_agent
from dragoman.agents.writing import Layout, write_agent
from dragoman.chat.conversation import Conversation, TurnInput
from dragoman.chat.request import HttpRequest, build_request
from linting import diagnose, shown

SECRET = "sk-Zq81-secret"
ASK = [{"role": "user", "content": "Hi there"}]
BEARER = f"Authorization: Bearer {SECRET}"
A2A = {"role": "user", "messageId": "m1", "kind": "message", "parts": [{"kind": "text", "text": "Hi there"}]}
A2A_1 = {"role": "ROLE_USER", "messageId": "m1", "parts": [{"text": "Hi there"}]}

VENDORS: list[tuple[str, str, list[str], dict[str, Any]]] = [
    (
        "openai",
        "https://api.openai.com/v1/chat/completions",
        [BEARER],
        {"model": "gpt-4o", "messages": ASK, "stream": True},
    ),
    (
        "openai",
        "https://gateway.example/llm/v1/chat/completions",
        [BEARER],
        {
            "model": "m",
            "messages": [{"role": "system", "content": "Be brief."}, *ASK],
            "temperature": 0.2,
            "stream": False,
        },
    ),
    ("openai-responses", "https://api.openai.com/v1/responses", [BEARER], {"model": "gpt-4o", "input": "Hi there"}),
    (
        "anthropic",
        "https://api.anthropic.com/v1/messages",
        [f"x-api-key: {SECRET}", "anthropic-version: 2023-06-01"],
        {"model": "claude-sonnet-4-0", "max_tokens": 1024, "messages": ASK, "system": "Be brief."},
    ),
    ("ollama", "http://localhost:11434/api/chat", [], {"model": "llama3.2", "messages": ASK, "options": {"seed": 1}}),
    (
        "gemini",
        "https://generativelanguage.googleapis.com/v1beta/models/gemini-2.0-flash:streamGenerateContent?alt=sse",
        [f"x-goog-api-key: {SECRET}"],
        {
            "contents": [{"role": "user", "parts": [{"text": "Hi there"}]}],
            "generationConfig": {"temperature": 1},
            "systemInstruction": {"parts": [{"text": "Be brief."}]},
        },
    ),
    (
        "azure-openai",
        "https://mine.openai.azure.com/openai/deployments/gpt/chat/completions?api-version=2024-10-21",
        [f"api-key: {SECRET}"],
        {"messages": ASK, "stream": True},
    ),
    (
        "openrouter",
        "https://openrouter.ai/api/v1/chat/completions",
        [BEARER],
        {"model": "openrouter/auto", "messages": ASK},
    ),
    ("deepseek", "https://api.deepseek.com/chat/completions", [BEARER], {"model": "deepseek-chat", "messages": ASK}),
    ("lmstudio", "http://localhost:1234/v1/chat/completions", [], {"model": "qwen3-8b", "messages": ASK}),
    ("vllm", "http://localhost:8000/v1/chat/completions", [], {"model": "Qwen/Qwen3-8B", "messages": ASK}),
    (
        "openwebui",
        "http://localhost:3000/api/chat/completions",
        [BEARER],
        {"model": "llama3.2:latest", "messages": ASK},
    ),
    (
        "fastgpt",
        "https://fastgpt.example/api/v1/chat/completions",
        [BEARER],
        {"chatId": "c1", "stream": True, "detail": False, "variables": {"uid": "1"}, "messages": ASK},
    ),
    (
        "dify",
        "https://dify.example/v1/chat-messages",
        [BEARER],
        {
            "inputs": {"lang": "en"},
            "query": "Hi there",
            "response_mode": "streaming",
            "conversation_id": "",
            "user": "u1",
        },
    ),
    (
        "coze",
        "https://api.coze.cn/v3/chat",
        [BEARER],
        {
            "bot_id": "734829333445931****",
            "user_id": "123",
            "stream": True,
            "auto_save_history": True,
            "additional_messages": [{"role": "user", "content": "Hi there", "content_type": "text"}],
        },
    ),
    (
        "chaindesk",
        "https://app.chaindesk.ai/api/agents/cly1/query",
        [BEARER],
        {"query": "Hi there", "streaming": True, "temperature": 0.5, "modelName": "gpt_4o_mini", "visitorId": "v"},
    ),
    (
        "langgraph",
        "http://localhost:2024/runs/stream",
        [f"x-api-key: {SECRET}"],
        {"assistant_id": "agent", "input": {"messages": ASK}, "stream_mode": ["messages-tuple"]},
    ),
    ("langserve", "http://localhost:8000/joke/stream", [], {"input": "Hi there", "config": {}}),
    (
        "flowise",
        "http://localhost:3000/api/v1/prediction/f-1",
        [BEARER],
        {"question": "Hi there", "streaming": True, "overrideConfig": {"sessionId": "s", "vars": {"a": 1}}},
    ),
    (
        "n8n",
        "https://n8n.example/webhook/abc/chat",
        [],
        {"action": "sendMessage", "sessionId": "s1", "chatInput": "Hi there"},
    ),
    (
        "anythingllm",
        "http://localhost:3001/api/v1/workspace/docs/stream-chat",
        [BEARER],
        {"message": "Hi there", "mode": "query", "sessionId": "s1"},
    ),
    (
        "a2a",
        "https://agent.example/",
        [BEARER],
        {"jsonrpc": "2.0", "id": "r1", "method": "message/send", "params": {"message": A2A}},
    ),
    (
        "a2a-1.0",
        "https://agent.example/rpc",
        [BEARER],
        {"jsonrpc": "2.0", "id": "r1", "method": "SendStreamingMessage", "params": {"message": A2A_1}},
    ),
    (
        "custom",
        "https://acme.example/api/ask",
        [f"X-Acme-Token: {SECRET}", "X-Team: blue"],
        {"question": "Hi there", "options": {"top": [1, None]}, "session_id": "s1", "conversation_id": None},
    ),
    (
        "custom",
        "https://acme.example/llm",
        [BEARER],
        {"model": "m", "messages": [{"author": "user", "text": "Hi there"}]},
    ),
    (
        "custom",
        "https://acme.example/llm",
        [f"Authorization: {SECRET}"],
        {"request": {"items": [{"text": "Hi there"}]}},
    ),
]
IDS = {"chatId", "user", "user_id", "visitorId", "sessionId", "session_id", "conversation_id", "id", "messageId"}


def imported(command: str, **more: Any) -> Imported:
    return import_curl(command, built_in_catalog(), **more)


def curl(url: str, headers: list[str], body: dict[str, Any]) -> str:
    given = " \\\n  ".join(f"--header '{header}'" for header in ["Content-Type: application/json", *headers])
    quoted = json.dumps(body).replace("'", "'\\''")
    return f"curl -X POST '{url}' \\\n  {given} \\\n  -d '{quoted}'"


def request_of(agent: dict[str, Any], prompt: str) -> HttpRequest:
    read = read_agent(agent)
    definition = built_in_catalog().definition(read.provider)
    assert definition is not None
    return build_request(TurnInput(read, definition, prompt, Conversation("c", "s")))


def without_ids(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: without_ids(item) for key, item in value.items() if key not in IDS}
    return [without_ids(item) for item in value] if isinstance(value, list) else value


@pytest.mark.parametrize(("provider", "url", "headers", "body"), VENDORS, ids=[f"{v[0]} {v[1]}" for v in VENDORS])
def test_the_agent_asks_as_the_command_does(
    provider: str, url: str, headers: list[str], body: dict[str, Any], monkeypatch: pytest.MonkeyPatch
):
    found = imported(curl(url, headers, body))
    assert found.agent.get("provider", "custom") == provider

    text = write_agent(found.agent, Layout())
    assert [shown(diagnostic) for diagnostic in diagnose(text)] == []
    assert SECRET not in text + repr(found)

    assert len(found.variables) == (1 if SECRET in "".join(headers) else 0)
    for variable in found.variables:
        monkeypatch.setenv(variable, SECRET)
    request = request_of(found.agent, "Hi there")
    assert str(request.address.url) == url
    sent = {name.lower(): value for name, value in request.headers}
    for header in headers:
        name, _, value = header.partition(": ")
        assert sent[name.lower()] == value
    wanted, made = without_ids(body), without_ids(json.loads(request.body))
    streamed = {key: value for key, value in made.items() if key not in ("stream", "streaming") or key in wanted}
    constants = {"detail", "kwargs"} - {*wanted}
    assert {key: value for key, value in streamed.items() if key not in constants} == wanted


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({"input": {"text": "x"}}, {"input": {"text": "$content"}}),
        ({"text": "x", "query": "y"}, {"text": "x", "query": "$content"}),
        ({"a": [{"text": "1"}, {"text": "2"}]}, {"a": [{"text": "1"}, {"text": "$content"}]}),
        (
            {"q": "x", "threadId": "7", "session_uuid": ""},
            {"q": "$content", "threadId": "$conversationId", "session_uuid": "$sessionId"},
        ),
    ],
)
def test_where_the_prompt_goes(body: dict[str, Any], fields: dict[str, Any]):
    found = imported(curl("https://acme.example/x", [], body))
    assert found.agent["connector"] == {"requestFormat": {"fields": fields}}


def test_every_secret_becomes_a_variable_of_its_own():
    body = {"question": "x", "api_key": "SECRET-3", "max_tokens": 5}
    command = curl(
        "https://u:SECRET-0@acme.example/x?key=SECRET-1&v=2", ["Cookie: sid=SECRET-2", "X-Api-Key: SECRET-4"], body
    )
    found = imported(command, name="Acme")
    assert found.agent == {
        "name": "Acme",
        "url": "https://acme.example/x?key=${env:ACME_API_KEY_3}&v=2",
        "auth": {"type": "ApiKey", "token": "${env:ACME_API_KEY}"},
        "connector": {
            "requestFormat": {
                "fields": {"question": "$content", "api_key": "${env:ACME_API_KEY_2}", "max_tokens": 5},
                "customHeaders": {"Cookie": "${env:ACME_COOKIE}"},
            }
        },
    }
    assert [*found.variables] == ["ACME_API_KEY", "ACME_COOKIE", "ACME_API_KEY_2", "ACME_API_KEY_3"]
    assert "SECRET" not in json.dumps(found.agent) + repr(found)


@pytest.mark.parametrize(
    ("option", "auth"),
    [
        ('-H "Authorization: Bearer $TOKEN"', {"type": "Bearer", "token": "${env:TOKEN}"}),
        ("-H 'Authorization: Bearer ${TOKEN}'", {"type": "Bearer", "token": "${env:TOKEN}"}),
        ("-H 'authorization: bearer abc'", {"type": "Bearer", "token": "${env:ACME_EXAMPLE_API_KEY}"}),
        ("-H 'Authorization: Basic dTpw'", {"type": "Basic", "token": "${env:ACME_EXAMPLE_LOGIN}"}),
        ("-u u:p", {"type": "Basic", "token": "${env:ACME_EXAMPLE_LOGIN}"}),
        ("--oauth2-bearer abc", {"type": "Bearer", "token": "${env:ACME_EXAMPLE_API_KEY}"}),
        ("-H 'X-API-KEY: abc'", {"type": "ApiKey", "token": "${env:ACME_EXAMPLE_API_KEY}"}),
        ("-H 'api-key: abc'", {"type": "ApiKey", "token": "${env:ACME_EXAMPLE_API_KEY}", "header": "api-key"}),
    ],
)
def test_who_asks(option: str, auth: dict[str, str]):
    assert imported(f'curl https://acme.example/x {option} -d \'{{"q": "x"}}\'').agent["auth"] == auth


def test_each_guess_is_told():
    body = {"bot_id": "b", "user_id": "u", "additional_messages": ASK}
    command = curl("https://api.coze.com/v3/chat?conversation_id=7&x=1", ["sec-ch-ua: x", "X-Tenant: t"], body)
    found = imported(f"{command} -k -m 20 --foo | jq")
    assert found.agent == {
        "name": "Coze",
        "provider": "coze",
        "url": "https://api.coze.com/v3/chat?x=1",
        "parameters": {"bot_id": "b"},
        "defaultTimeout": 20,
    }
    assert found.notes == (
        "It is taken for “Coze”, provider coze, by its host and the shape of its body.",
        "Kept as parameters: bot_id.",
        "Left to Dragoman, which has its own for each conversation: user_id.",
        "Left out, since provider coze says which headers are sent: X-Tenant.",
        "Left out, since every client chooses its own: sec-ch-ua.",
        "The time limit of the command is kept, as defaultTimeout.",
        "-k is not taken over: Dragoman checks certificates. SSL_CERT_FILE names an authority of your own.",
        "Not taken over: --foo.",
        "Only the first curl command is taken; what stands behind it is left out.",
    )


@pytest.mark.parametrize(
    ("command", "why"),
    [
        ("dragoman serve", "There is no curl command"),
        ("curl http://h/ -d 'a=b'", "The data of the command are no JSON object"),
        ("curl http://h/ -d '[1]'", "The data of the command are no JSON object"),
        ("curl http://h/ -d '{\"n\": 5}'", "No prompt is found in the body"),
    ],
)
def test_a_command_that_is_no_agent(command: str, why: str):
    with pytest.raises(CurlError, match=f"^{why}"):
        imported(command)


@given(
    st.lists(
        st.text(max_size=8)
        | st.sampled_from(
            [
                "-d",
                "-H",
                "Authorization: ",
                "https://",
                "http://[",
                "${A}",
                "-u",
                '{"query": "x", "key": "k"}',
                "$'",
                '"',
            ]
        )
    )
)
def test_any_command_becomes_an_agent_or_a_sentence(pieces: list[str]):
    for text in (" ".join(pieces), shlex.join(pieces)):
        try:
            found = imported(f'curl https://h.example/ -d \'{{"q": "x"}}\' {text}')
        except CurlError:
            continue
        assert json.loads(write_agent(found.agent, Layout())) == found.agent
