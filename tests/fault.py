"""One way in which an agent misbehaves, and what its user must see. The tables are in `faults_*.py`."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from dragoman.chat.events import ErrorCode
from http_agent import Reply

TOKEN = "top-secret-token"
"""What the agent is sent, and what must show nowhere."""

SHORT = {"defaultTimeout": 0.4}
"""For agents that fall silent."""


@dataclass(frozen=True)
class Fault:
    """`replies` are played in order, the last one again and again.

    In their headers `{port}` is the agent's own port and `{there}` the address of another server, which must not be
    asked. Then the turn has exactly `text`; with a `code` it failed, and its message has all words of `says`.
    """

    replies: Sequence[Reply] | Reply
    text: str = ""
    code: ErrorCode | None = None
    says: Sequence[str] = ()
    notices: Sequence[str] = ()
    requests: int = 1
    config: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """What the agent's description says besides; the text is at `$.v` otherwise."""

    @property
    def played(self) -> Sequence[Reply]:
        return [self.replies] if isinstance(self.replies, Reply) else self.replies


def event(value: Any) -> bytes:
    """An event whose text is `value`."""
    return f"data: {json.dumps({'v': value})}\n\n".encode()


def http(body: bytes, *headers: bytes, status: bytes = b"HTTP/1.1 200 OK") -> bytes:
    """An answer of events as it goes over the wire, its body ended by the end of the connection."""
    return b"\r\n".join([status, b"Content-Type: text/event-stream", *headers, b"", body])


HEL, LO = event("Hel"), event("lo")
HELLO = HEL + LO
DONE = b"data: [DONE]\n\n"
CHUNKED = b"Transfer-Encoding: chunked"


def chunk(data: bytes) -> bytes:
    """One chunk of a chunked body."""
    return b"%x\r\n%s\r\n" % (len(data), data)
