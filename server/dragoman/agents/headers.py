"""Headers that an agent's file cannot set, since they belong to the connection."""

from __future__ import annotations

OURS_ALWAYS = frozenset({"host", "content-length", "transfer-encoding", "connection"})
"""In lower case."""
