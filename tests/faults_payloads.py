"""Answers that are harmless to read and harmful to obey: the engine hands them on as they are and does nothing else."""

from __future__ import annotations

from collections.abc import Mapping

from fault import TOKEN, Fault, event
from http_agent import Asked, Reply

_TEXTS = {
    "/payload-xss": "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "/payload-md-command": "[a](command:workbench.action.quit) [b](javascript:alert(1)) [c](file:///etc/passwd)",
    "/payload-md-image-beacon": "![x](http://localhost/beacon?secret)",
    "/payload-ansi": "\x1b]0;owned\x07\x1b[2J\x9b31mred",
    "/payload-bidi": "file\u202egnp.exe [x\u2066y](http://agent.test)",
    "/payload-write-traversal": "/write:../../escaped.txt\n```\nx\n```",
    "/payload-write-abs": "/write:/tmp/escaped.txt\n```\nx\n```",
    "/payload-write-dotfile": "/write:.git/hooks/pre-commit\n```\nx\n```",
    "/payload-write-symlink": "/write:link/escaped.txt\n```\nx\n```",
    "/payload-run-cmd": "```shell\ntouch escaped.txt\n```\n/run:touch escaped.txt",
}


def _echo(asked: Asked) -> bytes:
    return event(asked.headers["authorization"])


PAYLOADS: Mapping[str, Fault] = {
    **{name: Fault(Reply(event(text)), text) for name, text in _TEXTS.items()},
    "/echo": Fault(Reply(_echo), f"Bearer {TOKEN}"),
}
