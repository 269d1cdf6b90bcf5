"""What `/write` makes of a file."""

from __future__ import annotations

from dragoman.chat.delivery.devins.apply import Refusal
from dragoman.chat.delivery.devins.script import Write
from dragoman.chat.delivery.fitting import prevailing_line_end
from dragoman.syntax.text import LineIndex


def written(before: str | None, command: Write) -> str | Refusal:
    """The text of the file after the command; its line ends stay what they are."""
    line_end = prevailing_line_end(before or "")
    text = command.text.replace("\n", line_end)
    if command.lines is None:
        lacks_end = bool(before) and not (before or "").endswith("\n")
        return text if lacks_end or not text or text.endswith("\n") else text + line_end
    if before is None:
        return Refusal("there is no such file, so it has no such lines")
    return _with_lines(before, command.lines.first, command.lines.last, text, line_end)


def _with_lines(before: str, first: int, last: int, text: str, line_end: str) -> str | Refusal:
    """`before` with `text` in place of these lines, the end of the last of which stays."""
    lines = LineIndex(before)
    count = lines.line_count - (not lines.line_text(lines.line_count - 1))
    if last > count:
        return Refusal(f"it has {count} lines, so line {last} cannot be replaced")
    start, end = lines.start_of(first - 1), lines.end_of(last - 1)
    return before[:start] + text + before[end:]
