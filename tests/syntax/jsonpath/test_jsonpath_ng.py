"""The dialect of the library jsonpath-ng, with the same results and problems as the other one."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman.syntax.jsonpath import EvaluationError, Found, NoMatch, PathProblem, compile_path, jsonpath_ng

DOCUMENT = {"a": {"b": 1, "c": 2}, "l": [{"k": "x", "n": 1}, {"k": "yy", "n": 2}]}


def evaluate(path, document=DOCUMENT):
    return compile_path(path, "jsonpath-ng").evaluate(document)


@pytest.mark.parametrize(
    ("path", "outcome"),
    [
        ("$.a.b", Found(1, True)),
        ("l[1].k", Found("yy", True)),
        ("$.a.x", NoMatch("The document has nothing at this path.")),
        ("$.l[*].k", Found(["x", "yy"], False)),
        ("$.a.b,c", Found([1, 2], False)),
        ("$..n", Found([1, 2], False)),
        ("$.l[?(@.n > 1)].k", Found(["yy"], False)),
        ("$.l[?(@.k =~ 'y+')].n", Found([2], False)),
        ("$.l.`len`", Found(2, True)),
        ("$.x[*]", Found([], False)),
    ],
)
def test_evaluation(path, outcome):
    assert evaluate(path) == outcome


@pytest.mark.parametrize(
    ("path", "offset"), [("$.a b", 4), ("$.a#b", 3), ("$.a[", 3), ("$[?(@.a == )]", 11), ("$.a\n.b c", 7), ("", 0)]
)
def test_a_bad_path_tells_its_place(path, offset):
    problem = compile_path(path, "jsonpath-ng")
    assert isinstance(problem, PathProblem)
    assert problem.span.start == offset


def test_a_pattern_that_runs_away_is_stopped(monkeypatch):
    monkeypatch.setattr(jsonpath_ng, "DEADLINE", 1.0)
    outcome = evaluate("$[?(@.k =~ '(a+)+$')]", [{"k": "a" * 60 + "b"}])
    assert isinstance(outcome, EvaluationError)
    assert outcome.message.startswith("Gave up")


def test_the_library_is_imported_only_for_its_dialect():
    code = "import sys, dragoman.syntax.jsonpath as j; j.compile_path('$..a'); print('jsonpath_ng' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"


@given(st.text("$.[]ab*01?(@)'=<` #\\\n,", max_size=10))
def test_nothing_is_raised(path):
    compiled = compile_path(path, "jsonpath-ng")
    if isinstance(compiled, PathProblem):
        assert 0 <= compiled.span.start <= compiled.span.end <= len(path)
    else:
        assert isinstance(compiled.evaluate(DOCUMENT), (Found, NoMatch, EvaluationError))
