"""What the log tells of a turn: who was asked, how it ended, counts and times; nothing that was said."""

from __future__ import annotations

import logging

from dragoman.agents.address import host_of
from dragoman.chat.events import TurnOutcome
from dragoman.chat.turn import Turn
from dragoman.lsp.session import Session

_log = logging.getLogger("dragoman.lsp.turn")


def log_start(session: Session, turn: Turn) -> None:
    """A turn is about to begin."""
    if _log.isEnabledFor(logging.INFO):
        known = session.project.agent(turn.agent)
        host = host_of(known.agent.url) if known else ""
        _log.info("turn %.40r asks agent %.80r at %s", turn.id, turn.agent, host or "an unknown host")


def log_end(outcome: TurnOutcome, messages: int) -> None:
    """A turn has ended; its events went out in so many messages."""
    if _log.isEnabledFor(logging.INFO):
        error, times = outcome.error, outcome.timings
        _log.info(
            "turn %.40r ended: %s%s, %d characters of text and %d of reasoning in %d messages; "
            "sent after %s, first byte after %s, over after %s",
            outcome.turn_id,
            outcome.stop_reason.value,
            f" ({error.code.value}{f', HTTP {error.http_status}' if error.http_status else ''})" if error else "",
            len(outcome.text),
            len(outcome.reasoning),
            messages,
            _shown(times.connect_ms),
            _shown(times.first_byte_ms),
            _shown(times.total_ms),
        )


def _shown(milliseconds: float | None) -> str:
    return "-" if milliseconds is None else f"{milliseconds:.0f} ms"
