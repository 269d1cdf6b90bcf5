"""Applies a path to a document: `compile_path` once, then `evaluate` as often as documents come."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal, TypeAlias, get_args

from dragoman.syntax.jsonpath import ast
from dragoman.syntax.jsonpath.functions import NameSet
from dragoman.syntax.jsonpath.outcome import EvaluationError, Found, JsonValue, NoMatch, Outcome
from dragoman.syntax.jsonpath.parser import parse
from dragoman.syntax.jsonpath.run import MissingError, Run, Shared, StoppedError
from dragoman.syntax.jsonpath.steps import are_definite, compile_value

DialectName: TypeAlias = Literal["jayway", "jsonpath-ng"]
DIALECTS: tuple[DialectName, ...] = get_args(DialectName)


@dataclass(frozen=True, slots=True)
class CompiledPath:
    """A path that is ready to be applied."""

    text: str
    evaluate: Callable[[JsonValue], Outcome]
    """Never raises, and comes to an end on every document."""


@lru_cache(maxsize=512)
def compile_path(text: str, dialect: DialectName = "jayway") -> CompiledPath | ast.PathProblem:
    """Read `text` and make it ready, or say what is wrong with it."""
    if dialect == "jsonpath-ng":
        from dragoman.syntax.jsonpath.jsonpath_ng import compile_jsonpath_ng

        compiled = compile_jsonpath_ng(text)
        return compiled if isinstance(compiled, ast.PathProblem) else CompiledPath(text, compiled)
    parsed = parse(text)
    if parsed.path is None:
        assert parsed.problem is not None
        return parsed.problem
    keys = _plain_keys(parsed.path)
    return CompiledPath(text, _follow_steps(parsed.path) if keys is None else _follow_keys(keys))


def _plain_keys(path: ast.Path) -> tuple[str | int, ...] | None:
    """Names and indexes only, as in `$.choices[0].delta.content`; None if the path has other steps or none."""
    keys: list[str | int] = []
    for step in path.steps:
        match step:
            case ast.Property(names=(name,)):
                keys.append(name)
            case ast.Index(indexes=(index,)):
                keys.append(index)
            case _:
                return None
    return tuple(keys) or None


def _follow_keys(keys: tuple[str | int, ...]) -> Callable[[JsonValue], Outcome]:
    """The short way for the paths that are applied to each event of a stream."""
    no_match = NoMatch("The document has nothing at this path.")

    def evaluate(document: JsonValue) -> Outcome:
        value: Any = document
        try:
            for key in keys:
                # A text could be indexed as well.
                if value.__class__ is str:
                    return no_match
                value = value[key]
        except (KeyError, IndexError, TypeError):
            return no_match
        return Found(value, True)

    return evaluate


def _follow_steps(path: ast.Path) -> Callable[[JsonValue], Outcome]:
    try:
        read = compile_value(path)
    except RecursionError:
        return lambda document: _TOO_DEEP
    definite = are_definite(path.steps)

    def evaluate(document: JsonValue) -> Outcome:
        if document is None:
            return EvaluationError("The document is null, which the engine does not read.")
        try:
            return Found(_plain(read(document, Run(document, Shared()))), definite)
        except MissingError as error:
            return NoMatch(str(error))
        except StoppedError as error:
            return EvaluationError(str(error))
        except RecursionError:
            # Each step calls the next one. The depth of the document does not matter, but the length of the path does.
            return _TOO_DEEP

    return evaluate


_TOO_DEEP = EvaluationError("The path has too many steps, or it writes out a document that is nested too deep.")


def _plain(value: JsonValue) -> JsonValue:
    """Sets of names become lists."""
    if isinstance(value, NameSet):
        return list(value)
    if isinstance(value, list):
        return [list(item) if isinstance(item, NameSet) else item for item in value]
    return value
