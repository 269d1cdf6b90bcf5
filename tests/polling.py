"""Waiting for what comes from elsewhere, without a sleep that hopes."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

PATIENCE_SECONDS = 30
"""After which what was waited for is taken not to come."""


def poll(condition: Callable[[], Any], what: str, *, every: float = 0.01) -> Any:
    """The first true value of `condition`, which is asked for each so many seconds."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not (value := condition()):
        if time.monotonic() > deadline:
            raise TimeoutError(f"waited in vain: {what}")
        time.sleep(every)
    return value
