"""Findings as workflow commands of GitHub Actions, which shows them beside the lines of a change."""

from __future__ import annotations

from collections.abc import Iterator

from dragoman.cli.report.findings import CheckedFile, Report
from dragoman.lint.diagnostic import Diagnostic, Severity
from dragoman.syntax.printable import printable

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFORMATION: "notice"}


def lines(report: Report) -> Iterator[str]:
    """One command for each finding, and for each path that could not be checked."""
    for file, diagnostic in report.findings():
        yield _annotation(file, diagnostic)
    for failure in report.failures:
        yield f"::error file={_property(failure.name)}::{_data(f'{failure.name}: {failure.reason}')}"


def _annotation(file: CheckedFile, diagnostic: Diagnostic) -> str:
    place = file.place(diagnostic.span)
    where = f"file={_property(file.name)},line={place.line},endLine={place.end_line},col={place.column}"
    if place.line == place.end_line:  # GitHub knows columns within one line only
        where += f",endColumn={place.end_column}"
    command = _COMMANDS[diagnostic.severity]
    return f"::{command} {where},title={_property(diagnostic.code)}::{_data(diagnostic.message)}"


def _data(text: str) -> str:
    return printable(text).replace("%", "%25")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
