"""What is said when a turn fails: each sentence names the agent, the cause and what to do."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from dragoman.chat.agent_message import message_in_body, presentable
from dragoman.chat.events import SAMPLED, ErrorCode, Remedy, TurnError
from dragoman.chat.redaction import Redactor


class TurnFailedError(Exception):
    """Ends a turn, carrying what the user is told. `cut`: the answer broke off, so what arrived is incomplete."""

    def __init__(self, error: TurnError, *, cut: bool = False) -> None:
        super().__init__(error.code)
        self.error = error
        self.cut = cut


@dataclass(frozen=True, slots=True)
class _Meaning:
    """What a status means: the error's code, a clause that follows the agent's name, advice, the key to blame."""

    code: ErrorCode
    cause: str
    advice: str
    blame: tuple[str, ...] = ()
    remedy: Remedy | None = None


PROXY_ADVICE = "Check the setting network.proxy, or HTTPS_PROXY, HTTP_PROXY and NO_PROXY in the environment."

_SHOWN_OF_A_DOCUMENT = 300
_LINE_END = re.compile(r"\s*\n\s*")
_TOKEN, _URL, _BODY = ("auth", "token"), ("url",), ("connector", "requestFormat")

_MEANINGS: Mapping[int, _Meaning] = {
    400: _Meaning(
        ErrorCode.HTTP, "refused the request as wrong", "Check connector.requestFormat and parameters.", _BODY
    ),
    401: _Meaning(ErrorCode.AUTH, "rejected the token", "Set or correct auth.token.", _TOKEN, Remedy.TOKEN),
    402: _Meaning(
        ErrorCode.USAGE_LIMIT,
        "says that the usage limit is reached",
        "Check the plan or the credit.",
        remedy=Remedy.BILLING,
    ),
    403: _Meaning(ErrorCode.FORBIDDEN, "does not allow this", "Check what the token in auth.token may do.", _TOKEN),
    404: _Meaning(ErrorCode.NOT_FOUND, "has nothing at this address", "Check url.", _URL, Remedy.URL),
    405: _Meaning(ErrorCode.HTTP, "takes no POST at this address", "Check url.", _URL, Remedy.URL),
    407: _Meaning(ErrorCode.PROXY, "is behind a proxy that wants a login", PROXY_ADVICE),
    408: _Meaning(ErrorCode.TIMEOUT, "gave up waiting for the request", "Try again.", _URL),
    413: _Meaning(ErrorCode.HTTP, "finds the conversation too long", "Start a new conversation or send less."),
    415: _Meaning(ErrorCode.HTTP, "does not take JSON at this address", "Check url.", _URL),
    422: _Meaning(ErrorCode.HTTP, "does not understand the body", "Check connector.requestFormat.", _BODY),
    429: _Meaning(ErrorCode.RATE_LIMITED, "is asked too often", "Wait, then try again."),
    502: _Meaning(ErrorCode.HTTP, "is not reached by its gateway", "Try again later."),
    503: _Meaning(ErrorCode.HTTP, "is not available now", "Try again later."),
    504: _Meaning(ErrorCode.TIMEOUT, "did not answer its gateway in time", "Try again later."),
}
_REDIRECT = _Meaning(ErrorCode.HTTP, "answered with a redirect that leads nowhere", "Check url.", _URL, Remedy.URL)
_CLIENT_ERROR = _Meaning(ErrorCode.HTTP, "refused the request", "Check url and connector.requestFormat.", _URL)
_SERVER_ERROR = _Meaning(ErrorCode.HTTP, "failed", "Try again later.")
_STRANGE = _Meaning(ErrorCode.HTTP, "answered with a status that means nothing", "Check url.", _URL)


def sentence(agent: str, cause: str, advice: str, agent_message: str = "") -> str:
    """`Agent “x” cause: what it said. Advice`, on one line."""
    said = f": {agent_message}" if agent_message else ""
    stop = "" if agent_message.endswith((".", "!", "?", "…")) else "."
    return _LINE_END.sub(" ", f"Agent “{agent}” {cause}{said}{stop} {advice}".rstrip())


def failure(
    code: ErrorCode,
    agent: str,
    cause: str,
    advice: str = "",
    *,
    blame: tuple[str, ...] = (),
    said: str | None = None,
    remedy: Remedy | None = None,
) -> TurnError:
    """An error whose message is `sentence`; `said` are the agent's own words, presentable already."""
    message = sentence(agent, cause, advice, said or "")
    return TurnError(code, message, agent_message=said or None, blame=blame, remedy=remedy)


def agent_failure(agent: str, said: str) -> TurnError:
    """The agent reported an error in an answer that looked well."""
    return failure(ErrorCode.AGENT_ERROR, agent, "reported an error", said=said or "no details given")


def cut_off(agent: str, why: str = "") -> TurnError:
    """The answer had begun and did not come to its end. `why` stands in brackets, or is ""."""
    return failure(ErrorCode.NETWORK, agent, f"broke off in the middle of its answer{why}", "Try again.")


def no_match(agent: str, path: str | None, documents: Sequence[str], redact: Redactor) -> TurnError:
    """No document had a text where it was looked for; `documents` are some of them, the first one is shown.

    `path` is "" if none was given, None if none can be given.
    """
    # Secrets first: cutting could leave the half of one that is no longer recognised.
    clean = sampled(redact(document) for document in documents)
    shown = presentable(clean[0], redact)
    shown = shown if len(shown) <= _SHOWN_OF_A_DOCUMENT else f"{shown[:_SHOWN_OF_A_DOCUMENT]}…"
    cause = f"answered, but {path} found no text in {shown}" if path else f"answered in an unknown shape: {shown}"
    if path is None:
        advice = "Check url and provider."
        return failure(ErrorCode.NO_MATCH, agent, redact(cause), advice, blame=_URL, remedy=Remedy.URL)
    advice = "Correct connector.responseFormat." if path else "Say in connector.responseFormat where the text is."
    error = failure(ErrorCode.NO_MATCH, agent, redact(cause), advice, blame=("connector", "responseFormat"))
    return replace(error, remedy=Remedy.ANSWER_PATH, documents=clean)


def sampled(documents: Iterable[str]) -> tuple[str, ...]:
    """The first of the documents, `SAMPLED` characters together at most; the last one may be cut."""
    kept: list[str] = []
    room = SAMPLED
    for document in documents:
        kept.append(document[:room])
        room -= len(document)
        if room <= 0:
            break
    return tuple(kept)


def empty_answer(agent: str, *, unreadable: bool) -> TurnError:
    """Nothing came, or nothing that is JSON where JSON was due."""
    cause = "sent nothing that can be read" if unreadable else "sent an empty answer"
    advice = "Check url and connector.requestFormat."
    return failure(ErrorCode.BAD_STREAM, agent, cause, advice, blame=_URL, remedy=Remedy.URL)


def http_failure(agent: str, status: int, headers: Mapping[str, str], body: bytes, redact: Redactor) -> TurnError:
    """What a status that is no success means; `body` is as much of the body as was read."""
    meaning = _meaning(status)
    said = presentable(message_in_body(body), redact)
    wait = retry_after_seconds(headers.get("retry-after"))
    advice = meaning.advice if wait is None else f"{meaning.advice} It asks to wait {wait:.0f} s."
    return TurnError(
        code=meaning.code,
        message=sentence(agent, f"{meaning.cause} (HTTP {status})", advice, said),
        http_status=status,
        retry_after_ms=None if wait is None else round(wait * 1000),
        agent_message=said or None,
        blame=meaning.blame,
        remedy=meaning.remedy,
    )


def retry_after_seconds(value: str | None) -> float | None:
    """The header `Retry-After` (RFC 9110, 10.2.3): seconds or a date. None if absent or unreadable."""
    from email.utils import parsedate_to_datetime

    text = (value or "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:12])
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())


def _meaning(status: int) -> _Meaning:
    if status in _MEANINGS:
        return _MEANINGS[status]
    families = {3: _REDIRECT, 4: _CLIENT_ERROR, 5: _SERVER_ERROR}
    return families.get(status // 100, _STRANGE)
