"""What a turn tells the outside, as frozen values: a stream of events and, at the end, one outcome.

Offsets and lengths are left to the front ends: each protocol counts text in its own unit.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import Literal, TypeAlias


class StopReason(StrEnum):
    """Why a turn ended."""

    COMPLETED = "completed"
    CANCELLED = "cancelled"
    ERROR = "error"
    MAX_TOKENS = "max_tokens"
    REFUSED = "refused"
    TIMEOUT = "timeout"


class ErrorCode(StrEnum):
    """What kind of thing went wrong; the table of docs/protocol.md."""

    CONFIG = "config"
    UNTRUSTED = "untrusted"
    AUTH = "auth"
    FORBIDDEN = "forbidden"
    USAGE_LIMIT = "usage_limit"
    RATE_LIMITED = "rate_limited"
    NOT_FOUND = "not_found"
    TIMEOUT = "timeout"
    DNS = "dns"
    TLS = "tls"
    PROXY = "proxy"
    NETWORK = "network"
    HTTP = "http"
    BAD_STREAM = "bad_stream"
    NO_MATCH = "no_match"
    AGENT_ERROR = "agent_error"
    BUSY = "busy"
    INTERNAL = "internal"


class Remedy(StrEnum):
    """What of an agent's description would mend a failure, where that is known."""

    TOKEN = "token"
    URL = "url"
    SCHEME = "scheme"
    """http:// instead of https://, or the other way round."""
    ANSWER_PATH = "answer_path"
    TIMEOUT = "timeout"
    BILLING = "billing"
    """No change of the description does; the provider's page does."""


@dataclass(frozen=True, slots=True)
class Start:
    """The turn exists; sent before connecting."""

    conversation_id: str
    agent: str


@dataclass(frozen=True, slots=True)
class TextDelta:
    """More of the answer. Never empty, never half of a surrogate pair."""

    delta: str


@dataclass(frozen=True, slots=True)
class ReasoningDelta:
    """More of the agent's reasoning, shown apart from the answer."""

    delta: str


@dataclass(frozen=True, slots=True)
class ReplaceText:
    """The whole answer so far is replaced by `text`."""

    text: str


@dataclass(frozen=True, slots=True)
class Source:
    """Something that the answer rests on."""

    title: str | None = None
    uri: str | None = None
    excerpt: str | None = None


@dataclass(frozen=True, slots=True)
class FollowUp:
    """Prompts that the agent proposes to go on with."""

    prompts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens and what they cost, as far as the agent reports them.

    A cost without a currency is in whatever the agent counts in, such as credits.
    """

    input: int | None = None
    output: int | None = None
    total: int | None = None
    cost: float | None = None
    currency: str | None = None

    def updated(self, newer: Usage) -> Usage:
        """The same, with what is newer where there is any."""
        return replace(self, **{part: value for part, value in asdict(newer).items() if value is not None})


@dataclass(frozen=True, slots=True)
class Status:
    """Where the turn stands."""

    phase: Literal["connecting", "waiting", "streaming", "retrying"]
    detail: str | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """Something worth telling that is no failure of the turn."""

    level: Literal["info", "warning"]
    code: str
    message: str


TurnEvent: TypeAlias = Start | TextDelta | ReasoningDelta | ReplaceText | Source | FollowUp | Usage | Status | Notice


SAMPLED = 64 * 1024
"""Characters that are kept of an answer in which no text was found."""


@dataclass(frozen=True, slots=True)
class TurnError:
    """Why a turn failed: names the agent, the cause and what to do. Redacted."""

    code: ErrorCode
    message: str
    http_status: int | None = None
    retry_after_ms: int | None = None
    agent_message: str | None = None
    blame: tuple[str, ...] = ()
    """The key of the config to blame, as a path from the agent: `("connector", "responseFormat")`."""
    remedy: Remedy | None = None
    documents: tuple[str, ...] = field(default=(), repr=False)
    """For `Remedy.ANSWER_PATH`: documents in which no text was found, redacted, `SAMPLED` characters at most."""


@dataclass(frozen=True, slots=True)
class Timings:
    """Milliseconds from the start of the turn; None for what never happened."""

    connect_ms: float | None = None
    first_byte_ms: float | None = None
    total_ms: float = 0.0


@dataclass(frozen=True, slots=True)
class TurnOutcome:
    """How a turn ended. `text` is the whole answer, also where only a part arrived (`incomplete`)."""

    turn_id: str
    conversation_id: str
    agent: str
    stop_reason: StopReason
    text: str
    incomplete: bool = False
    reasoning: str = ""
    sources: tuple[Source, ...] = ()
    follow_ups: tuple[str, ...] = ()
    usage: Usage | None = None
    timings: Timings = field(default_factory=Timings)
    error: TurnError | None = None
