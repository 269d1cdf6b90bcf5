"""Writing to a terminal, or to what stands in for one."""

from __future__ import annotations

import os
from typing import TextIO


def is_styled(stream: TextIO) -> bool:
    """Whether a stream is a terminal that may be written to in colours (https://no-color.org)."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def style(text: str, code: str, *, styled: bool) -> str:
    """`text` as a terminal shows it in one of its styles."""
    return f"\x1b[{code}m{text}\x1b[0m" if styled else text


def write(stream: TextIO, text: str) -> None:
    """UTF-8 whatever the locale is; a file name that is no UTF-8 as the bytes that it is."""
    stream.buffer.write(text.encode("utf-8", "surrogateescape"))
    stream.buffer.flush()
