"""JsonPaths as the extraction uses them: compiled once, giving a value or nothing."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TypeAlias

from dragoman.agents.model import Dialect, JsonValue
from dragoman.syntax.jsonpath import Found, PathProblem, compile_path


class BadPathError(ValueError):
    """A text is no JsonPath. The message is a sentence."""


class Nothing:
    """The path took nothing from the document: a step is missing, or it found an empty list."""


NOTHING = Nothing()
Select: TypeAlias = Callable[[JsonValue], "JsonValue | Nothing"]


@lru_cache(maxsize=256)
def selection(path: str, dialect: Dialect = Dialect.JAYWAY) -> Select:
    """What takes the value at `path` from a document. Raises `BadPathError`."""
    compiled = compile_path(path, dialect.value)
    if isinstance(compiled, PathProblem):
        raise BadPathError(compiled.message)
    evaluate = compiled.evaluate

    def select(document: JsonValue) -> JsonValue | Nothing:
        outcome = evaluate(document)
        return outcome.value if isinstance(outcome, Found) and outcome.value != [] else NOTHING

    return select
