"""Statuses that are no success, and redirects."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

from dragoman.chat.events import ErrorCode
from fault import HELLO, Fault
from http_agent import JSON, Asked, Reply

_WHY = b'{"error": {"message": "because"}}'
_SAID = {
    400: (ErrorCode.HTTP, "connector.requestFormat"),
    401: (ErrorCode.AUTH, "auth.token"),
    402: (ErrorCode.USAGE_LIMIT, "usage limit"),
    403: (ErrorCode.FORBIDDEN, "does not allow"),
    404: (ErrorCode.NOT_FOUND, "Check url"),
    405: (ErrorCode.HTTP, "takes no POST"),
    407: (ErrorCode.PROXY, "network.proxy"),
    408: (ErrorCode.TIMEOUT, "gave up"),
    413: (ErrorCode.HTTP, "too long"),
    415: (ErrorCode.HTTP, "does not take JSON"),
    418: (ErrorCode.HTTP, "refused"),
    422: (ErrorCode.HTTP, "connector.requestFormat"),
    429: (ErrorCode.RATE_LIMITED, "too often"),
    500: (ErrorCode.HTTP, "failed"),
    502: (ErrorCode.HTTP, "gateway"),
    503: (ErrorCode.HTTP, "not available"),
    504: (ErrorCode.TIMEOUT, "in time"),
    999: (ErrorCode.HTTP, "means nothing"),
}
_ASKED_AGAIN = {502, 503}


def _refusal(status: int) -> Fault:
    code, word = _SAID[status]
    requests = 3 if status in _ASKED_AGAIN else 1
    says = [f"HTTP {status}", word, "because"]
    return Fault(Reply(_WHY, status, JSON), code=code, says=says, requests=requests)


def _busy(retry_after: str, *says: str, **more: int) -> Fault:
    replies = [Reply(_WHY, 429, {**JSON, "Retry-After": retry_after}), Reply(HELLO)]
    return Fault(replies, code=ErrorCode.RATE_LIMITED, says=["HTTP 429", *says], **more)


def _echo(asked: Asked) -> bytes:
    return repr(dict(asked.headers)).encode()


STATUSES: Mapping[str, Fault] = {
    **{f"/{status}": _refusal(status) for status in _SAID},
    "/429": Fault([Reply(_WHY, 429, {"Retry-After": "1"}), Reply(HELLO)], "Hello", requests=2),
    "/429-date": Fault(
        [Reply(_WHY, 429, {"Retry-After": format_datetime(datetime.now(UTC) - timedelta(0, 1), True)}), Reply(HELLO)],
        "Hello",
        requests=2,
    ),
    "/429-huge": _busy("999999999", "wait 999999999 s"),
    "/429-bad": _busy("soon"),
    "/500-html": Fault(
        Reply(b"<html><title>Broken <b>gateway</b></title><body>" + b"<p>x</p>" * 100_000, 500),
        code=ErrorCode.HTTP,
        says=["Broken gateway"],
    ),
    "/500-echo": Fault(Reply(_echo, 500), code=ErrorCode.HTTP, says=["Bearer •••"]),
}

_OTHER_SERVER = "redirects to another server"
_LEADS_NOWHERE = {
    "/redirect-host": ("http://localhost:{port}/chat", [_OTHER_SERVER]),
    "/redirect-file": ("file:///etc/passwd", ["must start with http"]),
    "/redirect-metadata": ("http://169.254.169.254/latest/", ["link-local"]),
    "/redirect-userinfo": ("http://user:hidden1@agent.test/", [_OTHER_SERVER, "http://agent.test:80"]),
}
_REDIRECTS = (301, 302, 303, 307, 308)


def _redirect(status: int, **headers: str) -> Reply:
    return Reply(b"", status, headers)


REDIRECTS: Mapping[str, Fault] = {
    **{
        f"/redirect-{status}-same": Fault([_redirect(status, Location="/else?x=1"), Reply(HELLO)], "Hello", requests=2)
        for status in _REDIRECTS
    },
    **{
        f"/redirect-{status}-other": Fault(
            _redirect(status, Location="{there}/chat"), code=ErrorCode.HTTP, says=[_OTHER_SERVER]
        )
        for status in _REDIRECTS
    },
    **{
        name: Fault(_redirect(302, Location=location), code=ErrorCode.HTTP, says=says)
        for name, (location, says) in _LEADS_NOWHERE.items()
    },
    "/redirect-loop": Fault(_redirect(307, Location="/chat"), code=ErrorCode.HTTP, says=["in circles"], requests=6),
    "/redirect-none": Fault(_redirect(302), code=ErrorCode.HTTP, says=["leads nowhere"]),
    "/set-cookie": Fault(
        [Reply(b"", 307, {"Location": "/b", "Set-Cookie": "id=1; Path=/"}), Reply(HELLO)], "Hello", requests=2
    ),
}
