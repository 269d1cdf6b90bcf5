"""`dragoman jsonpath`: what a path takes from a JSON document."""

from __future__ import annotations

import argparse
import json
import math
import sys
from pathlib import Path
from typing import NoReturn

from dragoman.syntax.jsonpath import EvaluationError, Found, JsonValue, NoMatch, Outcome, PathProblem, compile_path
from dragoman.syntax.jsonpath.evaluate import DIALECTS, DialectName
from dragoman.syntax.printable import columns, printable

FOUND, NOTHING, BAD_INPUT = 0, 1, 2
_EPILOG = """\
A path that means one value ($.choices[0].delta.content) prints that value as JSON. Any other ($..content) prints each
item of its list as JSON on a line of its own, and counts as found even if the list is empty.

exit codes: 0 found; 1 nothing there, or the path cannot be applied (one sentence on stderr); 2 bad path (shown on
stderr with a mark under the place) or unreadable document

With --jsonl each line of stdin, {"id": …, "path": "…", "doc": …, "dialect": "jayway"}, gives one line of output:
{"id": …, "status": "ok|nomatch|badpath|error", "value": …, "offset": …, "length": …, "message": "…"}. Offset and length
count code points of the path and are given for a bad path."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = _EPILOG
    parser.add_argument("path", metavar="PATH", nargs="?", help="for example '$.choices[0].delta.content'")
    parser.add_argument("file", metavar="FILE", nargs="?", type=Path, help="the JSON document; without it, stdin")
    parser.add_argument("--dialect", choices=DIALECTS, default="jayway", help="whose JsonPath; default: %(default)s")
    parser.add_argument("--jsonl", action="store_true", help="read cases from stdin, one JSON object a line")
    parser.set_defaults(fail=parser.error)


def run(arguments: argparse.Namespace) -> int:
    """Do the work; the exit code."""
    if arguments.jsonl == (arguments.path is not None):
        arguments.fail("give either PATH or --jsonl")
    if arguments.jsonl:
        return _answer_lines(arguments.dialect)
    return _answer(arguments.path, arguments.file, arguments.dialect)


def _answer(path: str, file: Path | None, dialect: DialectName) -> int:
    compiled = compile_path(path, dialect)
    if isinstance(compiled, PathProblem):
        _complain(_marked(path, compiled))
        return BAD_INPUT
    try:
        document = _parse(file.read_bytes() if file else sys.stdin.buffer.read())
    except (OSError, ValueError) as error:
        _complain(f"The document cannot be read: {printable(str(error))}")
        return BAD_INPUT
    match compiled.evaluate(document):
        case Found(value, definite):
            return _print_items(value if not definite and isinstance(value, list) else [value])
        case NoMatch(sentence) | EvaluationError(sentence):
            _complain(printable(sentence))
            return NOTHING


def _print_items(items: list[JsonValue]) -> int:
    try:
        lines = [_to_json(item) for item in items]
    except ValueError as error:
        _complain(str(error))
        return NOTHING
    for line in lines:
        _print(line)
    return FOUND


def _answer_lines(dialect: DialectName) -> int:
    for line in sys.stdin.buffer:
        if line.strip():
            _print(_answer_line(line, dialect))
    return FOUND


def _answer_line(line: bytes, dialect: DialectName) -> str:
    identity: JsonValue = None
    try:
        case = _parse(line)
        if not isinstance(case, dict):
            raise ValueError("the line is no JSON object")
        identity = case.get("id")
        return _to_json({"id": identity, **_answer_case(case, dialect)})
    except ValueError as error:
        return _to_json({"id": identity, "status": "error", "value": None, "message": f"Bad input: {error}."})


def _answer_case(case: dict[str, JsonValue], dialect: DialectName) -> dict[str, JsonValue]:
    path, chosen = case.get("path"), case.get("dialect", dialect)
    if not isinstance(path, str):
        raise ValueError("path must be a text")
    if "doc" not in case:
        raise ValueError("doc is missing")
    if chosen not in DIALECTS:
        raise ValueError(f"dialect must be one of {', '.join(DIALECTS)}")
    compiled = compile_path(path, chosen)
    if isinstance(compiled, PathProblem):
        span = compiled.span
        place: dict[str, JsonValue] = {"offset": span.start, "length": span.end - span.start}
        return {"status": "badpath", "value": None, **place, "message": compiled.message}
    return _describe(compiled.evaluate(case["doc"]))


def _describe(outcome: Outcome) -> dict[str, JsonValue]:
    match outcome:
        case Found(value):
            return {"status": "ok", "value": value}
        case NoMatch(sentence):
            return {"status": "nomatch", "value": None, "message": sentence}
        case EvaluationError(sentence):
            return {"status": "error", "value": None, "message": sentence}


def _parse(source: bytes) -> JsonValue:
    """Read JSON. Raises `ValueError`, also for what would not be JSON any more when printed."""
    try:
        return json.loads(source.decode("utf-8-sig"), parse_constant=_reject_constant, parse_float=_finite_float)
    except RecursionError as error:
        raise ValueError("it is nested too deep") from error


def _reject_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


def _finite_float(digits: str) -> float:
    number = float(digits)
    if math.isinf(number):
        raise ValueError(f"the number {digits} is too large")
    return number


def _to_json(value: JsonValue) -> str:
    """JSON on one line that is safe to show in a terminal."""
    try:
        return printable(json.dumps(value, ensure_ascii=False))
    except RecursionError as error:
        raise ValueError("the result is nested too deep to be printed") from error


def _marked(path: str, problem: PathProblem) -> str:
    """The path, marks under the place that is wrong, and why it is."""
    start, end = problem.span.start, problem.span.end
    before, wrong = printable(path[:start]), printable(path[start:end])
    marks = " " * columns(before) + "^" * max(1, columns(wrong))
    return f"{before}{wrong}{printable(path[end:])}\n{marks}\n{printable(problem.message)}"


def _print(line: str) -> None:
    sys.stdout.buffer.write(line.encode() + b"\n")
    sys.stdout.buffer.flush()


def _complain(text: str) -> None:
    sys.stderr.buffer.write(text.encode() + b"\n")
    sys.stderr.buffer.flush()
