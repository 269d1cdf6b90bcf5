"""The second dialect: paths in the extended syntax of the library `jsonpath-ng`, imported only when one is used.

The library matches with Python's `re`, which nothing can stop from inside. So paths that match patterns are evaluated
in a child process with a deadline: this module run as a program, which reads `[path, document]` and writes an outcome.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from typing import Any, Protocol, cast

from dragoman.syntax.jsonpath.ast import PathProblem
from dragoman.syntax.jsonpath.outcome import EvaluationError, Found, JsonValue, NoMatch, Outcome
from dragoman.syntax.text import Span

DEADLINE = 5.0
"""Seconds for a path that matches patterns, the start of the process included."""

_PLACE = re.compile(r"(?:at |line )(\d+)(?::|, col )(\d+)")
_MATCHES_PATTERNS = re.compile(r"=~|`\s*(?:sub|split)\s*\(")
_SELECTS_ONE = {"Root", "This", "Fields", "Index", "Child", "Len", "Parent"}


class _Match(Protocol):
    value: Any


class _Expression(Protocol):
    def find(self, data: JsonValue) -> list[_Match]: ...


def compile_jsonpath_ng(text: str) -> Callable[[JsonValue], Outcome] | PathProblem:
    """A function that applies the path and never raises, or what is wrong with the path."""
    from jsonpath_ng.ext.parser import parse

    try:
        expression = cast("_Expression", parse(text))
    except Exception as error:  # noqa: BLE001 - the library raises its own errors, and Python's for bad numbers and patterns
        return _problem(text, str(error))
    definite = _is_definite(expression)
    if _MATCHES_PATTERNS.search(text):
        return lambda document: _evaluate_in_child(text, document)
    return lambda document: _evaluate(expression, document, definite)


def _problem(text: str, message: str) -> PathProblem:
    """The library tells line and column in its messages, if anything; without them the end of the text is marked."""
    offset = len(text) - 1
    if found := _PLACE.search(message):
        lines = text.splitlines(keepends=True)[: int(found[1]) - 1]
        offset = sum(map(len, lines)) + int(found[2])
    start = max(0, min(offset, len(text) - 1))
    return PathProblem(Span(start, min(start + 1, len(text))), f"jsonpath-ng cannot read this: {message.strip()}")


def _is_definite(expression: object) -> bool:
    """Whether the path consists of names and indexes only, so that a single value is meant."""
    if type(expression).__name__ not in _SELECTS_ONE:
        return False
    several = (*getattr(expression, "fields", ()), *getattr(expression, "indices", ()))
    parts = [getattr(expression, side) for side in ("left", "right") if hasattr(expression, side)]
    return len(several) <= 1 and "*" not in several and all(_is_definite(part) for part in parts)


def _evaluate(expression: _Expression, document: JsonValue, definite: bool) -> Outcome:
    try:
        values: list[JsonValue] = [match.value for match in expression.find(document)]
    except RecursionError:
        return EvaluationError("The document or the path is nested too deep for jsonpath-ng.")
    except Exception as error:  # noqa: BLE001 - on data that does not fit, the library raises whatever Python raises
        return EvaluationError(f"jsonpath-ng cannot apply the path: {error}")
    if not definite:
        return Found(values, False)
    return Found(values[0], True) if values else NoMatch("The document has nothing at this path.")


def _evaluate_in_child(text: str, document: JsonValue) -> Outcome:
    command = [sys.executable, "-m", "dragoman.syntax.jsonpath.jsonpath_ng"]
    try:
        question = json.dumps([text, document])
        child = subprocess.run(command, input=question, capture_output=True, text=True, timeout=DEADLINE, check=True)
    except RecursionError:
        return EvaluationError("The document is nested too deep.")
    except subprocess.TimeoutExpired:
        return EvaluationError("Gave up: a pattern in the path takes too long on this document.")
    except (OSError, subprocess.CalledProcessError) as error:
        return EvaluationError(f"The process that evaluates patterns failed: {error}")
    kind, *fields = json.loads(child.stdout)
    return {"Found": Found, "NoMatch": NoMatch, "EvaluationError": EvaluationError}[kind](*fields)


def _answer_parent() -> None:
    text, document = json.load(sys.stdin)
    from jsonpath_ng.ext.parser import parse

    expression = cast("_Expression", parse(text))
    outcome = _evaluate(expression, document, _is_definite(expression))
    json.dump([type(outcome).__name__, *outcome], sys.stdout)


if __name__ == "__main__":
    _answer_parent()
