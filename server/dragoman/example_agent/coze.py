"""A Coze bot: the v3 chat API, streamed. The agent keeps the conversation, named by a query parameter."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from dragoman.example_agent.answers import tokens
from dragoman.example_agent.exchange import Refusal, Reply, Request, compact
from dragoman.example_agent.shape import JsonObject, Question, Script, object_list, text_field

TITLE: str = "POST /v3/chat                a Coze bot (v3, streamed; ?conversation_id= continues)"
ROUTE = re.compile(r"/v3/chat")

_ERROR_CODES = {400: 4000, 401: 4100, 402: 4008}
_FINISHED = {"msg_type": "generate_answer_finish", "data": '{"finish_reason":0,"FinData":""}'}


def read(request: Request, body: JsonObject, turns: Mapping[str, int]) -> Question:
    """The last of the additional messages is the prompt. Only streams: else Coze would merely promise an answer."""
    bot = text_field(body, "bot_id")
    visitor = text_field(body, "user_id")
    prompt = text_field(object_list(body, "additional_messages")[-1], "content")
    if body.get("stream") is not True:
        raise Refusal(400, "This example bot only streams: send “stream”: true.")
    conversation = request.query.get("conversation_id") or _new_id()
    turn = turns.get(conversation, 0) + 1
    return Question(prompt, turn, streaming=True, addressee=bot, conversation_id=conversation, visitor_id=visitor)


def how_read(question: Question) -> str:
    """Why the path needs its filter."""
    return (
        "I count the turns myself, by `conversation_id`. My answer travels as a Coze bot's does: a delta for every few "
        "letters, then all of it once more with the time when it was done. The path takes the text from the first "
        "kind only:\n\n"
        "```text\n$[?(@.type == 'answer' && !(@.created_at))].content\n```"
    )


def write(question: Question, answer: str) -> Script:
    """The events of a v3 chat, in the order in which Coze sends them."""
    chat_id, answer_id, now = _new_id(), _new_id(), int(time.time())
    place = {
        "conversation_id": question.conversation_id,
        "bot_id": question.addressee,
        "section_id": question.conversation_id,
    }

    def chat(status: str, code: int = 0, message: str = "", **more: Any) -> str:
        last_error = {"code": code, "msg": message}
        state = {"id": chat_id, **place, "created_at": now, "last_error": last_error, "status": status, **more}
        return _event(f"conversation.chat.{status}", state)

    def message(happened: str, identity: str, kind: str, content: str, **more: Any) -> str:
        fixed = {"role": "assistant", "content_type": "text", "chat_id": chat_id}
        whole = {"id": identity, **place, **fixed, "type": kind, "content": content, **more}
        return _event(f"conversation.message.{happened}", whole)

    done = _event("done", "[DONE]")
    return Script(
        opening=(chat("created"), chat("in_progress")),
        deltas=tuple(message("delta", answer_id, "answer", token) for token in tokens(answer)),
        closing=(
            message("completed", answer_id, "answer", answer, created_at=now),
            message("completed", _new_id(), "follow_up", "What does the path leave out?", created_at=now),
            message("completed", _new_id(), "verbose", compact(_FINISHED), created_at=now),
            chat("completed", usage=_usage(question, answer), completed_at=now),
            done,
        ),
        failure=(chat("failed", 5000, "The example bot failed halfway, as you asked."), done),
    )


def failure(refusal: Refusal, body: JsonObject) -> Reply:
    """A numeric `code` and a `msg`."""
    return Reply(refusal.status, compact({"code": _ERROR_CODES.get(refusal.status, 5000), "msg": refusal.message}))


def _event(name: str, data: object) -> str:
    return f"event:{name}\ndata:{compact(data)}\n\n"


def _usage(question: Question, answer: str) -> JsonObject:
    asked, answered = len(tokens(question.prompt)), len(tokens(answer))
    return {"token_count": asked + answered, "input_count": asked, "output_count": answered}


def _new_id() -> str:
    return str(7_000_000_000_000_000_000 + uuid4().int % 10**18)
