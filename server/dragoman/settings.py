"""The user's settings, read tolerantly from what the editor sends (section `dragoman`, docs/protocol.md)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, cast, get_args

MEGABYTE = 1024 * 1024

LOG_LEVELS = ("error", "warning", "info", "debug")
"""From quiet to loud."""

SEVERITIES = ("off", "information", "warning", "error")

DELIVERIES = ("notify", "edit", "final")
"""How answers get into documents: never by an edit, as they stream, or by one edit at the end."""

Trust = Literal["ask", "never", "userOnly"]
"""Which agents of a workspace can be asked: those that the user allows when asked, those that were allowed before, or
none."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """What a code action offers on a selection. `agents` limits it to some; None offers it for all."""

    title: str
    prompt: str
    agents: tuple[str, ...] | None = None


DEFAULT_PROMPTS = (
    Prompt("explain", "Explain this code."),
    Prompt("fix", "Find the mistakes in this code and show it corrected."),
    Prompt("write tests", "Write tests for this code."),
)


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a response is read, in bytes after decompression, so that no agent can fill the memory.

    Each is at least 1. `line`: one line of an event stream or of NDJSON, its line end included; `event`: the data of
    one server-sent event; `answer`: the text of a whole answer, and one JSON document.
    """

    line: int = MEGABYTE
    event: int = 4 * MEGABYTE
    answer: int = 16 * MEGABYTE


DEFAULT_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class HistorySettings:
    """Whether conversations are kept, and for how many days after each turn. Switched off, nothing is kept or found."""

    enabled: bool = True
    keep_days: int = 90


@dataclass(frozen=True, slots=True)
class NetworkSettings:
    """How agents are reached. "" leaves it to the environment variables and the system. Loopback is never proxied."""

    proxy: str = field(default="", repr=False)
    """Its URL; may hold a login."""
    ca_file: str = ""
    """A PEM file of certificates of authorities that are trusted besides the system's."""
    client_certificate: str = ""
    """A PEM file with a certificate and its key, for agents that demand one."""
    http2: bool = False
    """Whether HTTP/2 is offered to agents over TLS."""


DEFAULT_NETWORK = NetworkSettings()


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings, defaults filled in."""

    files: tuple[str, ...] = ()
    """More globs of agent files."""
    rules: Mapping[str, str] = field(default_factory=dict[str, str])
    """Rule or group → one of `SEVERITIES`."""
    prompts: tuple[Prompt, ...] = DEFAULT_PROMPTS
    limits: Limits = field(default_factory=Limits)
    history: HistorySettings = field(default_factory=HistorySettings)
    network: NetworkSettings = field(default_factory=NetworkSettings)
    log_level: str = "warning"
    """One of `LOG_LEVELS`; what the command line says wins."""
    trust: Trust = "ask"
    inlay_hints: bool = True
    """Whether defaults that apply are shown inside agent files."""
    delivery: str | None = None
    """How answers get into documents, one of `DELIVERIES`; None: as well as the editor can."""


def read_settings(value: object) -> Settings:
    """The settings in `value`; what is missing or of the wrong kind takes its default."""
    if not isinstance(value, Mapping):
        return Settings()
    given = cast("Mapping[str, Any]", value)
    return Settings(
        files=_texts(given.get("files")),
        rules={rule: level for rule, level in _mapping(given.get("rules")).items() if level in SEVERITIES},
        prompts=_prompts(given.get("prompts")),
        limits=_limits(_mapping(given.get("limits"))),
        history=_history(_mapping(given.get("history"))),
        log_level=_log_level(_mapping(given.get("log"))),
        network=_network(_mapping(given.get("network"))),
        delivery=next((choice for choice in DELIVERIES if choice == given.get("delivery")), None),
        inlay_hints=given.get("inlayHints") is not False,
        trust=next((choice for choice in get_args(Trust) if choice == given.get("trust")), "ask"),
    )


def _prompts(value: object) -> tuple[Prompt, ...]:
    if not isinstance(value, list):
        return DEFAULT_PROMPTS
    entries = [_mapping(entry) for entry in cast("list[Any]", value)]
    return tuple(
        Prompt(entry["title"], entry["prompt"], _texts(entry["agents"]) if "agents" in entry else None)
        for entry in entries
        if isinstance(entry.get("title"), str) and isinstance(entry.get("prompt"), str)
    )


def _limits(value: Mapping[str, Any]) -> Limits:
    default = Limits()
    return Limits(
        line=_bytes(value.get("line"), default.line),
        event=_bytes(value.get("event"), default.event),
        answer=_bytes(value.get("answer"), default.answer),
    )


def _history(value: Mapping[str, Any]) -> HistorySettings:
    default = HistorySettings()
    days = value.get("keepDays")
    keep_days = days if isinstance(days, int) and not isinstance(days, bool) and days >= 0 else default.keep_days
    # To keep for no day at all is to keep nothing.
    return HistorySettings(enabled=value.get("enabled") is not False and keep_days > 0, keep_days=keep_days)


def _network(value: Mapping[str, Any]) -> NetworkSettings:
    return NetworkSettings(
        proxy=_text(value.get("proxy")),
        ca_file=_text(value.get("caFile")),
        client_certificate=_text(value.get("clientCert")),
        http2=value.get("http2") is True,
    )


def _log_level(value: Mapping[str, Any]) -> str:
    level = value.get("level")
    return level if level in LOG_LEVELS else "warning"


def _mapping(value: object) -> Mapping[str, Any]:
    return cast("Mapping[str, Any]", value) if isinstance(value, Mapping) else {}


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def _texts(value: object) -> tuple[str, ...]:
    entries = cast("list[Any]", value) if isinstance(value, list) else []
    return tuple(entry for entry in entries if isinstance(entry, str))


def _bytes(value: object, default: int) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else default
