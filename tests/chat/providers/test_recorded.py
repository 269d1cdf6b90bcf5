"""A conversation with an agent of each kind, recorded in `recorded/`: a turn that is answered and one that fails.

A recording is a status, a content type, an empty line, and the body. All answers are “Sort it.” as far as their
kind lets them, so that a line of the table tells only what is special.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from chat_turns import ask, consume, start
from dragoman.agents.built_in import provider_names
from dragoman.chat.events import Source, StopReason, TurnOutcome, Usage
from dragoman.chat.sessions import Sessions
from http_agent import Asked, HttpAgent, Reply

FOLDER = Path(__file__).parent / "recorded"

USER_1 = {"role": "user", "content": "1"}
GUIDE = Source("Guide", "https://example.org/guide", "Sort first.")


@dataclass(frozen=True)
class Kind:
    """What is special about agents of one kind. `asked` and `then` are the bodies of the two requests."""

    asked: dict[str, Any]
    then: dict[str, Any]
    said: str
    config: dict[str, Any] = field(default_factory=dict)
    path: str = "/chat"
    target: str = "/chat"
    second_target: str = ""
    headers: Mapping[str, str] = field(default_factory=lambda: {"authorization": "Bearer secret-key"})
    auth: str = "Bearer"
    text: str = "Sort it."
    reasoning: str = ""
    follow_ups: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()
    usage: Usage | None = None
    stop: StopReason = StopReason.COMPLETED
    partial: str = "So"
    learned: Mapping[str, str] = field(default_factory=dict)


def messages(answer: str = "Sort it.") -> list[dict[str, str]]:
    return [USER_1, {"role": "assistant", "content": answer}, {"role": "user", "content": "2"}]


def completions(said: str, parameters: Mapping[str, Any] | None = None, **special: Any) -> Kind:
    """An agent that is asked as OpenAI's chat completions are, and answers with a usage."""
    given = {"model": "m"} if parameters is None else parameters
    return Kind(
        asked={"messages": [USER_1], "stream": True, **given},
        then={"messages": messages(), "stream": True, **given},
        said=said,
        **{"config": {"parameters": given}, "usage": Usage(12, 3, 15), **special},
    )


def a2a(method: str, role: str, extra: dict[str, str], part: dict[str, str]) -> Kind:
    def body(prompt: str, **context: str) -> dict[str, Any]:
        message = {**extra, "role": role, "messageId": "NEW", "parts": [{**part, "text": prompt}], **context}
        return {"jsonrpc": "2.0", "id": "NEW", "method": method, "params": {"message": message}}

    return Kind(
        asked=body("1"),
        then=body("2", contextId="x-1"),
        said="The tool is broken.",
        reasoning="A list.",
        learned={"contextId": "x-1"},
    )


def flowise(prompt: str, **chat: Any) -> dict[str, Any]:
    return {"question": prompt, "streaming": True, **chat}


def coze(prompt: str) -> dict[str, Any]:
    message = {"role": "user", "content_type": "text", "content": prompt}
    return {"bot_id": "7", "user_id": "SESSION", "stream": True, "additional_messages": [message]}


def dify(prompt: str, **conversation: str) -> dict[str, Any]:
    return {"inputs": {"a": 1}, "query": prompt, "response_mode": "streaming", "user": "me", **conversation}


def fastgpt(prompt: str) -> dict[str, Any]:
    message = {"role": "user", "content": prompt}
    return {"chatId": "SESSION", "detail": True, "stream": True, "messages": [message]}


def gemini(*turns: tuple[str, str]) -> dict[str, Any]:
    contents = [{"role": role, "parts": [{"text": text}]} for role, text in turns]
    return {"contents": contents, "systemInstruction": {"parts": [{"text": "Be brief."}]}}


KINDS = {
    "custom": Kind(
        {"messages": [USER_1]},
        {"messages": messages()},
        "The model went away.",
        reasoning="A list.",
        learned={"conversationId": "s-1"},
    ),
    "chaindesk": Kind(
        {"query": "1", "streaming": True},
        {"query": "2", "streaming": True, "conversationId": "conv1", "visitorId": "vis1"},
        "USAGE_LIMIT",
        text="Sort it: done.",
        sources=(GUIDE,),
        usage=Usage(12, 3, 15),
        learned={"conversationId": "conv1", "visitorId": "vis1"},
    ),
    "dify": Kind(
        dify("1"),
        dify("2", conversation_id="d-1"),
        "Your quota has been exhausted.",
        config={"parameters": {"inputs": {"a": 1}, "user": "me"}},
        text="I cannot say.",
        reasoning="Look it up.",
        sources=(Source("Guide", None, "Sort first."),),
        usage=Usage(12, 3, 15),
        learned={"conversation_id": "d-1"},
    ),
    "coze": Kind(
        coze("1"),
        coze("2"),
        "event interval error",
        config={"parameters": {"bot_id": "7"}},
        second_target="/chat?conversation_id=z-1",
        reasoning="A list.",
        follow_ups=("How fast is it?", "Is it stable?"),
        usage=Usage(12, 3, 15),
        learned={"conversation_id": "z-1"},
    ),
    "openai": completions("The server had an error.", stop=StopReason.MAX_TOKENS),
    "azure-openai": completions(
        "The prompt was filtered.",
        {},
        config={"parameters": {"deployment": "d 1"}},
        path="/openai/deployments/{deployment}/chat/completions?api-version=2024-10-21",
        target="/openai/deployments/d%201/chat/completions?api-version=2024-10-21",
        auth="ApiKey",
        headers={"api-key": "secret-key"},
        stop=StopReason.REFUSED,
        partial="",
    ),
    "openrouter": completions("Provider disconnected.", reasoning="A list."),
    "deepseek": completions("Insufficient Balance", reasoning="A list.", partial=""),
    "lmstudio": completions("Trying to keep the first 9000 tokens", auth="", headers={}, partial=""),
    "vllm": completions("The engine stopped.", reasoning="A list."),
    "openwebui": completions(
        "The model is not loaded.", sources=(Source("guide.md", "https://example.org/guide", "Sort first."),)
    ),
    "fastgpt": Kind(fastgpt("1"), fastgpt("2"), "You may not use this app.", reasoning="A list."),
    "openai-responses": Kind(
        {"input": "1", "stream": True, "model": "m", "instructions": "Be brief."},
        {"input": "2", "stream": True, "model": "m", "instructions": "Be brief.", "previous_response_id": "resp_1"},
        "The model failed.",
        config={"parameters": {"model": "m"}, "system": "Be brief."},
        reasoning="A list.",
        usage=Usage(12, 3, 15),
        stop=StopReason.MAX_TOKENS,
        learned={"response_id": "resp_1"},
    ),
    "anthropic": Kind(
        {"system": "Be brief.", "messages": [USER_1], "max_tokens": 9, "stream": True, "model": "m"},
        {"system": "Be brief.", "messages": messages(), "max_tokens": 9, "stream": True, "model": "m"},
        "Overloaded",
        config={"parameters": {"model": "m", "max_tokens": 9}, "system": "Be brief."},
        auth="ApiKey",
        headers={"x-api-key": "secret-key", "anthropic-version": "2023-06-01"},
        reasoning="A list.",
        usage=Usage(12, 3),
        stop=StopReason.MAX_TOKENS,
    ),
    "ollama": completions(
        "an error was encountered",
        auth="",
        headers={},
        reasoning="A list.",
        usage=Usage(12, 3),
        stop=StopReason.MAX_TOKENS,
    ),
    "gemini": Kind(
        gemini(("user", "1")),
        gemini(("user", "1"), ("model", "Sort it."), ("user", "2")),
        "The model is overloaded.",
        config={"parameters": {"model": "g/1"}, "system": "Be brief."},
        path="/models/{model}:stream",
        target="/models/g%2F1:stream?alt=sse",
        auth="ApiKey",
        headers={"x-goog-api-key": "secret-key"},
        reasoning="A list.",
        sources=(Source("Guide", "https://example.org/guide"),),
        usage=Usage(12, 3, 15),
        stop=StopReason.MAX_TOKENS,
    ),
    "langserve": Kind(
        {"input": "1", "config": {"tags": ["t"]}, "kwargs": {}},
        {"input": "2", "config": {"tags": ["t"]}, "kwargs": {}},
        "Internal Server Error",
        config={"parameters": {"config": {"tags": ["t"]}}},
    ),
    "langgraph": Kind(
        {"input": {"messages": [USER_1]}, "stream_mode": ["messages"], "assistant_id": "a"},
        {"input": {"messages": messages()}, "stream_mode": ["messages"], "assistant_id": "a"},
        "Recursion limit of 25 reached.",
        config={"parameters": {"assistant_id": "a", "stream_mode": ["messages"], "input": {"messages": []}}},
        auth="ApiKey",
        headers={"x-api-key": "secret-key"},
        reasoning="A list.",
        usage=Usage(12, 3, 15),
    ),
    "flowise": Kind(
        flowise("1", overrideConfig={"temperature": 1}),
        flowise("2", overrideConfig={"temperature": 1, "sessionId": "f-1"}, chatId="f-1"),
        "401 Incorrect API key",
        config={"parameters": {"overrideConfig": {"temperature": 1}}},
        sources=(Source("guide.md", None, "Sort first."),),
        learned={"chatId": "f-1", "sessionId": "f-1"},
    ),
    "n8n": Kind(
        {"action": "sendMessage", "sessionId": "SESSION", "chatInput": "1"},
        {"action": "sendMessage", "sessionId": "SESSION", "chatInput": "2"},
        "The model refused the key.",
    ),
    "anythingllm": Kind(
        {"message": "1", "mode": "query", "sessionId": "SESSION"},
        {"message": "2", "mode": "query", "sessionId": "SESSION"},
        "No language model is set up.",
        config={"parameters": {"mode": "query", "slug": "w"}},
        path="/workspace/{slug}/stream-chat",
        target="/workspace/w/stream-chat",
        sources=(Source("guide.md", "https://example.org/guide", "Sort first."),),
        usage=Usage(12, 3, 15),
    ),
    "a2a": a2a("message/stream", "user", {"kind": "message"}, {"kind": "text"}),
    "a2a-1.0": a2a("SendStreamingMessage", "ROLE_USER", {}, {}),
}


def test_every_kind_is_recorded() -> None:
    assert set(KINDS) == set(provider_names())
    recorded = {file.stem for file in FOLDER.glob("*.txt")}
    assert recorded == {f"{name}.{part}" for name in KINDS for part in ("answer", "error")}


@pytest.mark.parametrize("name", KINDS)
async def test_a_recorded_conversation(name: str) -> None:
    kind = KINDS[name]
    with HttpAgent(recorded(f"{name}.answer"), recorded(f"{name}.error")) as http:
        auth = {"auth": {"type": kind.auth, "token": "secret-key"}} if kind.auth else {}
        config = {"provider": name, **auth, **kind.config}
        sessions = Sessions()
        answered, failed = [
            (await consume(start(sessions, http.base + kind.path, config, prompt, conversation_id="c"))).outcome
            for prompt in ("1", "2")
        ]
        conversation = sessions.conversation("c")
        await sessions.aclose()
    first, second = http.requests
    assert (first.target, second.target) == (kind.target, kind.second_target or kind.target)
    assert kind.headers.items() <= first.headers.items()
    session_id = conversation.session_id
    assert (body_of(first, session_id), body_of(second, session_id)) == (kind.asked, kind.then)
    assert (answered.error, answered.text, answered.reasoning) == (None, kind.text, kind.reasoning)
    assert (answered.follow_ups, answered.sources) == (kind.follow_ups, kind.sources)
    assert (answered.usage, answered.stop_reason) == (kind.usage, kind.stop)
    assert failed.error is not None
    assert kind.said in (failed.error.agent_message or failed.error.message)
    assert failed.text == kind.partial
    assert kind.learned.items() <= conversation.values_of("a").items()


@pytest.mark.parametrize("name", ["anthropic", "openai-responses", "chaindesk"])
async def test_a_stream_that_stops_before_its_end_was_cut(name: str) -> None:
    whole = recorded(f"{name}.answer")
    assert isinstance(whole.body, bytes)
    events = whole.body.split(b"\n\n")
    outcome = await answer_to(name, Reply(b"\n\n".join(events[:-3]) + b"\n\n", headers=whole.headers))
    assert (outcome.text[:4], outcome.incomplete, outcome.stop_reason) == ("Sort", True, StopReason.ERROR)


def recorded(name: str) -> Reply:
    head, _, body = (FOLDER / f"{name}.txt").read_bytes().partition(b"\n\n")
    status, _, content_type = head.decode().partition(" ")
    return Reply(body, int(status), {"Content-Type": content_type})


def body_of(asked: Asked, session_id: str) -> Any:
    """The body of a request, with names for what is new each time."""
    body = json.loads(asked.body.decode().replace(session_id, "SESSION"))
    if "jsonrpc" in body:
        assert body["id"] == body["params"]["message"]["messageId"]
        body["id"] = body["params"]["message"]["messageId"] = "NEW"
    return body


async def answer_to(name: str, reply: Reply) -> TurnOutcome:
    with HttpAgent(reply) as http:
        return (await ask(http, {"provider": name})).outcome
