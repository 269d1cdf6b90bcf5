"""Formatting: the blanks between the tokens of a file, and nothing else. Comments, commas and strings stay as they are.

One key a line; what stands on one line inside an agent, and is short, stays there. A broken file is left alone: what
its brackets mean is a guess until it is mended.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from dragoman.project.agent_file import AgentFile
from dragoman.syntax.jsonc.tokens import TOKEN, is_sound
from dragoman.syntax.text import LINE_END, Span, TextEdit

_BYTE_ORDER_MARK = "\ufeff"

_LONGEST = 100
"""Characters of an inner object or array that stays on one line."""

_MOST_EDITS = 500
"""More become one: each costs the editor about as much as a long text."""

_MOST_BLANKS = 16
"""The widest step in; a client may ask for any number."""


@dataclass(frozen=True, slots=True)
class Style:
    """How the user wants it. `indent` is one step in."""

    indent: str = "  "
    ends_with_line: bool = False
    """Whether a line end is put behind the last line that has none."""

    @classmethod
    def of(cls, width: int, *, with_tabs: bool, ends_with_line: bool = False) -> Style:
        """A step of `width` blanks, or of a tab."""
        return cls("\t" if with_tabs else " " * min(width, _MOST_BLANKS), ends_with_line)


def format_file(file: AgentFile, style: Style, within: Span | None = None) -> list[TextEdit]:
    """The edits that format a file, or the gaps between its tokens that lie `within` a span or touch it."""
    if not is_sound(problem for _, cell in file.cells for problem in cell.problems):
        return []
    edits = [edit for edit in _edits(file.text, style) if within is None or _touches(edit.span, within)]
    return edits if len(edits) <= _MOST_EDITS else [_joined(file.text, edits)]


def _touches(span: Span, within: Span) -> bool:
    return span.start <= within.end and within.start <= span.end


def _joined(text: str, edits: Sequence[TextEdit]) -> TextEdit:
    """One edit that does what all of these do."""
    parts: list[str] = []
    position = edits[0].span.start
    for edit in edits:
        parts += text[position : edit.span.start], edit.new_text
        position = edit.span.end
    return TextEdit(Span(edits[0].span.start, position), "".join(parts))


def _edits(text: str, style: Style) -> Iterator[TextEdit]:
    """An edit for each gap that is not as it should be, in order."""
    start = len(_BYTE_ORDER_MARK) if text.startswith(_BYTE_ORDER_MARK) else 0
    tokens = [match.span() for match in TOKEN.finditer(text, start)]
    if not tokens:
        return
    layout = _Layout(text, start, tokens, style)
    for (gap_start, gap_end), wanted in zip(layout.gaps, layout.wanted(), strict=True):
        if text[gap_start:gap_end] != wanted:
            yield TextEdit(Span(gap_start, gap_end), wanted)


class _Layout:
    """What should stand in each gap: before each token, and behind the last."""

    def __init__(self, text: str, start: int, tokens: Sequence[tuple[int, int]], style: Style) -> None:
        self._style = style
        self._texts = [text[begin:end] for begin, end in tokens]
        self._newline = _newline_of(text, self._texts)
        self._outermost = next((token for token in self._texts if token in ("{", "[")), "")
        ends = [start, *(end for _, end in tokens)]
        begins = [*(begin for begin, _ in tokens), len(text)]
        self.gaps = list(zip(ends, begins, strict=True))
        self._breaks = [_lines_in(text[begin:end]) if end - begin else 0 for begin, end in self.gaps]
        """How many lines end in each gap."""
        self._open_lines = self._wide = ()
        self._measure()

    def _measure(self) -> None:
        """Count what tells whether the tokens between two brackets fit on one line."""
        inner = (_lines_in(token) if token[:2] == "/*" else token[:2] == "//" for token in self._texts)
        breaks = (before + within for before, within in zip(self._breaks, inner, strict=False))
        self._open_lines = tuple(accumulate(breaks, initial=0))
        widths = (len(token) + (token[0] in ",:/") for token in self._texts)
        self._wide = tuple(accumulate(widths, initial=0))

    def wanted(self) -> Iterator[str]:
        """The blanks for each gap, in order."""
        lines: list[bool] = []  # the brackets around the gap: whether each has its items on lines of their own
        closers = self._closers()
        before = ""
        for index, token in enumerate(self._texts):
            closes = token in ("}", "]")
            is_empty = closes and before in ("{", "[")
            goes_down = bool(lines) and lines[-1] and not is_empty and self._goes_down(index, before, token)
            level = len(lines) - closes
            yield self._line(index, before, token, level) if goes_down else self._on_line(index, before, token, lines)
            if token in ("{", "["):
                lines.append(self._is_spread(index, closers[index], len(lines), lines))
            elif closes:
                lines.pop()
            before = token
        yield self._newline if self._style.ends_with_line or self._breaks[-1] else ""

    def _closers(self) -> dict[int, int]:
        """Opening bracket → the one that closes it, by their numbers."""
        opened: list[int] = []
        closers: dict[int, int] = {}
        for index, token in enumerate(self._texts):
            if token in ("{", "["):
                opened.append(index)
            elif token in ("}", "]"):
                closers[opened.pop()] = index
        return closers

    def _is_spread(self, opener: int, closer: int, depth: int, around: Sequence[bool]) -> bool:
        """Whether the items between two brackets stand on lines of their own: always those of files and agents."""
        is_agent = depth == 0 or (depth == 1 and self._texts[opener] == "{" and self._outermost == "[")
        has_lines = self._open_lines[closer + 1] > self._open_lines[opener + 1]
        is_wide = self._wide[closer + 1] - self._wide[opener] > _LONGEST
        return is_agent or has_lines or (is_wide and around[-1])

    def _goes_down(self, index: int, before: str, token: str) -> bool:
        """Whether a token goes to a new line, between brackets that have their items on lines of their own."""
        if before[:2] == "//" or token in ("}", "]"):
            return True
        if token[0] == "/" and not self._breaks[index]:
            # A comment in the line of what is before it stays there, unless it is about what follows in that line.
            return before in (",", "{", "[") and not self._ends_line(index)
        if before in (",", "{", "["):
            return token != ","
        return (before[:1] == "/" or token[0] == "/") and self._breaks[index] > 0

    def _ends_line(self, index: int) -> bool:
        """Whether no more than comments follow the comment of this number in its line."""
        while index < len(self._texts) and self._texts[index][0] == "/":
            index += 1
            if self._breaks[index]:
                return True
        return index == len(self._texts) or self._texts[index] in ("}", "]")

    def _line(self, index: int, before: str, token: str, level: int) -> str:
        is_apart = self._breaks[index] > 1 and before not in ("{", "[") and token not in ("}", "]")
        return self._newline * (1 + is_apart) + self._style.indent * level

    def _on_line(self, index: int, before: str, token: str, around: Sequence[bool]) -> str:
        if not before:
            return ""
        if not around and "/" in (before[0], token[0]):
            return self._beside_root(index, before)
        if before in ("{", "["):
            return " " if token[0] == "/" and around[-1] else ""
        if token in (",", "}", "]", ":"):
            return ""
        return " " if before in (",", ":") or before[0] == "/" or token[0] == "/" else ""

    def _beside_root(self, index: int, before: str) -> str:
        """Between comments outside of the outermost bracket."""
        if before[:2] == "//" or self._breaks[index]:
            return self._newline * min(max(self._breaks[index], 1), 2)
        return " "


def _lines_in(text: str) -> int:
    return sum(1 for _ in LINE_END.finditer(text)) if "\n" in text or "\r" in text else 0


def _newline_of(text: str, tokens: Sequence[str]) -> str:
    """The line end of a text. Where there are several kinds, one that stays: inside of a comment."""
    in_comments = (LINE_END.search(token) for token in tokens if token[:2] == "/*")
    found = next((found for found in in_comments if found), None) or LINE_END.search(text)
    return found[0] if found else "\n"
