"""The chat buffer of Emacs as its tests use it, and agents that it asks."""

from __future__ import annotations

import json
from typing import Any

from emacs_session import Emacs
from http_agent import HttpAgent

HEADER = "(with-current-buffer {chat} (substring-no-properties (dragoman--header)))"
CHAT = "(car (dragoman--buffers))"


def agent(name: str, url: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "url": url, "connector": {"responseFormat": "$.choices[0].delta.content"}, **more}


def delta(text: str, key: str = "content") -> bytes:
    return b"data: " + json.dumps({"choices": [{"delta": {key: text}}]}).encode() + b"\n\n"


def open_chat(emacs: Emacs, *agents: dict[str, Any], file: str = "print()\n") -> None:
    """The chat below a file; point in the input."""
    emacs.write_agents(*agents)
    emacs.open("app.py", file)
    emacs.press("M-x dragoman-chat RET")
    emacs.until_chat("RET sends what stands below")


def contents(http: HttpAgent) -> list[list[str]]:
    return [[message["content"] for message in asked.json["messages"]] for asked in http.requests]
