"""What a rule says: a place, a sentence, and the edits that mend it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import IntEnum

from dragoman.syntax.text import Span
from dragoman.syntax.text import TextEdit as TextEdit


class Severity(IntEnum):
    """How bad it is; the numbers are those of LSP 3.17, `DiagnosticSeverity`."""

    ERROR = 1
    WARNING = 2
    INFORMATION = 3


@dataclass(frozen=True, slots=True)
class Fix:
    """A way to mend one diagnostic. A preferred one is safe to apply without a look at others."""

    title: str
    edits: tuple[TextEdit, ...] = ()
    is_preferred: bool = False
    page: str = ""
    """The address of a page to be opened, where no edit helps."""
    needs_user: bool = False
    """Whether it must not be made unseen: it takes away what has to be put elsewhere, or is not certainly meant."""


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Another file, and its text."""

    uri: str
    text: str = field(repr=False)

    @classmethod
    def of(cls, uri: str, text: str) -> Elsewhere | None:
        """The file at `uri`; None where that is "", which stands for the file in question."""
        return cls(uri, text) if uri else None


@dataclass(frozen=True, slots=True)
class Related:
    """Another place that belongs to the matter: in the same file, or `elsewhere`."""

    span: Span
    message: str
    elsewhere: Elsewhere | None = None

    def shifted(self, by: int) -> Related:
        """The same place, `by` characters further on if it is in the same file."""
        return self if self.elsewhere else Related(self.span.shifted(by), self.message)


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One defect. `code` is the name of its rule."""

    code: str
    message: str
    span: Span
    severity: Severity = Severity.ERROR
    fixes: tuple[Fix, ...] = ()
    related: tuple[Related, ...] = ()
    deprecated: bool = False

    def shifted(self, by: int) -> Diagnostic:
        """The same diagnostic, `by` characters further on."""
        if not by:
            return self
        return replace(
            self,
            span=self.span.shifted(by),
            fixes=tuple(
                replace(fix, edits=tuple(TextEdit(edit.span.shifted(by), edit.new_text) for edit in fix.edits))
                for fix in self.fixes
            ),
            related=tuple(related.shifted(by) for related in self.related),
        )
