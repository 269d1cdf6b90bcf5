"""Answers and errors that are one JSON document, as agents of each kind send them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from chat_turns import ask
from dragoman.chat.events import ErrorCode, TurnOutcome
from http_agent import JSON, HttpAgent, Reply


@pytest.mark.parametrize(
    ("name", "document"),
    [
        ("openai", {"choices": [{"message": {"content": "Sort it.", "reasoning_content": "A list."}}]}),
        ("fastgpt", {"choices": [{"message": {"role": "assistant", "content": "Sort it."}}], "responseData": []}),
        ("openai-responses", {"id": "r", "output": [{"type": "message", "content": [{"text": "Sort it."}]}]}),
        ("anthropic", {"type": "message", "content": [{"type": "thinking"}, {"type": "text", "text": "Sort it."}]}),
        ("ollama", {"message": {"role": "assistant", "content": "Sort it."}, "done": True}),
        ("gemini", [{"candidates": [{"content": {"parts": [{"text": "Sort "}, {"text": "it."}]}}]}]),
        ("dify", {"event": "message", "answer": "Sort it.", "metadata": {"usage": {}}}),
        ("dify", {"workflow_run_id": "w", "data": {"status": "succeeded", "outputs": {"text": "Sort it."}}}),
        ("chaindesk", {"answer": "Sort it.", "conversationId": "c"}),
        ("flowise", {"text": "Sort it.", "chatId": "f-1"}),
        ("n8n", {"output": "Sort it."}),
        ("n8n", [{"text": "Sort it."}]),
        ("langserve", {"output": {"content": "Sort it.", "type": "ai"}, "metadata": {}}),
        ("langserve", {"output": "Sort it."}),
        ("anythingllm", {"type": "textResponse", "textResponse": "Sort it.", "close": True, "error": None}),
        ("a2a", {"result": {"kind": "message", "parts": [{"kind": "text", "text": "Sort it."}]}}),
        ("a2a", {"result": {"kind": "task", "artifacts": [{"parts": [{"text": "Sort it."}]}]}}),
        ("a2a-1.0", {"result": {"message": {"parts": [{"text": "Sort it."}]}}}),
        ("a2a-1.0", {"result": {"task": {"artifacts": [{"parts": [{"text": "Sort it."}]}]}}}),
    ],
)
async def test_an_answer_that_is_one_document(name: str, document: Any) -> None:
    outcome = await answer_to(name, document)
    assert (outcome.error, outcome.text) == (None, "Sort it.")


@pytest.mark.parametrize(
    ("name", "document", "words"),
    [
        ("coze", {"code": 4101, "msg": "The token is incorrect."}, "The token is incorrect."),
        ("gemini", {"promptFeedback": {"blockReason": "SAFETY"}}, "SAFETY"),
        ("gemini", [{"error": {"code": 400, "message": "No such model."}}], "No such model."),
        (
            "dify",
            {"event": "workflow_finished", "data": {"status": "failed", "error": "A node broke."}},
            "A node broke.",
        ),
        ("anythingllm", {"type": "abort", "textResponse": None, "error": "No model."}, "No model."),
        ("openwebui", {"detail": "Model not found"}, "Model not found"),
        ("a2a", {"error": {"code": -32601, "message": "No such method."}}, "No such method."),
        ("a2a", {"result": {"kind": "task", "status": {"state": "canceled"}}}, "canceled"),
        ("a2a-1.0", {"result": {"task": {"status": {"state": "TASK_STATE_CANCELED"}}}}, "TASK_STATE_CANCELED"),
    ],
)
async def test_an_error_that_is_one_document(name: str, document: Any, words: str) -> None:
    outcome = await answer_to(name, document)
    assert outcome.error is not None
    assert (outcome.error.code, outcome.error.agent_message) == (ErrorCode.AGENT_ERROR, words)


async def answer_to(name: str, document: Any) -> TurnOutcome:
    with HttpAgent(Reply(json.dumps(document).encode(), headers=JSON)) as http:
        return (await ask(http, {"provider": name})).outcome
