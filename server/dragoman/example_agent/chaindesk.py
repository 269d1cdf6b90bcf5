"""A Chaindesk agent: the query API, streamed percent-encoded or whole. The agent keeps the conversation."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import quote
from uuid import uuid4

from dragoman.example_agent.answers import tokens
from dragoman.example_agent.exchange import Refusal, Reply, Request, compact
from dragoman.example_agent.shape import JsonObject, Question, Script, text_field

TITLE: str = "POST /api/agents/ID/query    a Chaindesk agent"
ROUTE = re.compile(r"/api/agents/[^/]+/query")

_ERRORS = {400: "INVALID_REQUEST", 401: "UNAUTHORIZED", 402: "USAGE_LIMIT", 500: "INTERNAL_SERVER_ERROR"}


def read(request: Request, body: JsonObject, turns: Mapping[str, int]) -> Question:
    """`conversationId` and `visitorId` are made here when the request has none."""
    conversation = str(body.get("conversationId") or _new_id())
    return Question(
        text_field(body, "query"),
        turn=turns.get(conversation, 0) + 1,
        streaming=body.get("streaming") is True,
        addressee=request.path.split("/")[3],
        conversation_id=conversation,
        visitor_id=str(body.get("visitorId") or _new_id()),
        home=f"http://{request.headers.get('host', '127.0.0.1')}/",
    )


def how_read(question: Question) -> str:
    """What a client of this API has to know."""
    if not question.streaming:
        sample = '```json\n{"answer": "text", "sources": [], "conversationId": "c…"}\n```'
        return "I count the turns myself, by `conversationId`. My answer is one JSON document:\n\n" + sample
    return (
        "I count the turns myself, by `conversationId`. My answer travels as Chaindesk sends it: `answer` events whose "
        "data is percent-encoded, then an `endpoint_response` with all of it and my sources. No path is needed; "
        "`provider` says how to read me:\n\n"
        "```text\nevent: answer\ndata: 100%25%20safe\n```"
    )


def write(question: Question, answer: str) -> Script | JsonObject:
    """The response document, alone or behind its `answer` events; `[DONE]` comes under an empty event name."""
    response = _response(question, answer)
    if not question.streaming:
        return response
    return Script(
        opening=(),
        deltas=tuple(f"event: answer\ndata: {_encoded(token)}\n\n" for token in tokens(answer)),
        closing=(
            f"event: endpoint_response\ndata: {_encoded(compact(response))}\n\n",
            "event: \ndata: [DONE]\n\n",
        ),
        failure=("data: [ERROR]The example agent failed halfway, as you asked.\n\n",),
    )


def failure(refusal: Refusal, body: JsonObject) -> Reply:
    """A word for the kind of error. A streaming query gets it in the shape of an event, without a content type."""
    error = _ERRORS.get(refusal.status, "INVALID_REQUEST")
    if body.get("streaming") is True:
        return Reply(refusal.status, f"data: [ERROR]{error}\n\n", content_type="")
    return Reply(refusal.status, compact({"error": error}))


def _response(question: Question, answer: str) -> JsonObject:
    source = {"chunk_id": "example", "datasource_name": "About this agent", "source_url": question.home, "score": 1.0}
    return {
        "answer": answer,
        "sources": [source],
        "messageId": _new_id(),
        "conversationId": question.conversation_id,
        "visitorId": question.visitor_id,
    }


def _encoded(text: str) -> str:
    """As JavaScript's `encodeURIComponent` does it."""
    return quote(text, safe="!'()*-._~", errors="replace")


def _new_id() -> str:
    return f"c{uuid4().hex[:24]}"
