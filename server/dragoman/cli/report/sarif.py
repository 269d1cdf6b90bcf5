"""Findings as SARIF 2.1.0, which code scanning services and editors read; paragraphs are those of that standard."""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import quote

from dragoman import __version__
from dragoman.cli.report.findings import CheckedFile, Failure, Report
from dragoman.lint.diagnostic import Diagnostic, Fix, Related, Severity
from dragoman.lint.registry import RULES
from dragoman.lint.rule import Rule, markdown
from dragoman.paths import uri_of
from dragoman.syntax.text import Span

JsonObject: TypeAlias = dict[str, Any]

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFORMATION: "note"}
_HERE = "SRCROOT"
_RULE_NUMBERS = {rule.name: number for number, rule in enumerate(RULES)}


def lines(report: Report) -> Iterator[str]:
    """The log: one run."""
    columns = {file.name: _Columns(file) for file in report.files}
    run: JsonObject = {
        "tool": {"driver": {"name": "dragoman", "version": __version__, "rules": [_rule(rule) for rule in RULES]}},
        "columnKind": "utf16CodeUnits",
        "originalUriBaseIds": {_HERE: {"uri": f"{uri_of(Path.cwd()).rstrip('/')}/"}},
        "invocations": [
            {
                "executionSuccessful": not report.failures,
                "toolExecutionNotifications": [_notification(failure) for failure in report.failures],
            }
        ],
        "results": [_result(columns[file.name], diagnostic) for file, diagnostic in report.findings()],
    }
    yield json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2)


def _rule(rule: Rule) -> JsonObject:
    """Paragraph 3.49."""
    title, _, rest = rule.documentation.strip().partition("\n")
    return {
        "id": rule.name,
        "shortDescription": {"text": title},
        "fullDescription": {"text": " ".join(rest.partition("Example: ")[0].split()) or title},
        "help": {"text": rule.documentation.strip(), "markdown": markdown(rule)},
        "defaultConfiguration": {"enabled": not rule.is_optional},
        "properties": {"tags": [rule.group]},
    }


def _result(columns: _Columns, diagnostic: Diagnostic) -> JsonObject:
    """Paragraph 3.27."""
    fixes = [_fix(columns, fix) for fix in diagnostic.fixes if fix.edits]
    related = [
        {"id": number, **_location(_around(columns, related), related.span), "message": _message(related.message)}
        for number, related in enumerate(diagnostic.related)
    ]
    return {
        "ruleId": diagnostic.code,
        "ruleIndex": _RULE_NUMBERS[diagnostic.code],
        "level": _LEVELS[diagnostic.severity],
        "message": _message(diagnostic.message),
        "locations": [_location(columns, diagnostic.span)],
        **({"relatedLocations": related} if related else {}),
        **({"fixes": fixes} if fixes else {}),
    }


def _around(columns: _Columns, related: Related) -> _Columns:
    return columns if related.elsewhere is None else _Columns(columns.file.around(related))


def _fix(columns: _Columns, fix: Fix) -> JsonObject:
    """Paragraph 3.55."""
    replacements = [
        {"deletedRegion": columns.region(edit.span), "insertedContent": {"text": edit.new_text}} for edit in fix.edits
    ]
    change = {"artifactLocation": _artifact(columns.name), "replacements": replacements}
    return {"description": _message(fix.title), "artifactChanges": [change]}


def _location(columns: _Columns, span: Span) -> JsonObject:
    return {"physicalLocation": {"artifactLocation": _artifact(columns.name), "region": columns.region(span)}}


def _artifact(name: str) -> JsonObject:
    """Paragraph 3.4: a file below this folder is called from it."""
    if Path(name).is_absolute():
        return {"uri": uri_of(Path(name))}
    return {"uri": quote(name.encode(errors="surrogateescape"), safe="/~@!$&'()*+,;="), "uriBaseId": _HERE}


def _message(text: str) -> JsonObject:
    """Paragraph 3.11.6: `[…](…)` would be a link, and nothing in a file may make one."""
    return {"text": text.replace("](", "] (")}


def _notification(failure: Failure) -> JsonObject:
    """Paragraph 3.58."""
    location = {"physicalLocation": {"artifactLocation": _artifact(failure.name)}}
    return {"level": "error", "message": _message(f"{failure.name}: {failure.reason}"), "locations": [location]}


class _Columns:
    """Places of one file in UTF-16 code units, whatever the length of its lines."""

    def __init__(self, file: CheckedFile) -> None:
        self.name = file.name
        self.file = file
        self._wide = [] if file.text.isascii() else [at for at, char in enumerate(file.text) if char > "\uffff"]

    def region(self, span: Span) -> dict[str, int]:
        """Paragraph 3.30: all counted from 1, the end that of the first character behind."""
        place = self.file.place(span)
        return {
            "startLine": place.line,
            "startColumn": place.column + self._wide_before(span.start, place.line),
            "endLine": place.end_line,
            "endColumn": place.end_column + self._wide_before(span.end, place.end_line),
        }

    def _wide_before(self, offset: int, line: int) -> int:
        """How many characters of the line before `offset` are two units."""
        start = self.file.lines.start_of(line - 1)
        return bisect_left(self._wide, offset) - bisect_left(self._wide, start)
