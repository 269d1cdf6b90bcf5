"""JsonPath as com.jayway.jsonpath 2.9 understands it, and `jsonpath-ng` as a second dialect.

`parse` gives the tree of a path or the one problem with it; `compile_path` gives a function that applies the path.
"""

from dragoman.syntax.jsonpath.ast import ParsedPath, PathProblem
from dragoman.syntax.jsonpath.evaluate import CompiledPath, compile_path
from dragoman.syntax.jsonpath.outcome import EvaluationError, Found, JsonValue, NoMatch, Outcome
from dragoman.syntax.jsonpath.parser import parse

__all__ = [
    "CompiledPath",
    "EvaluationError",
    "Found",
    "JsonValue",
    "NoMatch",
    "Outcome",
    "ParsedPath",
    "PathProblem",
    "compile_path",
    "parse",
]
