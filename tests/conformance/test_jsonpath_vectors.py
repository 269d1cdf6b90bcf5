"""The recorded answers of the engine itself: path, document, and what came out."""

import json
import os
from pathlib import Path

import pytest

from dragoman.syntax.jsonpath import EvaluationError, Found, PathProblem, compile_path

pytestmark = pytest.mark.conformance

NO_RESULT = ("nomatch", "error")


def test_at_least_99_percent_of_the_answers_agree():
    cases = [json.loads(line) for line in _vectors().read_text(encoding="utf-8").splitlines()]
    wrong = [case["id"] for case in cases if not _agrees(case, *_answer(case["path"], case["doc"]))]
    assert len(cases) - len(wrong) >= 0.99 * len(cases), f"{len(wrong)} of {len(cases)} differ: {' '.join(wrong)}"


def _vectors():
    return Path(os.environ["DRAGOMAN_CONFORMANCE"]) / "vectors" / "jsonpath.jsonl"


def _answer(path, document):
    compiled = compile_path(path)
    if isinstance(compiled, PathProblem):
        return "badpath", None
    match compiled.evaluate(document):
        case Found(value):
            return "ok", value
        case EvaluationError():
            return "error", None
        case _:
            return "nomatch", None


def _agrees(case, status, value):
    """Some paths are found to be bad only while they are applied: those may be errors here."""
    if case["status"] == "ok":
        return status == "ok" and _equal(value, case["value"])
    if case["status"] == "badpath":
        return status in ("badpath", "error")
    return status in NO_RESULT


def _equal(left, right):
    """JSON equality: 1 and 1.0 are the same number, true and 1 are not."""
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(_equal, left, right))
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(_equal(left[name], right[name]) for name in left)
    return isinstance(left, bool) == isinstance(right, bool) and left == right
