"""The page that tells of the rules: a file that comes with the package, so that it is there without a network."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from dragoman.paths import uri_of

_HEADING = re.compile(r"## ([a-z][a-z-]+)")


def rules_page() -> Path:
    """The page: inside the package once installed, beside `server/` in a checkout."""
    package = Path(__file__).resolve().parents[1]
    installed = package / "docs/rules.md"
    return installed if installed.is_file() else package.parents[1] / "docs/rules.md"


def link_to(rule: str) -> str | None:
    """The address of what the page says of a rule: editors that know `#L1` go to the line. None for no rule."""
    line = _lines().get(rule)
    return None if line is None else f"{uri_of(rules_page())}#L{line}"


@cache
def _lines() -> Mapping[str, int]:
    """Rule → the line of its heading, counted from 1."""
    try:
        lines = rules_page().read_text(encoding="utf-8").split("\n")
    except OSError:  # a package that was put together without the page
        return {}
    headings = ((_HEADING.fullmatch(line), number) for number, line in enumerate(lines, 1))
    return {heading[1]: number for heading, number in headings if heading}
