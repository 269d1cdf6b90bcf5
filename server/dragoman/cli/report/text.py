"""Findings for a person: place, severity, sentence and rule, then the line with marks under what is meant.

What stands in a file is not trusted: nothing of it can command the terminal, and no token is shown.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator

from dragoman.cli.report.credentials import credential_spans
from dragoman.cli.report.findings import CheckedFile, Place, Report, name_of
from dragoman.cli.terminal import style
from dragoman.lint.diagnostic import Diagnostic, Severity
from dragoman.lint.mending import safe_fix
from dragoman.syntax.printable import columns, printable

_COLOURS = {Severity.ERROR: "31", Severity.WARNING: "33", Severity.INFORMATION: "36"}
_BOLD, _DIM = "1", "2"
_AROUND, _MOST_MARKED = 60, 80
"""Characters that are shown before and behind what is meant, and of that itself: a line may be a whole file."""


def lines(report: Report, *, styled: bool) -> Iterator[str]:
    """The report; with `styled`, in colours."""
    for file in report.files:
        excerpts = _Excerpts(file, styled=styled) if file.diagnostics else None
        for diagnostic in file.diagnostics:
            place = file.place(diagnostic.span)
            yield _head(file, place, diagnostic, styled=styled)
            if excerpts:
                yield from excerpts.around(diagnostic, place)
            for related in diagnostic.related:
                other = file.around(related)
                yield f"    {_at(other, other.place(related.span))}: {printable(related.message)}"
    yield _summary(report) if report.files or not report.failures else "Nothing was checked."


def _head(file: CheckedFile, place: Place, diagnostic: Diagnostic, *, styled: bool) -> str:
    severity = style(name_of(diagnostic.severity), _COLOURS[diagnostic.severity], styled=styled)
    where = style(_at(file, place), _BOLD, styled=styled)
    return f"{where}: {severity}: {printable(diagnostic.message)} [{diagnostic.code}]"


def _at(file: CheckedFile, place: Place) -> str:
    return f"{printable(file.name)}:{place.line}:{place.column}"


class _Excerpts:
    """Lines of one file, made safe to be shown."""

    def __init__(self, file: CheckedFile, *, styled: bool) -> None:
        self._file, self._styled = file, styled
        self._hidden = credential_spans(file.text)
        self._hidden_starts = [span.start for span in self._hidden]

    def around(self, diagnostic: Diagnostic, place: Place) -> Iterator[str]:
        """The line of a finding, and the marks under it."""
        index, start = self._file.lines, diagnostic.span.start
        first, last = index.start_of(place.line - 1), index.end_of(place.line - 1)
        end = min(diagnostic.span.end, last, start + _MOST_MARKED)
        left, right = max(first, start - _AROUND), min(last, max(start, end) + _AROUND)
        before = ("…" if left > first else "") + self._shown(left, start)
        marked = self._shown(start, end)
        behind = self._shown(max(start, end), right) + ("…" if right < last else "")
        gutter = f"{place.line:>5} | "
        marks = "^" * max(1, columns(marked))
        colour = _COLOURS[diagnostic.severity]
        yield style(gutter, _DIM, styled=self._styled) + before + marked + behind
        yield " " * (len(gutter) + columns(before)) + style(marks, colour, styled=self._styled)

    def _shown(self, start: int, end: int) -> str:
        """What stands there: tabs as four spaces, a character of a credential as `*`."""
        text = self._file.text
        return "".join(
            "*" if self._is_hidden(at) else "    " if text[at] == "\t" else printable(text[at])
            for at in range(start, end)
        )

    def _is_hidden(self, offset: int) -> bool:
        place = bisect_right(self._hidden_starts, offset) - 1
        return place >= 0 and offset < self._hidden[place].end


def _summary(report: Report) -> str:
    counts = report.counts()
    mended = f"{_number(report.fixed, 'finding')} mended. " if report.fixed else ""
    checked = _number(len(report.files), "file")
    if not report.files:
        return "There is no agent file to check."
    if not counts:
        return f"{mended}{checked} checked, nothing found."
    parts = [_number(counts[severity], name_of(severity)) for severity in Severity if counts[severity]]
    told = sum(1 for file in report.files if file.diagnostics)
    fixable = sum(1 for _, diagnostic in report.findings() if safe_fix(diagnostic))
    hint = f" {fixable} can be mended by --fix." if fixable else ""
    return f"{mended}{', '.join(parts)} in {told} of {checked}.{hint}"


def _number(count: int, what: str) -> str:
    """Such as `2 errors`; `information` has no plural."""
    return f"{count} {what}{'' if count == 1 or what == name_of(Severity.INFORMATION) else 's'}"
