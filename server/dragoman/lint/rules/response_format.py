"""`responseFormat` is no JsonPath.

It is read in the Jayway dialect, or by `jsonpath-ng` where `dialect` says so. A path that cannot be read takes nothing
from any answer.

Example: `{"connector": {"responseFormat": "$.choices[0.delta.content"}}`
Instead: `{"connector": {"responseFormat": "$.choices[0].delta.content"}}`
"""

from __future__ import annotations

from collections.abc import Iterator

from dragoman.lint.diagnostic import Diagnostic
from dragoman.lint.json_path import check_path
from dragoman.lint.subject import Subject
from dragoman.syntax.jsonc import StringNode, find


def check_cell(subject: Subject) -> Iterator[Diagnostic]:
    """One error at the character at which the path stops being one."""
    node = find(subject.node, ("connector", "responseFormat"))
    dialect = find(subject.node, ("connector", "dialect"))
    is_ng = isinstance(dialect, StringNode) and dialect.value == "jsonpath-ng"
    yield from check_path(subject, node, "jsonpath-ng" if is_ng else "jayway", "response-format", "responseFormat")
