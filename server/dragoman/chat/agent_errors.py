"""The signs by which an agent says, in an answer that looks well, that something failed."""

from __future__ import annotations

from dragoman.agents.model import JsonValue
from dragoman.chat.agent_message import message_in

_FAILED_STATES = ("failed", "rejected")


def strong_error(document: JsonValue, event: str | None) -> str | None:
    """The agent's words if `document` is an error beyond doubt, whatever else is in it.

    `event` is the name of its server-sent event, None without one.
    """
    fields = document if isinstance(document, dict) else {}
    error = fields.get("error")
    reports = isinstance(error, dict) and (error.get("message") or error.get("code"))
    if event == "error" or reports or "error" in (fields.get("type"), fields.get("event")):
        return message_in(document) or "no details given"
    return None


def weak_error(document: JsonValue) -> str | None:
    """The agent's words if `document` looks like an error; counts only where no text was taken from it."""
    if not isinstance(document, dict):
        return None
    error, last_error = document.get("error"), document.get("last_error")
    response = document.get("response")
    if isinstance(error, str) and error:
        return error
    if message := document.get("error_message"):
        return message_in(message)
    if isinstance(last_error, dict) and last_error.get("code") not in (None, 0, "0", "", False):
        return message_in(last_error)
    if isinstance(response, dict) and response.get("status") == "failed":
        return message_in(response) or "failed"
    if document.get("status") == "requires_action":
        return "it wants an action (a tool call) before it goes on, which is not offered here"
    return _failed_task(document)


def error_in_lone_document(document: JsonValue) -> str | None:
    """The agent's words if the whole body is `{"code": …, "msg": …}` with a code that is no success."""
    if not isinstance(document, dict):
        return None
    code = document.get("code")
    is_failure = isinstance(code, int | float) and not isinstance(code, bool) and code > 0 and code != 200
    return message_in(document) or "no details given" if is_failure and "msg" in document else None


def _failed_task(document: dict[str, JsonValue]) -> str | None:
    """A2A: a task whose state is failed or rejected, at the top or inside a JSON-RPC result."""
    result = document.get("result")
    for holder in (document, result):
        if not isinstance(holder, dict):
            continue
        for task in (holder, holder.get("task"), holder.get("statusUpdate")):
            status = task.get("status") if isinstance(task, dict) else None
            state = status.get("state") if isinstance(status, dict) else None
            if isinstance(state, str) and state.lower().removeprefix("task_state_") in _FAILED_STATES:
                return message_in(status) or state
    return None
