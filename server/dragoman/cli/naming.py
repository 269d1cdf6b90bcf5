"""What files are called in reports."""

from __future__ import annotations

from pathlib import Path


def name_of(path: Path) -> str:
    """What an absolute path is called from this folder, with `/` between folders."""
    here = Path.cwd()
    return (path.relative_to(here) if path.is_relative_to(here) else path).as_posix()
