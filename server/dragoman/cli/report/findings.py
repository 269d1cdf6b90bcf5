"""What a run of `dragoman check` found, for all formats. Lines and columns count from 1, columns in characters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from dragoman.cli.naming import name_of as name_of_file
from dragoman.lint.diagnostic import Diagnostic, Related, Severity
from dragoman.paths import path_of
from dragoman.syntax.text import LineIndex, Span


@dataclass(frozen=True, slots=True)
class Place:
    """A span as a person counts it; `end_column` is that of the first character behind it."""

    line: int
    column: int
    end_line: int
    end_column: int


@dataclass(frozen=True)
class CheckedFile:
    """One file, as it is now. `name` is what it is called from this folder, with `/` between folders."""

    name: str
    text: str = field(repr=False)
    diagnostics: tuple[Diagnostic, ...]
    fixed: int = 0
    """How many findings were mended before these were left."""

    @cached_property
    def lines(self) -> LineIndex:
        """Where its lines begin."""
        return LineIndex(self.text)

    def around(self, related: Related) -> CheckedFile:
        """The file that a related place is in."""
        if related.elsewhere is None:
            return self
        path = path_of(related.elsewhere.uri)
        return CheckedFile(name_of_file(path) if path else related.elsewhere.uri, related.elsewhere.text, ())

    def place(self, span: Span) -> Place:
        """Where a span is."""
        line, end_line = self.lines.line_at(span.start), self.lines.line_at(span.end)
        column, end_column = span.start - self.lines.start_of(line), span.end - self.lines.start_of(end_line)
        return Place(line + 1, column + 1, end_line + 1, end_column + 1)


@dataclass(frozen=True, slots=True)
class Failure:
    """A path that could not be checked, and why: the end of a sentence."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Report:
    """Everything there is to print."""

    files: tuple[CheckedFile, ...]
    failures: tuple[Failure, ...] = ()

    def findings(self) -> Iterator[tuple[CheckedFile, Diagnostic]]:
        """Every finding and its file, in order."""
        return ((file, diagnostic) for file in self.files for diagnostic in file.diagnostics)

    def counts(self) -> Counter[Severity]:
        """How many there are of each severity."""
        return Counter(diagnostic.severity for _, diagnostic in self.findings())

    @property
    def fixed(self) -> int:
        """How many findings were mended."""
        return sum(file.fixed for file in self.files)


def name_of(severity: Severity) -> str:
    """What a severity is called, here and in the setting `rules`."""
    return severity.name.lower()
