"""An OpenAI-shaped agent: chat completions, streamed or whole. The client keeps the history and sends it each time."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from dragoman.example_agent.answers import tokens
from dragoman.example_agent.exchange import Refusal, Reply, Request, compact
from dragoman.example_agent.shape import JsonObject, Question, Script, object_list

TITLE: str = "POST /v1/chat/completions    OpenAI-shaped chat completions"
ROUTE = re.compile(r"/v1/chat/completions|/api/agent/[^/]+")
"""The second is the address in the documentation of AutoDev, so that the example printed there has an answer."""

_ERROR_TYPES = {401: "invalid_api_key", 402: "insufficient_quota", 500: "server_error"}


def read(request: Request, body: JsonObject, turns: Mapping[str, int]) -> Question:
    """The last user message is the prompt; the turn is the number of user messages."""
    prompts = [message.get("content") for message in object_list(body, "messages") if message.get("role") == "user"]
    if not prompts or not isinstance(prompts[-1], str):
        raise Refusal(400, "“messages” must hold a message of the role “user” with a string as its “content”.")
    model = str(body.get("model") or "example")
    return Question(prompts[-1], turn=len(prompts), streaming=body.get("stream") is True, addressee=model)


def how_read(question: Question) -> str:
    """The path depends on whether the answer is streamed."""
    part = "delta" if question.streaming else "message"
    pieces = "an event for every few letters, and" if question.streaming else "one JSON document, and"
    return (
        "I know that from the `messages` of your request. My answer travels as OpenAI's chat completions do: "
        f"{pieces} the path `$.choices[0].{part}.content` takes the text out:\n\n"
        f'```json\n{{"choices": [{{"index": 0, "{part}": {{"content": "text"}}}}]}}\n```'
    )


def write(question: Question, answer: str) -> Script | JsonObject:
    """A stream of chunks, or one chat completion."""
    return _stream(question, answer) if question.streaming else _completion(question, answer)


def failure(refusal: Refusal, body: JsonObject) -> Reply:
    """An `error` object."""
    return Reply(refusal.status, compact(_error(refusal.status, refusal.message)))


def _stream(question: Question, answer: str) -> Script:
    """A chunk with the role, one per token, one with the reason for the end, one with the usage, and `[DONE]`."""
    common = _common(question, "chat.completion.chunk")

    def event(choices: list[JsonObject], **more: JsonObject) -> str:
        return f"data: {compact({**common, 'choices': choices, **more})}\n\n"

    def choice(delta: JsonObject, finish_reason: str | None = None) -> list[JsonObject]:
        return [{"index": 0, "delta": delta, "finish_reason": finish_reason}]

    return Script(
        opening=(event(choice({"role": "assistant", "content": ""})),),
        deltas=tuple(event(choice({"content": token})) for token in tokens(answer)),
        closing=(event(choice({}, "stop")), event([], usage=_usage(question, answer)), "data: [DONE]\n\n"),
        failure=(f"data: {compact(_error(500, 'The example agent failed halfway, as you asked.'))}\n\n",),
    )


def _completion(question: Question, answer: str) -> JsonObject:
    message = {"role": "assistant", "content": answer}
    choices = [{"index": 0, "message": message, "finish_reason": "stop"}]
    return {**_common(question, "chat.completion"), "choices": choices, "usage": _usage(question, answer)}


def _common(question: Question, kind: str) -> dict[str, Any]:
    identity = f"chatcmpl-{uuid4().hex[:24]}"
    return {"id": identity, "object": kind, "created": int(time.time()), "model": question.addressee}


def _usage(question: Question, answer: str) -> JsonObject:
    asked, answered = len(tokens(question.prompt)), len(tokens(answer))
    return {"prompt_tokens": asked, "completion_tokens": answered, "total_tokens": asked + answered}


def _error(status: int, message: str) -> JsonObject:
    kind = _ERROR_TYPES.get(status, "invalid_request_error")
    return {"error": {"message": message, "type": kind, "param": None, "code": kind}}
