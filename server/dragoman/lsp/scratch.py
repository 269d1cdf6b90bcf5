"""Files of this user's cache that hold what an editor is to show: answers, pages, changes to be reviewed."""

from __future__ import annotations

import re
from pathlib import Path

from dragoman.paths import cache_folder


def write_scratch(name: str, turn_id: str, extension: str, text: str) -> Path:
    """A new text for `name` and the turn, in a file that only its owner can read. Raises OSError."""
    folder = cache_folder() / "answers"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    stem = re.sub(r"[^\w-]+", "-", name)[:40].strip("-") or "agent"
    path = folder / f"{stem}-{turn_id[:8]}.{extension}"
    path.touch(mode=0o600)
    path.write_text(text, "utf-8", "replace", newline="")
    return path
