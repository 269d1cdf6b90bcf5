"""Findings for other programs: one JSON object, described in docs/command-line.md. Keys are added, never changed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from dragoman.cli.report.findings import CheckedFile, Report, name_of
from dragoman.lint.diagnostic import Diagnostic, Fix, Related, Severity
from dragoman.lint.mending import safe_fix
from dragoman.syntax.text import Span


def lines(report: Report) -> Iterator[str]:
    """The object; nothing but ASCII, so that a terminal can be shown it."""
    counts = report.counts()
    whole = {
        "version": 1,
        "findings": [_finding(file, diagnostic) for file, diagnostic in report.findings()],
        "failures": [{"file": failure.name, "message": failure.reason} for failure in report.failures],
        "summary": {
            "files": len(report.files),
            **{name_of(severity): counts[severity] for severity in Severity},
            "fixed": report.fixed,
        },
    }
    yield json.dumps(whole, indent=2)


def _finding(file: CheckedFile, diagnostic: Diagnostic) -> dict[str, Any]:
    safe = safe_fix(diagnostic)
    return {
        "file": file.name,
        **_place(file, diagnostic.span),
        "severity": name_of(diagnostic.severity),
        "rule": diagnostic.code,
        "message": diagnostic.message,
        "related": [_related(file, related) for related in diagnostic.related],
        "fixes": [_fix(file, fix, is_safe=fix is safe) for fix in diagnostic.fixes if fix.edits],
    }


def _related(file: CheckedFile, related: Related) -> dict[str, Any]:
    other = file.around(related)
    return {"file": other.name, **_place(other, related.span), "message": related.message}


def _fix(file: CheckedFile, fix: Fix, *, is_safe: bool) -> dict[str, Any]:
    edits = [{**_place(file, edit.span), "newText": edit.new_text} for edit in fix.edits]
    return {"title": fix.title, "safe": is_safe, "edits": edits}


def _place(file: CheckedFile, span: Span) -> dict[str, int]:
    place = file.place(span)
    return {"line": place.line, "column": place.column, "endLine": place.end_line, "endColumn": place.end_column}
